/*
 * beside.js - two runs side by side: what clients received on two servers, or the traces of two runs, aligned where they are
 * similar.
 */
import { clockText, shownBytes } from './data.js';
import { h } from './dom.js';
import { SILENT } from './rows.js';

const AROUND = 3; /* similar rows that are shown on each side of a difference */
const FOLD_LEAST = 4; /* fewer similar rows than this are not folded */

/**
 * Parts of the rows: those that are shown, and those that are folded.
 * @param {import('./data.js').BesideRow[]} rows
 * @returns {{from: number, to: number, folded: boolean}[]}
 */
export function partsOf(rows) {
    const shown = rows.map((row) => !row.similar);
    rows.forEach((row, i) => {
        for (let k = Math.max(0, i - AROUND); !row.similar && k <= Math.min(rows.length - 1, i + AROUND); k++)
            shown[k] = true;
    });
    /** @type {{from: number, to: number, folded: boolean}[]} */
    const parts = [];
    for (let from = 0, to = 0; from < rows.length; from = to) {
        while (to < rows.length && shown[to] === shown[from])
            to++;
        parts.push({ from, to, folded: !shown[from] && to - from >= FOLD_LEAST });
    }
    return parts;
}

/**
 * The letters in which two texts differ: behind their common beginning, and before their common end.
 * @param {string} one
 * @param {string} other
 * @returns {[number, number]}  the lengths of the beginning and of the end
 */
function commonOf(one, other) {
    const most = Math.min(one.length, other.length);
    let before = 0;
    while (before < most && one[before] === other[before])
        before++;
    let behind = 0;
    while (behind < most - before && one[one.length - 1 - behind] === other[other.length - 1 - behind])
        behind++;
    return [before, behind];
}

export class Beside {
    /**
     * @param {import('./data.js').Beside} beside
     * @param {(number: number, side: import('./data.js').Side) => void} open  the moment of a line, in its case
     */
    constructor(beside, open) {
        this.beside = beside;
        this.open = open;
        this.current = -1;
        /** @type {HTMLElement[]} */
        this.differences = [];
    }

