/*
 * tool.js - where the tests find the program.
 */
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** @returns {string} the program, which the environment may name as seen from the root */
export function commandOf() {
    return resolve(root, process.env.REHEARSE ?? 'build/rehearse');
}
