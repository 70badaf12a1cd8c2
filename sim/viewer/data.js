/*
 * data.js - the lines of a report with events (FORMAT.md), read into cases.
 *
 * The lines of events are parsed when a case is opened: a page with many opens as fast as one with few.
 */

/**
 * @typedef {{name: string, sentence: string, source: string, detail: string, trace: number, time_ns: number}} Check
 * @typedef {{expected: string, received: string, differs: boolean}} Difference
 *
 * A line of the report; FORMAT.md says which type has which members.
 * @typedef {Object<string, any> & {type: string, n: number, time_ns: number, trace: number}} RunEvent
 *
 * @typedef {{type: string, case: number, path: string, name: string, title: string, line: ?number,
 *            tags: [string, string][], servers: string[], clients: {name: string, jid: string, server: string}[]}} Scenario
 *
 * The tree of choices of an exploration: a decision by its number, and the sums.
 * @typedef {{passed: number, known: number, failed: number, next: ?number}} Branch
 * @typedef {{node: number, concern: string, taken: ?number, branches: Branch[]}} Decision
 * @typedef {{end: string, runs: number, states: number, root: ?number, decisions: Map<number, Decision>}} Tree
 *
 * Two runs side by side.
 * @typedef {{side: number, line: number, time_ns: number, text: string}} Side
 * @typedef {{similar: boolean, one: ?Side, other: ?Side}} BesideRow
 * @typedef {{cases: number[], names: string[], of: string, rows: BesideRow[], cut: boolean}} Beside
 *
 * @typedef {{number: number, result: Object<string, any>, scenario: ?Scenario, lines: string[], events: ?RunEvent[],
 *            words: string, tree: ?Tree, treeLines: string[], cause: ?Object<string, any>, beside: ?Beside}} Case
 *
 * @typedef {{type: string, servers: string[]}} Conformance
 * @typedef {{number: number, name: string, title: string, outcomes: string[], summaries: (?string)[]}} Evidence
 * @typedef {{rfc: string, feature: string, section: string, client: ?string, server: ?string, description: string,
 *            reason: ?string, verdicts: string[], evidence: number[]}} Feature
 *
 * @typedef {{run: Object<string, any>, totals: ?Object<string, any>, cases: Case[], sources: Map<string, string>,
 *            conformance: ?Conformance, evidence: Map<number, Evidence>, features: Feature[]}} Report
 */

const EVENTS_FORMAT = 1;

/**
 * A number that may be written as a string of digits.
 * @param {number|string|null|undefined} value
 * @returns {number}
 */
export function numberOf(value) {
    return Number(value ?? 0);
}

/**
 * The bytes as they are shown: a doubled backslash is one again, and a byte that is no text stays "\xNN".
 * @param {string} text
 * @returns {string}
 */
export function shownBytes(text) {
    return text.replaceAll('\\\\', '\\');
}

/**
 * @param {Object<string, any>} result
 * @param {?Scenario} scenario
 * @returns {string}
 */
function wordsOf(result, scenario) {
    const tags = scenario ? scenario.tags.map((tag) => tag.join(': ')) : [];
    return [result.title, result.name, result.summary ?? '', ...tags].join('\n').toLowerCase();
}

/**
 * Reads a report.  Lines of a type that it does not know belong to the events.
 * @param {string} text
 * @returns {Report}
 */