    /** @returns {HTMLElement} */
    shown() {
        const { rows, names, of, cut } = this.beside;
        const parts = partsOf(rows);
        const body = h('tbody', {}, ...parts.flatMap((part) => (part.folded ? [this.fold(part)] : this.rows(part))));
        this.differences = [...body.querySelectorAll('tr.differs.first')].map((row) => /** @type {HTMLElement} */ (row));
        const places = this.differences.length;
        const title = of === 'trace' ? 'The traces of two runs' : 'What clients received';
        return h('section', { class: 'beside-inside', 'aria-labelledby': 'beside-title' },
            h('div', { class: 'beside-head' }, h('h3', { id: 'beside-title' }, title),
                h('p', {}, places === 0 ? 'They do not differ.' : `They differ in ${places} ${places === 1 ? 'place' : 'places'}.`,
                    cut ? ' The end is left out.' : ''),
                h('div', { class: 'group', role: 'group', 'aria-label': 'Differences' },
                    h('button', { type: 'button', id: 'difference-back', title: 'Difference before ([)', click: () => this.move(-1) }, '‹ difference'),
                    h('button', { type: 'button', id: 'difference-on', title: 'Next difference (])', click: () => this.move(1) }, 'difference ›'))),
            h('div', { class: 'beside-scroll', tabindex: '0', role: 'group', 'aria-label': 'Both runs' },
                h('table', { class: 'beside-table' },
                    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, names[0]), h('td', { class: 'sign' }), h('th', { scope: 'col' }, names[1]))),
                    body)));
    }

    /**
     * @param {{from: number, to: number}} part
     * @returns {HTMLElement[]}
     */
    rows({ from, to }) {
        return this.beside.rows.slice(from, to).map((row, i) => this.row(row, from + i));
    }

    /**
     * @param {import('./data.js').BesideRow} row
     * @param {number} index
     * @returns {HTMLElement}
     */
    row(row, index) {
        const first = !row.similar && (this.beside.rows[index - 1]?.similar ?? true);
        const isStep = /^step /.test((row.one ?? row.other)?.text ?? '');
        const sign = row.similar ? '' : h('span', { role: 'img', 'aria-label': 'differs from' }, '≠');
        return h('tr', { class: ['', row.similar ? '' : 'differs', first ? 'first' : '', isStep ? 'is-step' : ''].filter(Boolean).join(' ') || null },
            this.cell(row.one, row, 0), h('td', { class: 'sign' }, sign), this.cell(row.other, row, 1));
    }

    /**
     * @param {?import('./data.js').Side} side
     * @param {import('./data.js').BesideRow} row
     * @param {number} column
     * @returns {HTMLElement}
     */
    cell(side, row, column) {
        const name = this.beside.names[column];
        if (side === null)
            return h('td', { class: 'absent', 'data-name': name }, h('span', { class: 'hidden' }, 'nothing'));
        const text = shownBytes(side.text);
        const opposite = side === row.one ? row.other : row.one;
        const number = this.beside.cases[side.side - 1];
        return h('td', { 'data-name': name }, h('button', { type: 'button', title: 'Show this moment', click: () => this.open(number, side) },
            h('span', { class: 'time' }, clockText(side.time_ns)), h('code', {}, ...this.words(text, row.similar ? null : opposite))));
    }

    /**
     * A text, with the letters marked that another one does not have.
     * @param {string} text
     * @param {?import('./data.js').Side} opposite
     * @returns {(Node|string)[]}
     */
    words(text, opposite) {
        if (opposite === null)
            return [text];
        const [before, behind] = commonOf(text, shownBytes(opposite.text));
        const own = text.slice(before, text.length - behind);
        return [text.slice(0, before), own === '' ? '' : h('mark', {}, own), text.slice(text.length - behind)];
    }

    /**
     * @param {{from: number, to: number}} part
     * @returns {HTMLElement}
     */
    fold(part) {
        const count = part.to - part.from;
        const row = h('tr', { class: 'fold' }, h('td', { colspan: '3' }, h('button', { type: 'button', click: () => {
            const rows = this.rows(part);
            row.replaceWith(...rows);
            /** @type {HTMLElement|null|undefined} */ (rows[0]?.querySelector('button'))?.focus();
        } }, `${count} similar lines`)));
        return row;
    }

    /** @param {number} by  1 or -1 */
    move(by) {
        if (this.differences.length === 0)
            return;
        this.differences[this.current]?.classList.remove('is-current');
        this.current = Math.min(this.differences.length - 1, Math.max(0, this.current + by));
        const row = this.differences[this.current];
        row.classList.add('is-current');
        row.scrollIntoView({ block: 'center' });
        /** @type {HTMLElement|null} */ (row.querySelector('button'))?.focus({ preventScroll: true });
    }
}

/**
 * The event that a line of one of the two runs is about.
 * @param {import('./data.js').Beside} beside
 * @param {import('./data.js').Side} side
 * @param {import('./data.js').RunEvent[]} events
 * @returns {number}  its n
 */
export function momentOf(beside, side, events) {
    const shown = events.filter((event) => !SILENT.includes(event.type));
    if (beside.of === 'trace')
        return (shown.find((event) => event.trace >= side.line) ?? events.at(-1))?.n ?? 1;
    const words = shownBytes(side.text);
    const who = / receives /.exec(words) ? words.slice(0, words.indexOf(' receives ')) : null;
    const fits = (/** @type {import('./data.js').RunEvent} */ event) => event.time_ns === side.time_ns &&
        (who === null ? event.type === 'step' && `step ${event.text}` === words : event.type === 'element' && event.who === who && event.to === 'client');
    return (shown.find(fits) ?? shown.findLast((event) => event.time_ns <= side.time_ns))?.n ?? 1;
}
