/*
 * dom.js - makes elements.  Whatever is shown becomes a text node or the value of an attribute, never markup.
 */

/**
 * @typedef {Node|string|number|null|undefined|false} Child
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {Element} element
 * @param {Object<string, any>} attributes  a function is a listener; `true` is an attribute without a value; what is
 *                                          null or false is left out
 * @param {Child[]} children
 */
function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === 'function')
            element.addEventListener(name, value);
        else if (value !== null && value !== undefined && value !== false)
            element.setAttribute(name, value === true ? '' : String(value));
    }
    for (const child of children) {
        if (child !== null && child !== undefined && child !== false)
            element.append(child instanceof Node ? child : String(child));
    }
}

/**
 * @param {string} name
 * @param {Object<string, any>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    fill(element, attributes, children);
    return element;
}

/**
 * The same in SVG.
 * @param {string} name
 * @param {Object<string, any>} [attributes]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function s(name, attributes = {}, ...children) {
    const element = document.createElementNS(SVG, name);
    fill(element, attributes, children);
    return element;
}

/**
 * The element of the page with an id, which it has.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
    const element = document.getElementById(id);
    if (element === null)
        throw new Error(`the page has no element ${id}`);
    return element;
}
