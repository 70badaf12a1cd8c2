/*
 * worker.js - the worker: it loads the program, and answers each wish with the lines of its run.
 */
import { Program } from './module.js';

/** @type {Promise<WebAssembly.Module>} */
const compiled = fetch(new URL('playground.wasm', import.meta.url)).then((answer) => answer.arrayBuffer()).then((bytes) => WebAssembly.compile(bytes));

/** @type {?Program} */
let program = null;

addEventListener('message', async ({ data }) => {
    try {
        program ??= new Program(await compiled);
        const began = performance.now();
        const lines = program.run(data);
        postMessage({ lines, ms: performance.now() - began });
    } catch (error) {
        program = null;
        postMessage({ crash: error instanceof Error ? error.message : String(error) });
    }
});
