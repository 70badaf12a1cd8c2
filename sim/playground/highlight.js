/*
 * highlight.js - the words of a scenario (scenarios/README.md) in colours.  It reads lines as they are written, also wrong
 * ones: what it does not know is text.
 */
import { h } from '../viewer/dom.js';

const VERBS = ['connects', 'disconnects', 'sends', 'receives', 'authenticates', 'resumes', 'binds', 'pipelines', 'opens', 'closes',
    'restarts', 'starts', 'fails', 'is', 'are', 'has', 'have', 'passes', 'pass', 'routes', 'answers', 'crashes', 'breaks',
    'stalls', 'takes', 'carries', 'heals', 'dies', 'drops', 'ignores', 'manages', 'enables', 'shuts'].join('|');

/** What begins a line, and is all of it. */
const LINES = [[/^\s*##[^#]/, 'tag'], [/^\s*(#|\/\/|--(\s|$))/, 'comment'], [/^---+\s*$/, 'rule'], [/^\[[^\]]*\]/, 'section']];

/** Parts of other lines: in an element, and in a step. */
const PARTS = new RegExp([
    '(?<variable>\\$\\{[^}]*\\}|\\{scansion:[^}]*\\})', '(?<element></?[A-Za-z_?!][^\\s<>/="\']*|/?>)', '(?<attribute>[A-Za-z_:][\\w:.-]*(?==["\']))',
    '(?<value>(?<==)"[^"]*"|(?<==)\'[^\']*\')', '(?<string>"(?:[^"\\\\]|\\\\.)*")', '(?<number>\\b\\d+\\b)'].join('|'), 'g');
const STEP = new RegExp(`${PARTS.source}|(?<verb>\\b(?:${VERBS})\\b)`, 'g');

/**
 * @param {string} text
 * @returns {Node[]}
 */
function partsOf(text) {
    const property = /^\s+[a-z][A-Za-z_ ]*(?=:(\s|$))/.exec(text)?.[0] ?? '';
    /** @type {Node[]} */
    const parts = property === '' ? [] : [h('span', { class: 'code-property' }, property)];
    const words = /^\s/.test(text) ? PARTS : STEP;
    let at = words.lastIndex = property.length;
    for (let found = words.exec(text); found !== null; found = words.exec(text)) {
        const kind = Object.entries(found.groups ?? {}).find(([, value]) => value !== undefined)?.[0];
        parts.push(document.createTextNode(text.slice(at, found.index)), h('span', { class: `code-${kind}` }, found[0]));
        at = words.lastIndex;
    }
    parts.push(document.createTextNode(text.slice(at)));
    return parts;
}

/**
 * A line as it is shown.
 * @param {string} text
 * @returns {HTMLElement}
 */
export function shownLine(text) {
    const kind = LINES.find(([pattern]) => /** @type {RegExp} */ (pattern).test(text))?.[1];
    if (kind === undefined)
        return h('span', { class: 'line' }, ...partsOf(text));
    const [, head, rest] = /^(\s*##\s*[^:]*|\[[^\]]*\])?(.*)$/s.exec(text) ?? [];
    const name = kind === 'section' ? 'name' : 'comment';
    return h('span', { class: 'line' }, h('span', { class: `code-${kind}` }, head), h('span', { class: `code-${head ? name : kind}` }, rest));
}
