/*
 * main.js - the page: which case, and which moment.
 */
import { isKnownFormat, readReport } from './data.js';
import { byId, h } from './dom.js';
import { Features } from './features.js';
import { listenToKeys } from './keys.js';
import { CaseList } from './list.js';
import { ReportView } from './report_view.js';
import { Source } from './source.js';
import { beginTheme } from './theme.js';
import { showTotals } from './view.js';

class Page {
    /** @param {import('./data.js').Report} report */
    constructor(report) {
        this.report = report;
        /** @type {ReportView} */
        this.view = new ReportView(new Source(byId('source'), (n) => this.view.go(n, true)), () => this.remember(),
            (number) => this.open(report.cases[number - 1], null));
        this.list = new CaseList(report, (one) => this.open(one, null));
    }

    /**
     * @param {import('./data.js').Case} one
     * @param {?number} at  the event to show, or null
     */
    open(one, at) {
        this.list.select(one.number);
        this.view.open(one, this.report.sources.get(one.scenario?.path ?? '') ?? '', at);
        document.body.classList.remove('cases-open');
        byId('open-cases').setAttribute('aria-expanded', 'false');
        this.remember();
    }

    /** @param {number} by */
    moveCase(by) {
        const one = this.list.neighbour(by);
        if (one !== undefined)
            this.open(one, null);
    }

    /* ---- The address ---- */

    remember() {
        const { one, events, n, isBeside } = this.view;
        if (one === null)
            return;
        const place = events.length > 0 && !isBeside ? `&event=${n}` : '';
        history.replaceState(null, '', `#case=${one.number}${place}`);
    }

    /**
     * The case of an address: "#case=5", or its name, "#scenarios/bind/assigned.scs".
     * @param {URLSearchParams} asked
     */
    caseOf(asked) {
        return this.report.cases[Number(asked.get('case')) - 1] ??
            this.report.cases.find(({ result }) => `#${encodeURI(result.name)}` === location.hash);
    }

    /** Opens the case of the address, or else the first. */
    begin() {
        const asked = new URLSearchParams(location.hash.slice(1));
        const one = this.caseOf(asked) ?? this.list.wanted[0];
        if (one === undefined)
            return;
        const n = Number(asked.get('event'));
        this.open(one, n > 0 ? n : null);
        if (n > 0)
            this.view.setBeside(false);
    }
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
    beginTheme();
    const report = readReport(byId('data').textContent);
    byId('data').remove();
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
    listenToKeys(page.view, {
        n: () => page.moveCase(1), p: () => page.moveCase(-1), '[': () => page.view.moveChoice(-1), ']': () => page.view.moveChoice(1),
        b: () => page.view.setBeside(!page.view.isBeside), '/': () => openFilter(),
    });
    page.begin();
}

begin();
