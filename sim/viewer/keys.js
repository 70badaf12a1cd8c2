/*
 * keys.js - what the keys do.
 */
import { byId } from './dom.js';
import { nextTheme } from './theme.js';

/**
 * Whether a key belongs to what has the focus.
 * @param {KeyboardEvent} event
 * @returns {boolean}
 */
function isTyped(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    return event.ctrlKey || event.altKey || event.metaKey || byId('keys').open ||
        target.matches('input:not([type=range]):not([type=checkbox]), select, textarea');
}

/**
 * Listens to the keys with which one moves, and to those of the page itself.
 * @param {import('./view.js').CaseView} view
 * @param {Object<string, (shift: boolean) => void>} own  by lower-case letters and names of keys
 */
export function listenToKeys(view, own) {
    /** @type {Object<string, (shift: boolean) => void>} */
    const keys = {
        ArrowRight: (shift) => (shift ? view.moveStep(1) : view.move(1)),
        ArrowLeft: (shift) => (shift ? view.moveStep(-1) : view.move(-1)),
        j: () => view.move(1), k: () => view.move(-1), f: () => view.toFailure(), t: () => nextTheme(),
        '?': () => byId('keys').showModal(), ...own,
    };
    byId('open-keys').addEventListener('click', () => byId('keys').showModal());
    document.addEventListener('keydown', (event) => {
        const inSheet = /** @type {HTMLElement} */ (event.target).matches('.sheet');
        const inRange = /** @type {HTMLElement} */ (event.target).matches('input[type=range]');
        /** @type {Object<string, (shift: boolean) => void>} */
        const more = { ArrowDown: () => view.move(1), ArrowUp: () => view.move(-1), Home: () => view.first(), End: () => view.last() };
        const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        const isPage = /** @type {HTMLElement} */ (event.target).matches('body, main');
        const act = (inSheet || (isPage && /^(Home|End)$/.test(name)) ? more[name] : undefined) ?? keys[name];
        if (act === undefined || isTyped(event) || (inRange && /^Arrow/.test(name) && !event.shiftKey))
            return;
        event.preventDefault();
        act(event.shiftKey);
    });
}
