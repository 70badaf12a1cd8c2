/* The events of scenarios against the schema; needs node alone.  REHEARSE is the program, from the root of the repository. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';

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
        'client', 'session'])
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
