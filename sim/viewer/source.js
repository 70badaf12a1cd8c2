/*
 * source.js - the text of the scenario, with its steps.
 */
import { h } from './dom.js';

export class Source {
    /**
     * @param {HTMLElement} frame
     * @param {(n: number) => void} choose
     */
    constructor(frame, choose) {
        this.frame = frame;
        this.choose = choose;
        /** @type {Map<number, HTMLElement>} */
        this.lines = new Map();
        /** @type {?HTMLElement} */
        this.current = null;
    }

    /**
     * @param {string} text
     * @param {import('./data.js').RunEvent[]} events
     * @param {?number} failed  the line of the failed step
     */
    show(text, events, failed) {
        /** @type {Map<number, number>} */
        const steps = new Map();
        for (const event of events)
            if (event.type === 'step' && event.line !== null && !steps.has(event.line))
                steps.set(event.line, event.n);
        this.lines.clear();
        this.current = null;
        const lines = text.replace(/\n$/, '').split('\n');
        this.frame.replaceChildren(...lines.map((line, i) => this.line(line, i + 1, steps.get(i + 1), failed)));
        this.frame.scrollTop = 0;
    }

    /**
     * @param {string} text
     * @param {number} number
     * @param {number|undefined} n  of the step that begins here
     * @param {?number} failed
     * @returns {HTMLElement}
     */
    line(text, number, n, failed) {
        const words = h('span', { class: text.startsWith('#') ? 'comment' : text.startsWith('[') ? 'section' : null }, text);
        const classes = [n !== undefined ? 'is-step' : '', number === failed ? 'is-failed' : ''].filter(Boolean).join(' ');
        const content = n === undefined ? words : h('button', { type: 'button', tabindex: '-1', click: () => this.choose(n) }, words);
        const line = h('li', { class: classes || null }, h('span', { class: 'number', 'aria-hidden': 'true' }, number), content,
            number === failed ? h('span', { class: 'hidden' }, ' (this step failed)') : '');
        this.lines.set(number, line);
        return line;
    }

    /** @param {?number} number  the line of the current step */
    select(number) {
        const line = number === null ? undefined : this.lines.get(number);
        if (line === this.current)
            return;
        this.current?.classList.remove('is-current');
        this.current?.removeAttribute('aria-current');
        this.current = line ?? null;
        if (line === undefined)
            return;
        line.classList.add('is-current');
        line.setAttribute('aria-current', 'step');
        const top = line.offsetTop;
        if (top < this.frame.scrollTop || top > this.frame.scrollTop + this.frame.clientHeight - 40)
            this.frame.scrollTop = Math.max(0, top - this.frame.clientHeight / 3);
    }
}
