/*
 * features.js - the implementation report: each feature with its clause, what shows it, and the verdict on each server.
 */
import { byId, h } from './dom.js';

const VERDICTS = ['supported', 'failed', 'not shown', 'not applicable'];

/**
 * @param {import('./data.js').Feature} feature
 * @returns {string}
 */
function levelText({ server, client }) {
    return server !== null ? `server ${server}` : client !== null ? `client ${client}` : '';
}

/**
 * @param {import('./data.js').Feature} feature
 * @param {Map<number, import('./data.js').Evidence>} evidence
 * @returns {string}
 */
function featureWords(feature, evidence) {
    const shows = feature.evidence.map((number) => evidence.get(number)).map((one) => `${one?.title} ${one?.name}`);
    return [feature.feature, feature.description, feature.reason ?? '', ...shows].join('\n').toLowerCase();
}

/**
 * @param {import('./data.js').Feature} feature
 * @param {{words: string, verdict: string, rfc: string, level: string, clause: string}} filter
 * @param {string} words  of the feature
 * @returns {boolean}
 */
export function isWantedFeature(feature, filter, words) {
    return filter.words.toLowerCase().split(/\s+/).every((word) => words.includes(word)) &&
        (filter.verdict === '' || feature.verdicts.includes(filter.verdict)) &&
        (filter.rfc === '' || feature.rfc === filter.rfc) && (filter.level === '' || feature.server === filter.level) &&
        `${feature.rfc} ${feature.section}`.includes(filter.clause);
}

export class Features {
    /** @param {import('./data.js').Report} report */
    constructor(report) {
        this.report = report;
        this.servers = report.conformance?.servers ?? [];
        this.words = new Map(report.features.map((feature) => [feature, featureWords(feature, report.evidence)]));
        this.rows = new Map(report.features.map((feature) => [feature, this.row(feature)]));
    }

    show() {
        const { features } = this.report;
        byId('rfc').append(...[...new Set(features.map((feature) => feature.rfc))].map((rfc) => h('option', { value: rfc }, `RFC ${rfc}`)));
        byId('features-sums').append(...this.servers.map((server, i) => h('tr', {}, h('th', { scope: 'row' }, server),
            ...VERDICTS.map((verdict) => h('td', {}, features.filter((feature) => feature.verdicts[i] === verdict).length)))));
        byId('features-head').append(...['Feature', 'Clause', 'Level', ...this.servers].map((name) => h('th', { scope: 'col' }, name)));
        const form = byId('features-filter');
        form.addEventListener('input', () => this.filter());
        form.addEventListener('submit', (/** @type {Event} */ event) => event.preventDefault());
        this.filter();
    }

    /**
     * @param {import('./data.js').Feature} feature
     * @returns {HTMLElement}
     */
    row(feature) {
        return h('tr', {},
            h('th', { scope: 'row' }, h('span', { class: 'feature-name' }, feature.feature), h('p', {}, feature.description),
                feature.reason === null ? null : h('p', { class: 'reason' }, feature.reason), this.evidence(feature)),
            h('td', { 'data-label': 'Clause' }, `RFC ${feature.rfc}, ${feature.section}`),
            h('td', { 'data-label': 'Level' }, levelText(feature)),
            ...feature.verdicts.map((verdict, i) => h('td', { 'data-label': this.servers[i] },
                h('span', { class: `verdict verdict-${verdict.replace(' ', '-')}` }, verdict))));
    }

    /**
     * The scenarios that show a feature; they are made when they are asked for.
     * @param {import('./data.js').Feature} feature
     * @returns {?HTMLElement}
     */
    evidence(feature) {
        const count = feature.evidence.length;
        if (count === 0)
            return null;
        const failed = feature.evidence.some((number) => this.report.evidence.get(number)?.outcomes.includes('failed'));
        const details = h('details', {}, h('summary', {}, `${count} ${count === 1 ? 'scenario shows' : 'scenarios show'} it`, failed ? ', not all pass' : ''));
        details.addEventListener('toggle', () => {
            if (details.childElementCount === 1)
                details.append(h('ul', { class: 'evidence' }, ...feature.evidence.map((number) => this.scenario(number))));
        });
        return details;
    }

    /**
     * @param {number} number
     * @returns {HTMLElement}
     */
    scenario(number) {
        const one = /** @type {import('./data.js').Evidence} */ (this.report.evidence.get(number));
        const notes = one.outcomes.flatMap((outcome, i) => (outcome === 'passed' ? []
            : [h('span', { class: `outcome outcome-${outcome.replace(' ', '-')}` }, `${this.servers[i]}: ${outcome}`, one.summaries[i] === null ? '' : `: ${one.summaries[i]}`)]));
        return h('li', {}, h('span', {}, one.title), h('code', {}, one.name), ...notes);
    }

    filter() {
        const filter = { words: byId('feature-words').value, verdict: byId('verdict').value, rfc: byId('rfc').value,
            level: byId('level').value, clause: byId('feature-clause').value.trim() };
        const all = this.report.features;
        const wanted = all.filter((feature) => isWantedFeature(feature, filter, this.words.get(feature) ?? ''));
        byId('features-body').replaceChildren(...wanted.map((feature) => /** @type {HTMLElement} */ (this.rows.get(feature))));
        byId('features-count').textContent = wanted.length === all.length ? `${all.length} features` : `${wanted.length} of ${all.length} features`;
    }
}
