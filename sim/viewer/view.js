/*
 * view.js - a case: its head, its events at a moment, and how one moves among them.
 */
import { clockText, eventsOf, numberOf, spanText, treeOf } from './data.js';
import { shownEvent, shownStates } from './details.js';
import { Diagram } from './diagram.js';
import { byId, h } from './dom.js';
import { shownFailure } from './failure.js';
import { Lanes } from './lanes.js';
import { activitiesOf, chainOf, lifelinesOf, RowMaker, States } from './rows.js';

/** @param {import('./data.js').Report} report */
export function showTotals(report) {
    const { totals, run } = report;
    const parts = totals === null ? [h('span', {}, 'the run was not finished')] : [
        h('span', { class: totals.failed > 0 ? 'total-failed' : null }, `${totals.failed} failed`), h('span', { class: 'total-passed' }, `${totals.passed} passed`),
        ...(totals.skipped > 0 ? [h('span', { class: 'total-skipped' }, `${totals.skipped} skipped`)] : []),
        ...(run.seed !== null ? [h('span', {}, `seed ${run.seed}`)] : []),
        ...(/^0*$/.test(totals.trace_hash) ? [] : [h('span', { class: 'hash' }, `trace hash ${totals.trace_hash}`)])];
    byId('totals').replaceChildren(...parts);
    document.title = totals === null ? 'Rehearsal: a run' : `${totals.failed} failed, ${totals.passed} passed – Rehearsal`;
}

/**
 * @typedef {{show: (text: string, events: import('./data.js').RunEvent[], failed: ?number) => void,
 *            select: (line: ?number) => void}} SourceView
 */

export class CaseView {
    /**
     * @param {SourceView} source  where the text of the scenario is shown
     * @param {() => void} moved  called when another moment is shown
     */
    constructor(source, moved) {
        this.source = source;
        this.moved = moved;
        /** @type {import('./data.js').Case|null} */
        this.one = null;
        /** @type {import('./data.js').RunEvent[]} */
        this.events = [];
        /** @type {import('./rows.js').Row[]} */
        this.all = [];
        /** @type {import('./rows.js').Row[]} */
        this.rows = [];
        this.states = new States([]);
        this.n = 0;
        /** @type {number[]} */
        this.chain = [];
        this.diagram = new Diagram(byId('diagram'), (n) => this.go(n, false));
        this.lanes = new Lanes(byId('lanes'), (n) => this.go(n, false));
        this.listen();
    }

    listen() {
        /** @type {Object<string, () => void>} */
        const buttons = { 'to-first': () => this.first(), 'to-last': () => this.last(), 'event-back': () => this.move(-1),
            'event-on': () => this.move(1), 'step-back': () => this.moveStep(-1), 'step-on': () => this.moveStep(1),
            'to-failure': () => this.toFailure() };
        for (const [id, act] of Object.entries(buttons))
            byId(id).addEventListener('click', act);
        byId('slider').addEventListener('input', (/** @type {any} */ event) => this.go(Number(event.target.value), false));
        for (const box of document.querySelectorAll('[data-show]'))
            box.addEventListener('change', () => this.choose());
    }

    /**
     * @param {import('./data.js').Case} one
     * @param {string} text  of its file
     * @param {?number} at  the event to show; or null for the failure, or else the first
     */
    open(one, text, at = null) {
        this.one = one;
        this.showHead();
        this.events = eventsOf(one);
        const has = this.events.length > 0 && one.scenario !== null;
        byId('case-body').hidden = !has;
        this.opened(has);
        if (has)
            this.showBody(/** @type {import('./data.js').Scenario} */ (one.scenario), text, at);
    }

    /**
     * What a page shows besides the events: once the case is known, and once its rows are.
     * @param {boolean} _has  whether the case has events
     */
    opened(_has) {}

    prepared() {}

    /** @returns {HTMLElement[]} what a page shows under the facts of a case */
    moreFacts() {
        return [];
    }

    showHead() {
        const one = /** @type {import('./data.js').Case} */ (this.one);
        const { result, scenario, lines, events } = one;
        const empty = lines.length === 0 && (events === null || events.length === 0);
        const tags = (scenario?.tags ?? []).map(([name, value]) => h('li', {}, value === '' ? name : `${name}: ${value}`));
        const virtual = numberOf(result.virtual_ns) > 0 ? `${spanText(numberOf(result.virtual_ns))} virtual, ` : '';
        const span = result.virtual_ns === null ? '' : `${virtual}${spanText(numberOf(result.real_ns))} real`;
        const head = [
            h('p', { class: `verdict verdict-${result.status}` }, result.status),
            h('h2', { id: 'case-title' }, result.title),
            h('p', { class: 'case-facts' }, h('code', {}, result.line === null ? result.name : `${result.name}:${result.line}`),
                span ? ` · ${span}` : '', result.reason !== null ? ` · ${result.reason}` : ''),
            tags.length > 0 ? h('ul', { class: 'tags', 'aria-label': 'Tags' }, ...tags) : '',
            result.replay === null ? '' : h('p', { class: 'replay' }, h('span', {}, 'to reproduce'), h('code', {}, result.replay)),
            ...this.moreFacts(),
            empty && treeOf(one) === null ? this.without(result) : '',
        ];
        byId('case-head').replaceChildren(...head.filter((part) => part !== ''));
    }

