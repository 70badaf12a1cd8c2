/*
 * module.js - the program, which is WebAssembly: how it is loaded, and called (playground.h).
 *
 * The program asks its host for next to nothing (WASI, preview 1): the time, for the real time of a report, and an
 * output for the sentence of a failed assertion.  It has no files.
 */

/**
 * What a run is asked for.
 * @typedef {{text: string, seed: string, row: number, allocation: number, strict: boolean, explore: boolean}} Wishes
 */

const NOT_SUPPORTED = 58; /* ENOTSUP of WASI */
const POINTER = 4; /* bytes */

/** A failed assertion of the program, or a trap. */
export class Crash extends Error {}

export class Program {
    /** @param {WebAssembly.Module} module */
    constructor(module) {
        this.said = '';
        /** @type {any} */
        this.exports = new WebAssembly.Instance(module, this.imports(module)).exports;
        this.exports._initialize?.();
    }

    /** @returns {DataView} */
    get memory() {
        return new DataView(this.exports.memory.buffer);
    }

    /**
     * What the module imports: the functions below; any other fails, as it does where there is no such thing.
     * @param {WebAssembly.Module} module
     * @returns {WebAssembly.Imports}
     */
    imports(module) {
        /** @type {Object<string, Function>} */
        const known = {
            clock_time_get: (/** @type {number} */ _clock, /** @type {bigint} */ _precision, /** @type {number} */ at) => {
                this.memory.setBigUint64(at, BigInt(Math.round(performance.now() * 1e6)), true);
                return 0;
            },
            fd_write: (/** @type {number} */ _file, /** @type {number} */ list, /** @type {number} */ count, /** @type {number} */ at) =>
                this.write(list, count, at),
            proc_exit: (/** @type {number} */ status) => {
                throw new Crash(this.said || `the program ended with ${status}`);
            },
            emscripten_notify_memory_growth: () => {},
        };
        /** @type {Object<string, Object<string, Function>>} */
        const imports = {};
        for (const { module: from, name } of WebAssembly.Module.imports(module)) {
            imports[from] ??= {};
            imports[from][name] = known[name] ?? (() => NOT_SUPPORTED);
        }
        return /** @type {any} */ (imports);
    }

    /**
     * Keeps what the program writes.
     * @param {number} list
     * @param {number} count
     * @param {number} at  where the number of bytes goes
     */
    write(list, count, at) {
        let all = 0;
        for (let i = 0; i < count; i++) {
            const begin = this.memory.getUint32(list + 8 * i, true);
            const length = this.memory.getUint32(list + 8 * i + POINTER, true);
            this.said += new TextDecoder().decode(new Uint8Array(this.exports.memory.buffer, begin, length));
            all += length;
        }
        this.memory.setUint32(at, all, true);
        return 0;
    }

    /**
     * A copy of a text, with its NUL.
     * @param {string} text
     * @returns {number}
     */
    put(text) {
        const bytes = new TextEncoder().encode(text);
        const at = this.exports.malloc(bytes.length + 1);
        const copy = new Uint8Array(this.exports.memory.buffer, at, bytes.length + 1);
        copy.set(bytes);
        copy[bytes.length] = 0;
        return at;
    }

    /**
     * @param {number} at
     * @returns {string}
     */
    take(at) {
        const bytes = new Uint8Array(this.exports.memory.buffer, at);
        const text = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
        this.exports.free(at);
        return text;
    }

    /**
     * The lines of a run (playground.h).  After a crash the program cannot be called again.
     * @param {Wishes} wishes
     * @returns {string}
     * @throws {Crash}
     */
    run(wishes) {
        this.said = '';
        const text = this.put(wishes.text.replaceAll('\0', '\uFFFD'));
        const seed = this.put(wishes.seed);
        try {
            const lines = this.exports.playground_run(text, seed, wishes.row, wishes.allocation, wishes.strict, wishes.explore);
            this.exports.free(text);
            this.exports.free(seed);
            return this.take(lines);
        } catch (error) {
            throw error instanceof Crash ? error : new Crash(`${this.said}${error instanceof Error ? error.message : error}`);
        }
    }
}
