/*
 * failure.js - what a failure shows: the sentence, expected beside received, and what led there.
 */
import { clockText } from './data.js';
import { h } from './dom.js';
import { spokenRow } from './rows.js';

/**
 * A cell, whose wrapped lines stay behind its indentation.
 * @param {string} text
 * @returns {HTMLElement}
 */
function cell(text) {
    const depth = /^ */.exec(text)?.[0].length ?? 0;
    return h('td', {}, h('code', { style: `--depth:${depth}` }, text.slice(depth)));
}

/**
 * @param {import('./data.js').Difference[]} lines
 * @returns {HTMLElement}
 */
function comparison(lines) {
    const rows = lines.map((line) => h('tr', { class: line.differs ? 'differs' : null },
        cell(line.expected),
        h('td', { class: 'sign' }, line.differs ? h('span', { role: 'img', 'aria-label': 'differs from' }, '≠') : ''),
        cell(line.received)));
    return h('div', { class: 'comparison', tabindex: '0', role: 'group', 'aria-label': 'Expected and received' }, h('table', {},
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'expected'), h('td', {}), h('th', { scope: 'col' }, 'received'))),
        h('tbody', {}, ...rows)));
}

/**
 * @param {import('./data.js').Check} check
 * @returns {HTMLElement}
 */
function checkText(check) {
    return h('div', { class: 'check' },
        h('p', {}, h('strong', {}, check.name), ' does not hold: ', check.detail),
        h('blockquote', {}, check.sentence, h('footer', {}, check.source)));
}

/**
 * @param {import('./rows.js').Row[]} rows  of the chain
 * @param {(n: number) => void} choose
 * @returns {HTMLElement}
 */
function chainList(rows, choose) {
    return h('ol', { class: 'chain' }, ...rows.map((row) => h('li', { class: `tone-${row.tone}` },
        h('button', { type: 'button', 'data-n': row.n, 'aria-label': spokenRow(row), click: () => choose(row.n) },
            h('span', { class: 'time' }, clockText(row.event.time_ns)),
            h('span', { class: 'who' }, row.from === null || row.to === null ? '' : wayText(row)),
            h('span', { class: 'words' }, row.title)))));
}

/**
 * @param {import('./rows.js').Row} row
 * @returns {string}
 */
export function wayText(row) {
    const name = (/** @type {?string} */ id) => (id ?? '').replace(/^(client|server) /, '');
    return row.from === row.to ? name(row.from) : `${name(row.from)} → ${name(row.to)}`;
}

/**
 * @param {import('./data.js').Case} one
 * @param {import('./data.js').RunEvent|undefined} failure
 * @param {import('./rows.js').Row[]} chain
 * @param {(n: number) => void} choose
 * @returns {HTMLElement}
 */
export function shownFailure(one, failure, chain, choose) {
    const { result } = one;
    const differences = (failure?.differences ?? '').split('\n').filter(Boolean);
    return h('section', { class: 'failure', 'aria-labelledby': 'failure-title' },
        h('h2', { id: 'failure-title' }, 'Failure', result.line !== null ? ` in line ${result.line}` : ''),
        failure?.check ? checkText(failure.check) : h('p', { class: 'summary' }, failure?.summary ?? result.summary ?? ''),
        failure && failure.comparison.length > 0 ? comparison(failure.comparison) : null,
        differences.length > 0 ? h('ul', { class: 'differences' }, ...differences.map((/** @type {string} */ line) => h('li', {}, line))) : null,
        chain.length > 0 ? h('h3', {}, 'What led here') : null,
        chain.length > 0 ? chainList(chain, choose) : null,
        result.explanation === null ? null : h('details', {}, h('summary', {}, 'The report of this failure'),
            h('pre', { class: 'explanation' }, result.explanation)));
}
