/*
 * main.js - the page: which case, which moment, and the keys.
 */
import { Beside, momentOf } from './beside.js';
import { ChoiceTree } from './choices.js';
import { clockText, eventsOf, isKnownFormat, numberOf, readReport, spanText, treeOf } from './data.js';
import { shownEvent, shownStates } from './details.js';
import { Diagram } from './diagram.js';
import { byId, h } from './dom.js';
import { shownFailure, wayText } from './failure.js';
import { Features } from './features.js';
import { Lanes } from './lanes.js';
import { CaseList } from './list.js';
import { activitiesOf, chainOf, lifelinesOf, RowMaker, States } from './rows.js';
import { Source } from './source.js';

/* ---- Colours ---- */

const THEMES = ['auto', 'light', 'dark'];

/** What a browser keeps for a file may be refused; the choice then lasts as long as the page. */
function keptTheme() {
    try {
        return localStorage.getItem('rehearsal-theme') ?? 'auto';
    } catch {
        return 'auto';
    }
}

/** @param {string} theme */
function setTheme(theme) {
    const button = byId('theme');
    /** @type {Object<string, string>} */
    const words = { auto: 'Auto', light: 'Light', dark: 'Dark' };
    document.documentElement.dataset.theme = theme;
    button.textContent = words[theme];
    button.setAttribute('aria-label', `Colours: ${theme === 'auto' ? 'as the system' : theme}`);
    try {
        localStorage.setItem('rehearsal-theme', theme);
    } catch {
        /* see keptTheme */
    }
}

function nextTheme() {
    const theme = document.documentElement.dataset.theme ?? 'auto';
    setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]);
}

/* ---- A case ---- */

class Page {
    /** @param {import('./data.js').Report} report */
    constructor(report) {
        this.report = report;
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
        /** @type {ChoiceTree|null} */
        this.tree = null;
        /** @type {HTMLElement|null} */
        this.alone = null; /* the tree of a case without events */
        /** @type {Beside|null} */
        this.beside = null;
        this.isBeside = false; /* the two runs are shown, not the one */
        this.diagram = new Diagram(byId('diagram'), (n) => this.go(n, false));
        this.lanes = new Lanes(byId('lanes'), (n) => this.go(n, false));
        this.source = new Source(byId('source'), (n) => this.go(n, true));
        this.list = new CaseList(report, (one) => this.open(one));
        this.listen();
    }

    listen() {
        /** @type {Object<string, () => void>} */
        const buttons = { 'to-first': () => this.first(), 'to-last': () => this.last(), 'event-back': () => this.move(-1),
            'event-on': () => this.move(1), 'step-back': () => this.moveStep(-1), 'step-on': () => this.moveStep(1),
            'to-failure': () => this.toFailure(), 'choice-back': () => this.moveChoice(-1), 'choice-on': () => this.moveChoice(1) };
        for (const [id, act] of Object.entries(buttons))
            byId(id).addEventListener('click', act);
        byId('slider').addEventListener('input', (/** @type {any} */ event) => this.go(Number(event.target.value), false));
        for (const box of document.querySelectorAll('[data-show]'))
            box.addEventListener('change', () => this.choose());
    }

    /** @param {import('./data.js').Case} one */
    open(one) {
        this.one = one;
        this.list.select(one.number);
        this.showHead();
        this.events = eventsOf(one);
        document.body.classList.remove('cases-open');
        byId('open-cases').setAttribute('aria-expanded', 'false');
        const has = this.events.length > 0 && one.scenario !== null;
        this.isBeside = one.beside !== null;
        this.showBeside();
        byId('case-body').hidden = !has || this.isBeside;
        this.showTree(has);
        if (has)
            this.showBody(/** @type {import('./data.js').Scenario} */ (one.scenario));
        this.remember();
    }

    /* ---- Two runs ---- */

    /** Fills the view of the two runs, and the button that changes between it and the one run. */
    showBeside() {
        const one = /** @type {import('./data.js').Case} */ (this.one);
        const { beside } = one;
        this.beside = beside === null ? null : new Beside(beside, (number, side) => {
            const other = this.report.cases[number - 1];
            const events = eventsOf(other);
            this.open(other);
            this.setBeside(false);
            this.go(momentOf(beside, side, events), true);
            byId('diagram').querySelector('.sheet')?.focus();
        });
        byId('beside').hidden = this.beside === null;
        byId('beside').replaceChildren(...(this.beside === null ? [] : [this.beside.shown()]));
        this.nameBesideButton();
    }

    /** @param {boolean} isBeside */
    setBeside(isBeside) {
        if (this.beside === null || this.events.length === 0)
            return;
        this.isBeside = isBeside;
        byId('beside').hidden = !isBeside;
        byId('case-body').hidden = isBeside;
        this.nameBesideButton();
        if (!isBeside)
            this.choose();
        this.remember();
    }

