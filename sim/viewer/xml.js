/*
 * xml.js - shows XML indented and coloured.  It reads tags as they are written, also of what is not well-formed: what it
 * does not understand is text.
 */
import { h } from './dom.js';

/**
 * @typedef {{kind: 'open'|'close'|'empty'|'text', text: string}} Piece
 */

/**
 * @param {string} xml
 * @returns {Piece[]}
 */
export function piecesOf(xml) {
    /** @type {Piece[]} */
    const pieces = [];
    const tag = /<(\/?)([^\s<>\/"'=]+)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>/g;
    let at = 0;
    for (let found = tag.exec(xml); found !== null; found = tag.exec(xml)) {
        if (found.index > at)
            pieces.push({ kind: 'text', text: xml.slice(at, found.index) });
        const kind = found[1] !== '' ? 'close' : found[4] !== '' ? 'empty' : 'open';
        pieces.push({ kind, text: found[0] });
        at = tag.lastIndex;
    }
    if (at < xml.length)
        pieces.push({ kind: 'text', text: xml.slice(at) });
    return pieces;
}

/**
 * A tag with its parts coloured.
 * @param {string} text
 * @returns {Node}
 */
function shownTag(text) {
    const span = h('span', { class: 'xml-tag' });
    const name = /^<\/?[^\s<>\/"'=]+/.exec(text)?.[0] ?? '';
    span.append(h('span', { class: 'xml-name' }, name));
    const attribute = /(\s+)([^\s=]+)(\s*=\s*)("[^"]*"|'[^']*')/g;
    let at = name.length;
    attribute.lastIndex = at;
    for (let found = attribute.exec(text); found !== null; found = attribute.exec(text)) {
        span.append(text.slice(at, found.index), ' ',
            h('span', { class: found[2].startsWith('xmlns') ? 'xml-ns' : 'xml-attribute' }, found[2]), '=',
            h('span', { class: found[2].startsWith('xmlns') ? 'xml-ns' : 'xml-value' }, found[4]));
        at = attribute.lastIndex;
    }
    span.append(text.slice(at));
    return span;
}

/**
 * The lines of an element: each with how deep it is inside, and its pieces.  An element that has only text is one line.
 * @param {Piece[]} pieces
 * @returns {{depth: number, pieces: Piece[]}[]}
 */
function linesOf(pieces) {
    const lines = [];
    let depth = 0;
    for (let i = 0; i < pieces.length; i++) {
        const piece = pieces[i];
        if (piece.kind === 'text' && piece.text.trim() === '')
            continue;
        if (piece.kind === 'close')
            depth = Math.max(0, depth - 1);
        if (piece.kind === 'open' && pieces[i + 1]?.kind === 'close') {
            lines.push({ depth, pieces: pieces.slice(i, i + 2) });
            i += 1;
        } else if (piece.kind === 'open' && pieces[i + 1]?.kind === 'text' && pieces[i + 2]?.kind === 'close') {
            lines.push({ depth, pieces: pieces.slice(i, i + 3) });
            i += 2;
        } else {
            lines.push({ depth, pieces: [piece] });
            if (piece.kind === 'open')
                depth += 1;
        }
    }
    return lines;
}

/**
 * @param {string} xml
 * @returns {HTMLElement}
 */
export function shownXml(xml) {
    const code = h('code');
    for (const line of linesOf(piecesOf(xml))) {
        const row = h('span', { class: 'xml-line', style: `--depth:${Math.min(line.depth, 12)}` });
        for (const piece of line.pieces)
            row.append(piece.kind === 'text' ? h('span', { class: 'xml-text' }, piece.text) : shownTag(piece.text));
        code.append(row);
    }
    return h('pre', { class: 'xml' }, code);
}

/**
 * "message chat", "iq get roster": what an arrow says about an element.
 * @param {Object<string, any>} event  an "element" or a "route"
 * @returns {string}
 */
export function titleOfElement(event) {
    if (event.part === 'header')
        return 'stream opens';
    if (event.part === 'end')
        return 'stream closes';
    if (event.part === 'broken')
        return 'not well-formed';
    const type = event.attributes.type ? ` ${event.attributes.type}` : '';
    const inside = piecesOf(event.xml).slice(1).filter((piece) => piece.kind === 'open' || piece.kind === 'empty')
        .map((piece) => piece.text);
    const about = event.attributes.type === 'error' ? conditionOf(inside) : aboutOf(event, inside);
    return `${event.kind === 'other' ? event.name : event.kind}${type}${about && ` ${about}`}`;
}

/**
 * @param {string|undefined} tag
 * @returns {string}
 */
function nameOfTag(tag) {
    return /^<([^\s<>\/]+)/.exec(tag ?? '')?.[1] ?? '';
}

/**
 * The condition of a stanza error (RFC 6120, 8.3): what is first in <error/>.
 * @param {string[]} tags
 * @returns {string}
 */
function conditionOf(tags) {
    const error = tags.findIndex((tag) => nameOfTag(tag) === 'error');
    return error < 0 ? '' : nameOfTag(tags[error + 1]);
}

/**
 * What an element is about: a message by its body, a presence by what it says, a query by its namespace.
 * @param {Object<string, any>} event
 * @param {string[]} tags  those inside
 * @returns {string}
 */
function aboutOf(event, tags) {
    const child = nameOfTag(tags[0]);
    /** @param {string} name */
    const text = (name) => new RegExp(`<${name}[^>]*>([^<]*)`).exec(event.xml)?.[1];
    if (event.kind === 'message') {
        const copy = /<(received|sent)[^>]*urn:xmpp:carbons:2/.exec(event.xml)?.[1];
        const body = text('body') === undefined ? child : `\u201c${shortened(text('body') ?? '')}\u201d`;
        return copy === undefined ? body : `copy (${copy}) of ${body}`;
    }
    if (event.kind === 'presence')
        return [text('show'), text('priority') && `priority ${text('priority')}`].filter(Boolean).join(', ') || child;
    const ns = /xmlns=["']([^"']*)["']/.exec(tags[0] ?? '')?.[1];
    if (ns === 'jabber:iq:roster' && event.attributes.type === 'set' && nameOfTag(tags[1]) === 'item')
        return `roster: ${aboutItem(tags[1])}`;
    return child === 'query' || child === 'bind' ? (ns ?? child).replace(/^.*[:#/]/, '').replace('xmpp-bind', 'bind') : child;
}

/**
 * What an item of a roster says of a contact: "juliet@localhost, subscription from, ask subscribe".
 * @param {string} tag
 * @returns {string}
 */
export function aboutItem(tag) {
    /** @param {string} name */
    const value = (name) => new RegExp(`\\s${name}=["']([^"']*)["']`).exec(tag)?.[1];
    return [value('jid') ?? 'an item', value('subscription') && `subscription ${value('subscription')}`,
        value('ask') && `ask ${value('ask')}`, value('approved') === 'true' && 'approved'].filter(Boolean).join(', ');
}

/**
 * @param {string} text
 * @returns {string}
 */
function shortened(text) {
    return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
