/*
 * list.js - the list of cases and its filter.
 */
import { byId, h } from './dom.js';

const ORDER = ['failed', 'skipped', 'passed'];
const CLAUSES = ['rfc', 'xep', 'clause'];

/**
 * "rfc 6121 8.5.2" of the tag that names a clause.
 * @param {[string, string]} tag
 * @returns {string}
 */
function clauseText([name, value]) {
    return `${name} ${value}`;
}

/**
 * @param {import('./data.js').Case} one
 * @returns {string[]}
 */
export function clausesOf(one) {
    return (one.scenario?.tags ?? []).filter(([name]) => CLAUSES.includes(name)).map(clauseText);
}

/**
 * @param {import('./data.js').Case} one
 * @param {{words: string, result: string, tag: string, clause: string}} filter
 * @returns {boolean}
 */
export function isWanted(one, filter) {
    const tags = one.scenario?.tags ?? [];
    return (filter.result === '' || one.result.status === filter.result) &&
        filter.words.toLowerCase().split(/\s+/).every((word) => one.words.includes(word)) &&
        (filter.tag === '' || tags.some(([name, value]) => name === filter.tag ||
            `${name}: ${value}` === filter.tag)) &&
        (filter.clause === '' || clausesOf(one).some((clause) => clause.includes(filter.clause.toLowerCase())));
}

/**
 * Failures first, otherwise in the order of the report.
 * @param {import('./data.js').Case[]} cases
 * @returns {import('./data.js').Case[]}
 */
export function inOrder(cases) {
    return [...cases].sort((one, other) => ORDER.indexOf(one.result.status) - ORDER.indexOf(other.result.status) ||
        one.number - other.number);
}

export class CaseList {
    /**
     * @param {import('./data.js').Report} report
     * @param {(one: import('./data.js').Case) => void} choose
     */
    constructor(report, choose) {
        this.cases = inOrder(report.cases);
        /** @type {import('./data.js').Case[]} */
        this.wanted = this.cases;
        this.current = -1;
        this.choose = choose;
        this.list = byId('list');
        this.items = new Map(this.cases.map((one) => [one.number, this.item(one)]));
        this.suggest();
        const form = byId('filter');
        form.addEventListener('input', () => this.filter());
        form.addEventListener('submit', (/** @type {Event} */ event) => event.preventDefault());
        this.list.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.key(event));
        this.filter();
    }

    /** Fills the lists of suggestions. */
    suggest() {
        const tags = new Set();
        const clauses = new Set();
        for (const one of this.cases) {
            clausesOf(one).forEach((clause) => clauses.add(clause));
            (one.scenario?.tags ?? []).filter(([name]) => !CLAUSES.includes(name)).forEach(([name]) => tags.add(name));
        }
        byId('tags').append(...[...tags].sort().map((value) => h('option', { value })));
        byId('clauses').append(...[...clauses].sort().map((value) => h('option', { value })));
    }

    /**
     * @param {import('./data.js').Case} one
     * @returns {HTMLElement}
     */
    item(one) {
        const { status, title, name, line, reason, summary } = one.result;
        const about = line !== null ? `${name}:${line}` : name;
        return h('li', {}, h('button', { type: 'button', class: `item item-${status}`, 'data-case': one.number, tabindex: '-1',
            click: () => this.choose(one) },
        h('span', { class: 'status', role: 'img', 'aria-label': status }),
        h('span', { class: 'item-title' }, title),
        ...(status === 'failed' && summary ? [h('span', { class: 'item-summary' }, summary)] : []),
        h('span', { class: 'item-name' }, reason !== null ? `${about} (${reason})` : about)));
    }

    filter() {
        const filter = { words: byId('filter-words').value, result: byId('filter-result').value,
            tag: byId('filter-tag').value.trim(), clause: byId('filter-clause').value.trim() };
        this.wanted = this.cases.filter((one) => isWanted(one, filter));
        const items = this.wanted.map((one) => /** @type {HTMLElement} */ (this.items.get(one.number)));
        this.list.replaceChildren(...items);
        byId('count').textContent = this.wanted.length === this.cases.length ? `${this.cases.length} ${this.cases.length === 1 ? 'case' : 'cases'}`
            : `${this.wanted.length} of ${this.cases.length} cases`;
        this.mark();
    }

    /** One item is in the order of the tab key: the current case, or the first. */
    mark() {
        const has = this.wanted.some((one) => one.number === this.current);
        this.wanted.forEach((one, i) => {
            const button = this.button(one);
            const own = one.number === this.current;
            button.tabIndex = own || (!has && i === 0) ? 0 : -1;
            if (own)
                button.setAttribute('aria-current', 'true');
            else
                button.removeAttribute('aria-current');
        });
    }

    /**
     * @param {import('./data.js').Case} one
     * @returns {HTMLElement}
     */
    button(one) {
        return /** @type {HTMLElement} */ (this.items.get(one.number)?.firstElementChild);
    }

    /** @param {number} number */
    select(number) {
        this.current = number;
        this.mark();
        const item = this.items.get(number);
        if (item?.isConnected)
            item.scrollIntoView({ block: 'nearest' });
    }

    /**
     * The case `by` places from the current one in the list, or the first.
     * @param {number} by
     * @returns {import('./data.js').Case|undefined}
     */
    neighbour(by) {
        const at = this.wanted.findIndex((one) => one.number === this.current);
        return at < 0 ? this.wanted[0] : this.wanted[at + by];
    }

    /** @param {KeyboardEvent} event */
    key(event) {
        const at = this.wanted.findIndex((one) => this.button(one) === document.activeElement);
        const last = this.wanted.length - 1;
        /** @type {Object<string, number>} */
        const places = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last };
        const place = places[event.key];
        if (place === undefined || this.wanted.length === 0)
            return;
        event.preventDefault();
        event.stopPropagation();
        this.button(this.wanted[Math.min(last, Math.max(0, place))]).focus();
    }
}