    nameBesideButton() {
        const button = document.getElementById('beside-button');
        if (button !== null)
            button.textContent = this.isBeside ? 'Show this run alone' : 'Show both runs side by side';
    }

    /* ---- An exploration ---- */

    /** @param {boolean} has  whether the case has events */
    showTree(has) {
        const one = /** @type {import('./data.js').Case} */ (this.one);
        const tree = treeOf(one);
        const body = byId('case-body');
        this.tree = tree === null ? null : new ChoiceTree(tree, this.events, (n) => this.wordsBehind(n), (n) => this.go(n, true));
        byId('choices-pane').hidden = byId('choice-buttons').hidden = this.tree === null || !has;
        body.classList.toggle('has-choices', this.tree !== null);
        byId('choices-pane').replaceChildren();
        this.alone?.remove();
        this.alone = this.tree !== null && !has ? h('div', { class: 'choices-pane alone', tabindex: '0', role: 'group', 'aria-label': 'The tree of choices' }, this.tree.shown()) : null;
        if (this.alone !== null)
            byId('case').append(this.alone);
    }

    /**
     * What happened next: the first event behind a decision that says something.
     * @param {number} n
     * @returns {string}
     */
    wordsBehind(n) {
        const silent = ['choice', 'client', 'session', 'bytes', 'time'];
        const row = this.all.find((other) => other.n > n && !silent.includes(other.event.type));
        if (row === undefined)
            return 'the end';
        return row.from === null ? row.title : `${wayText(row)}: ${row.title}`;
    }

