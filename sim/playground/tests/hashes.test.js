/*
 * The program against build/rehearse: the same scenarios have the same runs.  REHEARSE is the program, PLAYGROUND the
 * folder of the page, both from the root of the repository.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { commandOf, root } from '../../viewer/tests/tool.js';
import { EXAMPLES, FAULTS } from '../examples.js';
import { Program } from '../module.js';

const folder = resolve(root, process.env.PLAYGROUND ?? 'build/playground');
const module = new WebAssembly.Module(readFileSync(join(folder, 'playground/playground.wasm')));
const COMPRESSED_MOST = 1.5e6;
const MEDIAN_MOST = 20;

/** @param {...string} words @returns {any[]} the lines of a report */
function reported(...words) {
    const { stdout, stderr } = spawnSync(commandOf(), ['run', ...words], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
    assert.equal(stderr, '');
    return stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
}

/** @param {string} lines */
const parsed = (lines) => lines.trimEnd().split('\n').map((line) => JSON.parse(line));

/** @param {Partial<import('../module.js').Wishes>} wishes */
const wished = (wishes) => ({ text: '', seed: '', row: 1, allocation: 0, strict: false, explore: false, ...wishes });

/** @param {string} name */
const textOf = (name) => readFileSync(join(root, name), 'utf8');

for (const seed of ['', '1', '4294967297'])
    test(`every scenario has the trace hash of the other program, ${seed ? `seed ${seed}` : 'in the default schedule'}`, (context) => {
        const cases = reported('--format', 'json', ...(seed ? ['--seed', seed] : []), 'scenarios').filter(({ type }) => type === 'case');
        const program = new Program(module);
        /** @type {number[]} */
        const times = [];
        let unread = 0;
        assert.ok(cases.length > 1500);
        for (const one of cases) {
            const text = textOf(one.path);
            const row = Number(/#(\d+)$/.exec(one.name)?.[1] ?? 1);
            const began = process.cpuUsage();
            const lines = program.run(wished({ text, seed, row }));
            const { user, system } = process.cpuUsage(began);
            times.push((user + system) / 1000);
            if (/^\s+from: \S+\.roster$/m.test(text)) {
                assert.match(lines, /^\{"type":"complaint"/);
                unread++;
                continue;
            }
            const own = parsed(lines.slice(lines.lastIndexOf('{"type":"case"')))[0];
            assert.deepEqual([own?.trace_hash, own?.status, own?.events], [one.trace_hash, one.status, one.events], `${one.name}: ${lines.slice(0, 300)}`);
        }
        times.sort((one, other) => one - other);
        const [median, most] = [times[times.length >> 1], times.at(-1)];
        context.diagnostic(`${cases.length - unread} cases have equal hashes; a run takes ${median.toFixed(2)} ms of processor time, at most ${most?.toFixed(0)} ms; ` +
            `${unread} name a file, which the playground cannot read`);
        assert.ok(unread < 3);
        assert.ok(median < MEDIAN_MOST, `${median} ms`);
    });

test('the lines of a run are those of --events', () => {
    /** @param {any[]} lines */
    const comparable = (lines) => lines.map(({ real_ns: _real, path: _path, name: _name, replay: _replay, ...rest }) => rest);
    for (const [name] of EXAMPLES) {
        const path = `scenarios/${name}.scs`;
        const [head, ...own] = parsed(new Program(module).run(wished({ text: textOf(path), seed: '7' })));
        assert.equal(head.type, 'playground');
        assert.deepEqual(comparable(own), comparable(reported('--seed', '7', '--events', '-', path)));
    }
});

/* Which allocation is the thousandth depends on the sizes of structures; which one is among the first does not. */
test('an allocation fails in the same way', () => {
    const path = 'scenarios/presence/subscribe-to-each-other.scs';
    const program = new Program(module);
    for (const nth of [1, 5, 12]) {
        const own = parsed(program.run(wished({ text: textOf(path), allocation: nth }))).find(({ type }) => type === 'case');
        const other = reported('--fail-allocation', String(nth), '--format', 'json', path).find(({ type }) => type === 'case');
        assert.deepEqual([own.status, own.trace_hash], [other.status, other.trace_hash]);
    }
});

test('an exploration has as many orders and states', () => {
    for (const path of ['scenarios/exploration/message-meets-its-recipient.scs', 'scenarios/exploration/block-crosses-a-message.scs']) {
        const { explored } = parsed(new Program(module).run(wished({ text: textOf(path), explore: true })))[0];
        const { stdout } = spawnSync(commandOf(), ['explore', path], { cwd: root, encoding: 'utf8' });
        const [, runs, states, events] = /explored (\d+) runs, (\d+) states, finished, (\d+) events/.exec(stdout) ?? [];
        assert.deepEqual(explored, { end: 'finished', runs: Number(runs), states: Number(states), events: Number(events), choices: null });
    }
});

test('each step that the page inserts is one of the language', () => {
    const text = textOf(`scenarios/${EXAMPLES[0][0]}.scs`);
    for (const step of FAULTS) {
        const lines = new Program(module).run(wished({ text: `${text}\n${step.replace('NAME', 'Romeo')}\n` }));
        assert.match(lines, /^\{"type":"playground"/, `${step}: ${lines.slice(0, 400)}`);
    }
});

test('runs leave no memory behind', () => {
    const program = new Program(module);
    const text = textOf(`scenarios/${EXAMPLES[0][0]}.scs`);
    /** @param {number} count */
    const sizeAfter = (count) => {
        for (let i = 0; i < count; i++)
            program.run(wished({ text, seed: String(i) }));
        return program.exports.memory.buffer.byteLength;
    };
    const once = sizeAfter(50);
    assert.equal(sizeAfter(1000), once);
});

test('all files of the page are small', (context) => {
    const files = /** @type {string[]} */ (readdirSync(folder, { recursive: true })).map((name) => join(folder, name)).filter((name) => statSync(name).isFile());
    const sizes = files.map((name) => gzipSync(readFileSync(name), { level: 9 }).length);
    const all = sizes.reduce((sum, size) => sum + size, 0);
    context.diagnostic(`${files.length} files are ${all} bytes compressed`);
    assert.ok(all < COMPRESSED_MOST, `${all} bytes`);
});
