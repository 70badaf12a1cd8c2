/* The types that comments give the modules of the page and of the playground. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';

import { root } from './tool.js';

test('the modules are what their comments say', () => {
    const compiler = resolve(root, process.env.MODULES ?? 'build/viewer', 'node_modules/typescript/bin/tsc');
    const { stdout, stderr, status } = spawnSync(process.execPath, [compiler, '-p', 'sim/viewer'], { cwd: root, encoding: 'utf8' });
    assert.equal(stdout + stderr, '');
    assert.equal(status, 0);
});