    showHead() {
        const one = /** @type {import('./data.js').Case} */ (this.one);
        const { result, scenario, lines, events, cause, beside } = one;
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
            cause === null ? '' : h('p', { class: 'cause' }, `${cause.seeds} of ${cause.of} seeds failed for this cause: ${cause.cause}`),
            beside === null ? '' : h('p', {}, h('button', { type: 'button', id: 'beside-button', click: () => this.setBeside(!this.isBeside) })),
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

    /** @param {import('./data.js').Scenario} scenario */
    showBody(scenario) {
        const maker = new RowMaker(scenario);
        const failure = this.events.find((event) => event.type === 'failure');
        this.all = this.events.map((event) => maker.row(event));
        this.states = new States(this.events);
        this.chain = chainOf(this.events, scenario);
        if (this.tree !== null)
            byId('choices-pane').replaceChildren(this.tree.shown());
        const text = this.report.sources.get(scenario.path) ?? '';
        this.source.show(text, this.events, failure?.line ?? null);
        this.lanes.show(scenario, this.states, this.events.length, failure?.n ?? null);
        const slider = byId('slider');
        slider.min = '1';
        slider.max = String(this.events.length);
        byId('to-failure').hidden = failure === undefined;
        this.n = failure?.n ?? 1;
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
        this.tree?.select(this.n);
        this.lanes.select(this.n);
        this.source.select(row.failed ? row.event.line : step?.line ?? null);
        const slider = byId('slider');
        slider.value = String(this.n);
        slider.setAttribute('aria-valuetext', `event ${this.n} of ${this.events.length}, ${clockText(row.event.time_ns)}: ${row.title}`);
        byId('clock').replaceChildren(h('strong', {}, clockText(row.event.time_ns)), ` event ${this.n} of ${this.events.length}`);
        this.showDetails(scenario, row);
        this.remember();
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

    /**
     * To a decision on the path of the exploration, or to a difference of two runs.
     * @param {number} by  1 or -1
     */
    moveChoice(by) {
        if (this.isBeside) {
            this.beside?.move(by);
            return;
        }
        const path = this.tree?.path ?? [];
        const event = by > 0 ? path.find((other) => other.n > this.n) : path.findLast((other) => other.n < this.n);
        if (event !== undefined)
            this.go(event.n, true);
    }

    toFailure() {
        const failure = this.events.find((event) => event.type === 'failure');
        if (failure !== undefined)
            this.go(failure.n, true);
    }

    /** @param {number} by */
    moveCase(by) {
        const one = this.list.neighbour(by);
        if (one !== undefined)
            this.open(one);
    }

    /* ---- The address ---- */

    remember() {
        if (this.one === null)
            return;
        const place = this.events.length > 0 && !this.isBeside ? `&event=${this.n}` : '';
        history.replaceState(null, '', `#case=${this.one.number}${place}`);
    }

    /** Opens the case of the address, or else the first. */
    begin() {
        const asked = new URLSearchParams(location.hash.slice(1));
        const one = this.report.cases[Number(asked.get('case')) - 1] ?? this.list.wanted[0];
        if (one === undefined)
            return;
        const n = Number(asked.get('event'));
        this.open(one);
        if (n > 0)
            this.setBeside(false);
        if (n > 0)
            this.go(n, true);
    }
}

/* ---- Keys ---- */

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

/** @param {Page} page */
function listenToKeys(page) {
    /** @type {Object<string, (shift: boolean) => void>} */
    const keys = {
        ArrowRight: (shift) => (shift ? page.moveStep(1) : page.move(1)),
        ArrowLeft: (shift) => (shift ? page.moveStep(-1) : page.move(-1)),
        j: () => page.move(1), k: () => page.move(-1), f: () => page.toFailure(), n: () => page.moveCase(1),
        p: () => page.moveCase(-1), '[': () => page.moveChoice(-1), ']': () => page.moveChoice(1),
        b: () => page.setBeside(!page.isBeside), t: () => nextTheme(), '?': () => byId('keys').showModal(),
        '/': () => openFilter(),
    };
    document.addEventListener('keydown', (event) => {
        const inSheet = /** @type {HTMLElement} */ (event.target).matches('.sheet');
        const inRange = /** @type {HTMLElement} */ (event.target).matches('input[type=range]');
        /** @type {Object<string, (shift: boolean) => void>} */
        const more = { ArrowDown: () => page.move(1), ArrowUp: () => page.move(-1), Home: () => page.first(), End: () => page.last() };
        const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        const isPage = /** @type {HTMLElement} */ (event.target).matches('body, main');
        const act = (inSheet || (isPage && /^(Home|End)$/.test(name)) ? more[name] : undefined) ?? keys[name];
        if (act === undefined || isTyped(event) || (inRange && /^Arrow/.test(name) && !event.shiftKey))
            return;
        event.preventDefault();
        act(event.shiftKey);
    });
}

function openFilter() {
    document.body.classList.add('cases-open');
    byId('open-cases').setAttribute('aria-expanded', 'true');
    byId('filter-words').focus();
}

function toggleCases() {
    const open = document.body.classList.toggle('cases-open');
    byId('open-cases').setAttribute('aria-expanded', String(open));
    if (open)
        byId('filter-words').focus();
}

/* ---- The page ---- */

/** @param {import('./data.js').Report} report */
function showTotals(report) {
    const { totals, run } = report;
    const parts = totals === null ? [h('span', {}, 'the run was not finished')] : [
        h('span', { class: totals.failed > 0 ? 'total-failed' : null }, `${totals.failed} failed`), h('span', { class: 'total-passed' }, `${totals.passed} passed`),
        ...(totals.skipped > 0 ? [h('span', { class: 'total-skipped' }, `${totals.skipped} skipped`)] : []),
        ...(run.seed !== null ? [h('span', {}, `seed ${run.seed}`)] : []),
        ...(/^0*$/.test(totals.trace_hash) ? [] : [h('span', { class: 'hash' }, `trace hash ${totals.trace_hash}`)])];
    byId('totals').replaceChildren(...parts);
    document.title = totals === null ? 'Rehearsal: a run' : `${totals.failed} failed, ${totals.passed} passed – Rehearsal`;
}

/** @param {import('./data.js').Report} report */
function beginFeatures(report) {
    document.body.classList.add('has-features');
    byId('features').hidden = false;
    for (const id of ['cases', 'case', 'open-cases', 'open-keys'])
        byId(id).hidden = true;
    const skip = /** @type {HTMLAnchorElement} */ (document.querySelector('.skip'));
    skip.href = '#features';
    skip.textContent = 'Skip to the report';
    document.title = 'Implementation report – Rehearsal';
    new Features(report).show();
    document.addEventListener('keydown', (event) => {
        const target = /** @type {HTMLElement} */ (event.target);
        if (event.key !== '/' || event.ctrlKey || event.altKey || event.metaKey || target.matches('input, select'))
            return;
        event.preventDefault();
        byId('feature-words').focus();
    });
}

function begin() {
    setTheme(keptTheme());
    const report = readReport(byId('data').textContent);
    byId('data').remove();
    byId('theme').addEventListener('click', nextTheme);
    if (report.conformance !== null) {
        beginFeatures(report);
        return;
    }
    showTotals(report);
    document.body.classList.toggle('has-one-case', report.cases.length === 1);
    if (!isKnownFormat(report))
        byId('case-head').append(h('p', {}, `The events of this report have format ${report.run.events_format}, which this page does not know.`));
    const page = new Page(report);
    byId('open-cases').addEventListener('click', toggleCases);
    byId('open-keys').addEventListener('click', () => byId('keys').showModal());
    listenToKeys(page);
    page.begin();
}

begin();