    /**
     * Why there are no events.
     * @param {Object<string, any>} result
     * @returns {HTMLElement}
     */
    without(result) {
        const words = result.status === 'skipped' ? 'This case was not run.'
            : result.status === 'passed' ? 'The events of this case are not in this page. With --html-all, it has those of passed cases too.'
                : 'The events of this failure are not in this page: its process was lost, or the page has as many events as it may. ' +
                  'With --html-all, it has all.';
        const failed = result.status === 'failed'
            ? shownFailure(/** @type {import('./data.js').Case} */ (this.one), undefined, [], () => {}) : '';
        return h('div', { class: 'without' }, h('p', {}, words), failed);
    }

    /**
     * @param {import('./data.js').Scenario} scenario
     * @param {string} text
     * @param {?number} at
     */
    showBody(scenario, text, at) {
        const maker = new RowMaker(scenario);
        const failure = this.events.find((event) => event.type === 'failure');
        this.all = this.events.map((event) => maker.row(event));
        this.states = new States(this.events);
        this.chain = chainOf(this.events, scenario);
        this.prepared();
        this.source.show(text, this.events, failure?.line ?? null);
        this.lanes.show(scenario, this.states, this.events.length, failure?.n ?? null);
        const slider = byId('slider');
        slider.min = '1';
        slider.max = String(this.events.length);
        byId('to-failure').hidden = failure === undefined;
        this.n = at ?? failure?.n ?? 1;
        this.choose();
        this.go(this.n, true);
    }

    /** The rows that the boxes choose. */
    choose() {
        const scenario = this.one?.scenario;
        if (!scenario)
            return;
        const shows = new Set([...document.querySelectorAll('[data-show]')].filter((box) => /** @type {any} */ (box).checked)
            .map((box) => /** @type {HTMLElement} */ (box).dataset.show));
        this.rows = this.all.filter((row) => row.show === 'always' || shows.has(row.show));
        const lifelines = lifelinesOf(scenario, this.events).filter((line) => line.kind !== 'storage' || shows.has('storage'));
        this.diagram.show(lifelines, this.rows, new Set(this.chain),
            activitiesOf(scenario, this.states, this.events));
        this.go(this.n, true);
    }

    /**
     * Goes to event n.
     * @param {number} n
     * @param {boolean} centred
     */
    go(n, centred) {
        const scenario = this.one?.scenario;
        if (!scenario || this.events.length === 0)
            return;
        this.n = Math.min(this.events.length, Math.max(1, n));
        const row = this.all[this.n - 1];
        const step = this.events.findLast((event) => event.type === 'step' && event.n <= this.n);
        this.diagram.select(this.n, centred);
        this.lanes.select(this.n);
        this.source.select(row.failed ? row.event.line : step?.line ?? null);
        const slider = byId('slider');
        slider.value = String(this.n);
        slider.setAttribute('aria-valuetext', `event ${this.n} of ${this.events.length}, ${clockText(row.event.time_ns)}: ${row.title}`);
        byId('clock').replaceChildren(h('strong', {}, clockText(row.event.time_ns)), ` event ${this.n} of ${this.events.length}`);
        this.showDetails(scenario, row);
        this.moved();
    }

    /**
     * @param {import('./data.js').Scenario} scenario
     * @param {import('./rows.js').Row} row
     */
    showDetails(scenario, row) {
        const one = /** @type {import('./data.js').Case} */ (this.one);
        const chain = this.chain.filter((n) => !this.all[n - 1].failed).map((n) => this.all[n - 1]);
        const first = row.failed ? shownFailure(one, row.event, chain, (n) => this.go(n, true)) : shownEvent(row);
        byId('details').replaceChildren(first, shownStates(scenario, this.states, this.n));
        byId('details').scrollTop = 0;
    }

    /* ---- Moving ---- */

    first() {
        this.go(this.rows[0]?.n ?? 1, false);
    }

    last() {
        this.go(this.rows.at(-1)?.n ?? 1, false);
    }

    /** @param {number} by  1 or -1 of the rows that are shown */
    move(by) {
        const row = by > 0 ? this.rows.find((other) => other.n > this.n) : this.rows.findLast((other) => other.n < this.n);
        if (row !== undefined)
            this.go(row.n, false);
    }

    /** @param {number} by */
    moveStep(by) {
        const isStep = (/** @type {import('./data.js').RunEvent} */ event) => event.type === 'step' || event.type === 'failure';
        const event = by > 0 ? this.events.find((other) => isStep(other) && other.n > this.n)
            : this.events.findLast((other) => isStep(other) && other.n < this.n);
        if (event !== undefined)
            this.go(event.n, true);
    }

    toFailure() {
        const failure = this.events.find((event) => event.type === 'failure');
        if (failure !== undefined)
            this.go(failure.n, true);
    }
}
