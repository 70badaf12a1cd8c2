/*
 * editor.js - the text of the scenario: written in a textarea, shown in colours behind it, with marks at lines.
 *
 * It is the source of a CaseView (viewer/view.js): it marks the step of the moment that is shown.
 */
import { byId, h } from '../viewer/dom.js';
import { shownLine } from './highlight.js';

export class Editor {
    /** @param {() => void} changed  called when the text was changed by its writer */
    constructor(changed) {
        this.changed = changed;
        this.area = byId('text');
        /** @type {string[]} */
        this.lines = [];
        /** @type {?number} */
        this.failed = null;
        /** @type {?number} */
        this.current = null;
        /** @type {number[]} */
        this.wrong = [];
        this.leaves = false;
        this.area.addEventListener('input', () => this.follow());
        this.area.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.press(event));
        this.area.addEventListener('blur', () => { this.leaves = false; });
        this.draw();
    }

    get text() {
        return this.area.value;
    }

    /** @param {string} text */
    set text(text) {
        this.area.value = text;
        this.area.setSelectionRange(0, 0);
        byId('editor').scrollTo(0, 0);
        this.draw();
    }

    follow() {
        this.draw();
        this.changed();
    }

    /**
     * Tab inserts a tab, unless Escape was pressed before: else the text could not be left by keyboard.
     * @param {KeyboardEvent} event
     */
    press(event) {
        if (event.key === 'Tab' && !event.shiftKey && !event.ctrlKey && !event.altKey && !this.leaves) {
            event.preventDefault();
            this.insert('\t');
        }
        this.leaves = event.key === 'Escape';
    }

    /**
     * Writes at the cursor, as if typed, so that it can be undone.
     * @param {string} text
     */
    insert(text) {
        this.area.focus();
        if (!document.execCommand('insertText', false, text)) {
            this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, 'end');
            this.follow();
        }
    }

    /**
     * Inserts a line behind that of the cursor.
     * @param {string} line
     */
    insertLine(line) {
        const end = this.text.indexOf('\n', this.area.selectionStart);
        const at = end < 0 ? this.text.length : end;
        this.area.setSelectionRange(at, at);
        this.insert(`\n\n${line}`);
    }

    /** Shows the lines that have changed. */
    draw() {
        const lines = this.text.split('\n');
        const shown = byId('shown');
        const numbers = byId('numbers');
        lines.forEach((line, i) => {
            if (line === this.lines[i] && i < shown.children.length)
                return;
            const now = shownLine(line);
            if (i < shown.children.length)
                shown.children[i].replaceWith(now);
            else
                shown.append(now);
        });
        while (shown.children.length > lines.length)
            shown.lastElementChild?.remove();
        while (numbers.children.length < lines.length)
            numbers.append(h('li', {}, numbers.children.length + 1));
        while (numbers.children.length > lines.length)
            numbers.lastElementChild?.remove();
        this.lines = lines;
        this.mark();
    }

    mark() {
        const marks = [['is-current', [this.current]], ['is-failed', [this.failed]], ['is-wrong', this.wrong]];
        for (const [name, numbers] of /** @type {[string, (?number)[]][]} */ (marks)) {
            for (const list of [byId('shown'), byId('numbers')]) {
                for (const line of list.querySelectorAll(`.${name}`))
                    line.classList.remove(name);
                for (const number of numbers)
                    list.children[(number ?? 0) - 1]?.classList.add(name);
            }
        }
    }

    /**
     * Marks the lines with errors; then no step is marked.
     * @param {number[]} lines
     */
    markErrors(lines) {
        this.wrong = lines;
        if (lines.length > 0)
            this.current = this.failed = null;
        this.mark();
    }

    /**
     * Puts the cursor at the end of a line.
     * @param {number} number
     */
    goTo(number) {
        const at = this.lines.slice(0, number).join('\n').length;
        this.area.focus();
        this.area.setSelectionRange(at, at);
        this.reveal(number);
    }

    /** @param {number} number */
    reveal(number) {
        const frame = byId('editor');
        const line = byId('numbers').children[number - 1];
        if (line === undefined)
            return;
        const top = /** @type {HTMLElement} */ (line).offsetTop;
        if (top < frame.scrollTop || top > frame.scrollTop + frame.clientHeight - 40)
            frame.scrollTop = Math.max(0, top - frame.clientHeight / 3);
    }

    /* ---- As the source of a view ---- */

    /**
     * @param {string} _text
     * @param {import('../viewer/data.js').RunEvent[]} _events
     * @param {?number} failed
     */
    show(_text, _events, failed) {
        this.failed = failed;
        this.current = null;
        this.mark();
    }

    /** @param {?number} line */
    select(line) {
        if (line === this.current)
            return;
        this.current = line;
        this.mark();
        if (line !== null && document.activeElement !== this.area)
            this.reveal(line);
    }
}