export function readReport(text) {
    /** @type {Report} */
    const report = { run: {}, totals: null, cases: [], sources: new Map(), conformance: null, evidence: new Map(),
        features: [] };
    /** @type {?Scenario} */
    let scenario = null;
    /** @type {string[]} */
    let lines = [];
    /** @type {string[]} */
    let treeLines = [];
    for (const line of text.split('\n')) {
        const type = /^\{"type":"([a-z]+)"/.exec(line)?.[1];
        if (type === undefined)
            continue;
        if (type === 'case') {
            const result = JSON.parse(line);
            const number = report.cases.length + 1;
            report.cases.push({ number, result, scenario, lines, events: null, words: wordsOf(result, scenario),
                tree: null, treeLines, cause: null, beside: null });
            scenario = null;
            lines = [];
            treeLines = [];
        } else if (type === 'scenario') {
            scenario = JSON.parse(line);
        } else if (type === 'source') {
            const source = JSON.parse(line);
            report.sources.set(source.path, shownBytes(source.text));
        } else if (type === 'run') {
            report.run = JSON.parse(line);
        } else if (type === 'totals') {
            report.totals = JSON.parse(line);
        } else if (type === 'decision' || type === 'explored') {
            treeLines.push(line);
        } else if (!readOther(report, type, line)) {
            lines.push(line);
        }
    }
    return report;
}

/**
 * Reads a line that is about cases, or about features.
 * @param {Report} report
 * @param {string} type
 * @param {string} line
 * @returns {boolean}  whether it is one
 */
function readOther(report, type, line) {
    /** @type {Object<string, (value: any) => void>} */
    const readers = {
        cause: (value) => {
            report.cases[report.cases.length - 1].cause = value;
        },
        beside: (value) => value.cases.forEach((/** @type {number} */ number) => {
            const one = report.cases[number - 1];
            if (one !== undefined && one.beside === null)
                one.beside = value;
        }),
        conformance: (value) => {
            report.conformance = value;
        },
        evidence: (value) => report.evidence.set(value.number, value),
        feature: (value) => report.features.push(value),
    };
    readers[type]?.(JSON.parse(line));
    return readers[type] !== undefined;
}

/**
 * The tree of choices of a case, parsed once; null if it was not explored.
 * @param {Case} one
 * @returns {?Tree}
 */
export function treeOf(one) {
    if (one.tree === null && one.treeLines.length > 0) {
        const values = one.treeLines.map((line) => JSON.parse(line));
        const sums = values.find((value) => value.type === 'explored');
        const decisions = values.filter((value) => value.type === 'decision');
        one.tree = { ...sums, decisions: new Map(decisions.map((decision) => [decision.node, decision])) };
        one.treeLines = [];
    }
    return one.tree;
}

/**
 * Whether this page understands the events of a report.
 * @param {Report} report
 * @returns {boolean}
 */
export function isKnownFormat(report) {
    return report.run.events_format === EVENTS_FORMAT;
}

/**
 * The events of a case, parsed once.
 * @param {Case} one
 * @returns {RunEvent[]}
 */
export function eventsOf(one) {
    if (one.events === null) {
        one.events = one.lines.map((line) => JSON.parse(line));
        for (const event of one.events) {
            event.time_ns = numberOf(event.time_ns);
            if (event.sent_ns !== undefined)
                event.sent_ns = numberOf(event.sent_ns);
        }
        one.lines = [];
    }
    return one.events;
}

/**
 * "0.031 s", "5 min 3 s": a virtual time, with as many digits as it has.
 * @param {number} ns
 * @returns {string}
 */
export function clockText(ns) {
    const seconds = Math.floor(ns / 1e9);
    const rest = String(Math.round(ns % 1e9)).padStart(9, '0').replace(/0{1,6}$/, '');
    if (seconds < 60)
        return `${seconds}.${rest} s`;
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    const short = `${String(seconds % 60).padStart(2, '0')}.${rest}`;
    return hours > 0 ? `${hours}:${String(minutes % 60).padStart(2, '0')}:${short}` : `${minutes}:${short}`;
}

/**
 * "870 ns", "4.5 ms", "5 min 3 s": a span.
 * @param {number} ns
 * @returns {string}
 */
export function spanText(ns) {
    /** @param {number} value */
    const digits = (value) => String(Number(value.toPrecision(3)));
    if (ns < 1e3)
        return `${ns} ns`;
    if (ns < 1e6)
        return `${digits(ns / 1e3)} µs`;
    if (ns < 1e9)
        return `${digits(ns / 1e6)} ms`;
    if (ns < 60e9)
        return `${digits(ns / 1e9)} s`;
    const seconds = Math.round(ns / 1e9);
    const parts = [[Math.floor(seconds / 86400), 'd'], [Math.floor(seconds / 3600) % 24, 'h'],
        [Math.floor(seconds / 60) % 60, 'min'], [seconds % 60, 's']];
    return parts.filter(([count]) => count !== 0).slice(0, 2).map(([count, unit]) => `${count} ${unit}`).join(' ');
}
