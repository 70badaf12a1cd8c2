/* The events of scenarios against the schema; needs node alone.  REHEARSE is the program, from the root of the repository. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';

import { chainOf } from '../rows.js';
import { mistakes } from './schema.js';
import { commandOf, root } from './tool.js';

const schema = JSON.parse(readFileSync(new URL('../events.schema.json', import.meta.url), 'utf8'));

/**
 * The lines of a run.
 * @param {...string} words  the command and its options
 * @returns {any[]}
 */
function linesOf(...words) {
    let output = '';
    try {
        output = execFileSync(commandOf(), [...words, '--events', '-'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 30,
            stdio: ['ignore', 'pipe', 'ignore'] });
    } catch (error) {
        const { status, stdout } = /** @type {any} */ (error);
        assert.equal(status, 1, `${words.join(' ')} has the status ${status}`);
        output = stdout;
    }
    return output.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

/** @param {any[]} lines */
function areValid(lines) {
    for (const line of lines)
        assert.deepEqual(mistakes(line, schema), [], JSON.stringify(line).slice(0, 400));
}

/**
 * The lines of a case are between its scenario and its result, are counted from 1, and never go back in time.
 * @param {any[]} lines
 */
function areInOrder(lines) {
    assert.equal(lines[0].type, 'run');
    assert.equal(lines.at(-1).type, 'totals');
    let number = 0;
    let last = { n: 0, time_ns: 0, trace: 0 };
    for (const line of lines.slice(1, -1)) {
        if (line.type === 'scenario') {
            number = line.case;
            last = { n: 0, time_ns: 0, trace: 0 };
        } else if (line.n !== undefined) {
            assert.equal(line.case, number);
            assert.equal(line.n, last.n + 1);
            assert.ok(Number(line.time_ns) >= Number(last.time_ns));
            assert.ok(line.trace >= last.trace);
            last = line;
        }
    }
    assert.equal(lines.filter((line) => line.type === 'case').length, lines[0].cases);
}

test('all scenarios of several topics fit the schema', () => {
    const lines = linesOf('run', ...['federation', 'faults', 'client-state'].map((topic) => `scenarios/${topic}`));
    areValid(lines);
    areInOrder(lines);
    const types = new Set(lines.map((line) => line.type));
    for (const type of ['source', 'step', 'time', 'connection', 'bytes', 'element', 'fault', 'storage', 'route', 'server',
        'client', 'session', 'possible'])
        assert.ok(types.has(type), `no line has the type ${type}`);
});

test('a run with a seed has choices, and fits the schema', () => {
    const lines = linesOf('run', '--seed', '18446744073709551615', 'scenarios/carbons');
    areValid(lines);
    areInOrder(lines);
    assert.equal(lines[0].seed, '18446744073709551615');
    assert.ok(lines.some((line) => line.type === 'choice'));
});

test('the plot of a seed fits the schema', () => {
    const lines = linesOf('replay', '--faults', 'all', '28');
    areValid(lines);
    areInOrder(lines);
});

test('a failure fits the schema, and is the last event', () => {
    const lines = linesOf('run', 'sim/viewer/tests/fails.scs');
    areValid(lines);
    areInOrder(lines);
    const events = lines.filter((line) => line.n !== undefined && line.case === 1);
    const failure = events.find((line) => line.type === 'failure');
    assert.equal(failure.line, lines.find((line) => line.type === 'case').line);
    assert.ok(failure.comparison.some((/** @type {any} */ line) => line.differs));
    assert.equal(events.at(-1), failure);
});

test('what led to a failure has what was saved meanwhile', () => {
    const lines = linesOf('run', 'sim/viewer/tests/saves.scs').filter((line) => line.case === 1);
    const events = lines.filter((line) => line.n !== undefined);
    const chain = new Set(chainOf(events, lines.find((line) => line.type === 'scenario')));
    const stored = events.filter((event) => event.type === 'storage');
    const saves = stored.filter((event) => event.what === 'save' || event.what === 'saved');
    assert.equal(saves.length, 2);
    assert.ok(saves.every((event) => chain.has(event.n)));
    assert.ok(stored.some((event) => event.what === 'load' && !chain.has(event.n)));
});

/** The lines that a verb writes to a file. @param {number} status @param {...string} words @returns {any[]} */
function writtenBy(status, ...words) {
    const room = mkdtempSync(join(tmpdir(), 'events-'));
    const file = join(room, 'events');
    const { status: ended, stderr } = spawnSync(commandOf(), [...words, '--events', file], { cwd: root, encoding: 'utf8' });
    assert.equal(ended, status, `${words.join(' ')}: ${stderr}`);
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
    rmSync(room, { recursive: true });
    return lines;
}

/** @param {any[]} lines @param {string} type @returns {any[]} */
function ofType(lines, type) {
    return lines.filter((line) => line.type === type);
}

test('an exploration that fails has its last run, and a tree whose counts are those of its runs', () => {
    const lines = writtenBy(1, 'explore', 'sim/viewer/tests/order.scs');
    areValid(lines);
    areInOrder(lines);
    const [explored] = ofType(lines, 'explored');
    const nodes = new Map(ofType(lines, 'decision').map((line) => [line.node, line]));
    const sum = (/** @type {any} */ node) => node.branches.reduce((/** @type {number} */ all, /** @type {any} */ branch) =>
        all + branch.passed + branch.known + branch.failed, 0);
    assert.equal(explored.end, 'failed');
    assert.equal(sum(nodes.get(explored.root)), explored.runs);
    const path = [];
    for (let node = nodes.get(explored.root); node !== undefined && node.taken !== null; node = nodes.get(node.branches[node.taken].next))
        path.push([node.concern, node.taken, node.branches.length]);
    assert.deepEqual(ofType(lines, 'choice').map((line) => [line.concern, line.answer, line.possibilities]), path);
    assert.ok(path.some(([, taken]) => taken > 0));
    assert.equal(ofType(lines, 'failure').length, 1);
    for (const node of nodes.values())
        for (const branch of node.branches)
            if (branch.next !== null)
                assert.equal(sum(nodes.get(branch.next)), branch.passed + branch.known + branch.failed);
});

test('an exploration that finishes has a tree that was walked, and no events', () => {
    const lines = writtenBy(0, 'explore', 'scenarios/exploration/block-crosses-a-message.scs');
    areValid(lines);
    const [explored] = ofType(lines, 'explored');
    assert.equal(explored.end, 'finished');
    assert.equal(ofType(lines, 'step').length, 0);
    assert.ok(ofType(lines, 'decision').every((line) => line.taken === null));
});

test('a tree of many runs is bounded', () => {
    const lines = writtenBy(1, 'explore', '--runs', '3000', 'scenarios/exploration/subscribe-to-each-other.scs');
    areValid(lines);
    const decisions = ofType(lines, 'decision');
    assert.equal(ofType(lines, 'explored')[0].end, 'gave up');
    assert.ok(decisions.length > 1000 && decisions.length < 2500, `${decisions.length} nodes`);
});

test('two replayed runs stand side by side', () => {
    const what = 'scenarios/routing/negative-priority.scs';
    const lines = writtenBy(1, 'replay', '--diff', `${what}@7`, what);
    areValid(lines);
    areInOrder(lines);
    const [beside] = ofType(lines, 'beside');
    assert.deepEqual(beside.cases, [1, 2]);
    assert.deepEqual(beside.names, [what, `${what}@7`]);
    for (const side of ['one', 'other']) {
        const shown = beside.rows.map((/** @type {any} */ row) => row[side]?.line).filter(Boolean);
        assert.deepEqual(shown, shown.map((/** @type {number} */ _, /** @type {number} */ i) => i + 1));
    }
    assert.ok(beside.rows.some((/** @type {any} */ row) => !row.similar));
    assert.ok(beside.rows.every((/** @type {any} */ row) => !row.similar || (row.one !== null && row.other !== null)));
});

/* Our core with a mistake, beside the program; without it these are left out. */
const mistaken = join(dirname(commandOf()), 'mistaken', 'core');
const skip = existsSync(mistaken) ? false : 'there is no mistaken core';

test('the cases that part on two servers stand side by side', { skip }, () => {
    const lines = writtenBy(1, 'compare', '--server', 'core', '--server', `pipe:${mistaken}`, 'scenarios/carbons/across-servers-received.scs');
    areValid(lines);
    areInOrder(lines);
    const [beside] = ofType(lines, 'beside');
    assert.deepEqual(ofType(lines, 'case').map((line) => line.status), ['passed', 'failed']);
    assert.equal(beside.of, 'answers');
    assert.ok(beside.rows.some((/** @type {any} */ row) => row.one === null && / receives /.test(row.other.text)));
});

test('a sweep has the first failing seed of each cause, and shrink what is left of it', { skip }, () => {
    const lines = writtenBy(1, 'sweep', '--server', `pipe:${mistaken}`, '--seeds', '0..9', '--faults', 'none');
    areValid(lines);
    areInOrder(lines);
    const [cause] = ofType(lines, 'cause');
    assert.equal(cause.cause, 'order-is-kept');
    assert.equal(cause.of, 10);
    assert.equal(ofType(lines, 'case')[0].name, `seed ${cause.seed}`);
    assert.equal(ofType(lines, 'failure')[0].check.name, 'order-is-kept');
    const shrunk = writtenBy(0, 'shrink', '--server', `pipe:${mistaken}`, '--faults', 'none', '--time', '20s', String(cause.seed));
    areValid(shrunk);
    areInOrder(shrunk);
    assert.equal(ofType(shrunk, 'failure')[0].check.name, 'order-is-kept');
    assert.ok(ofType(shrunk, 'element').length < ofType(lines, 'element').length);
});

test('the page of an implementation report fits the schema', () => {
    const room = mkdtempSync(join(tmpdir(), 'events-'));
    const file = join(room, 'page.html');
    execFileSync(commandOf(), ['conformance', '--html', file], { cwd: root });
    const data = /<script id="data" type="application\/json">([^]*?)<\/script>/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    const lines = data.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    rmSync(room, { recursive: true });
    areValid(lines);
    const features = ofType(lines, 'feature');
    const known = new Set(ofType(lines, 'evidence').map((line) => line.number));
    assert.equal(features.length, 86); /* RFC 6120, 15: 63; RFC 6121, 13: 17; RFC 7622, 8: 6 */
    assert.ok(features.every((line) => line.evidence.every((/** @type {number} */ number) => known.has(number))));
});

test('the validator finds what is wrong', () => {
    const step = { type: 'step', case: 1, n: 1, time_ns: 0, trace: 1, line: 3, text: 'x' };
    assert.deepEqual(mistakes(step, schema), []);
    assert.deepEqual(mistakes({ ...step, line: null }, schema), []);
    assert.deepEqual(mistakes({ ...step, time_ns: '18446744073709551615' }, schema), []);
    assert.deepEqual(mistakes({ ...step, text: 7 }, schema), ['.text is not of the type string']);
    assert.deepEqual(mistakes({ ...step, n: 0 }, schema), ['.n is below 1']);
    assert.deepEqual(mistakes({ ...step, more: 1 }, schema), [' may not have more']);
    assert.deepEqual(mistakes({ ...step, text: undefined }, schema).length, 1);
    assert.notDeepEqual(mistakes({ ...step, type: 'stop' }, schema), []);
    assert.deepEqual(mistakes({ type: 'source', path: 'a', text: 'a\\\\b\\xff' }, schema), []);
    assert.notDeepEqual(mistakes({ type: 'source', path: 'a', text: 'a\\b' }, schema), []);
    assert.deepEqual(mistakes(1, { kind: 'x' }), ['the schema has the unknown keyword kind']);
});
