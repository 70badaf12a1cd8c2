/*
 * diagram.js - the sequence diagram: time goes down, each event is a row.  Only the rows in view are in the page.
 */
import { clockText } from './data.js';
import { h, s } from './dom.js';
import { spokenRow } from './rows.js';

const ROW = 28;
const GUTTER = 84;
const LANE_LEAST = 92;
const STORAGE_WIDTH = 0.75; /* of the width of another lifeline */
const LETTER = 6.4; /* about the width of a letter of a label */
const LABEL_LEAST = 240; /* a label this wide may be cut */
const SLOPE_MOST = 5; /* rows that an arrow may cross upwards */

export class Diagram {
    /**
     * @param {HTMLElement} frame
     * @param {(n: number) => void} choose  called when an event is chosen here
     */
    constructor(frame, choose) {
        this.frame = frame;
        this.choose = choose;
        /** @type {import('./rows.js').Row[]} */
        this.rows = [];
        /** @type {import('./rows.js').Lifeline[]} */
        this.lifelines = [];
        this.selected = -1;
        this.chain = new Set();
        /** @type {import('./rows.js').Activity[]} */
        this.activities = [];
        /** @type {SVGElement[]} */
        this.drawnActivities = [];
        this.head = h('div', { class: 'heads', 'aria-hidden': 'true' });
        this.sheet = h('div', { class: 'sheet', role: 'listbox', tabindex: '0', 'aria-label': 'Events' });
        frame.replaceChildren(this.head, this.sheet);
        frame.addEventListener('scroll', () => this.draw());
        new ResizeObserver(() => this.layOut()).observe(frame);
    }

    /**
     * @param {import('./rows.js').Lifeline[]} lifelines
     * @param {import('./rows.js').Row[]} rows
     * @param {Set<number>} chain
     * @param {import('./rows.js').Activity[]} activities
     */
    show(lifelines, rows, chain, activities) {
        this.activities = activities;
        this.lifelines = lifelines;
        this.rows = rows;
        this.chain = chain;
        this.layOut();
    }

    layOut() {
        const shares = this.lifelines.map((line) => (line.kind === 'storage' ? STORAGE_WIDTH : 1));
        const all = Math.max(1, shares.reduce((sum, share) => sum + share, 0));
        const width = Math.max(this.frame.clientWidth, GUTTER + LANE_LEAST * all);
        const lane = (width - GUTTER) / all;
        const lefts = shares.map((_, i) => GUTTER + lane * shares.slice(0, i).reduce((sum, share) => sum + share, 0));
        this.width = width;
        this.places = new Map(this.lifelines.map((line, i) => [line.id, lefts[i] + lane * shares[i] / 2]));
        this.head.style.width = this.sheet.style.width = `${width}px`;
        this.sheet.style.height = `${this.rows.length * ROW + Math.floor(this.frame.clientHeight * 0.4)}px`;
        this.head.replaceChildren(...this.lifelines.map((line, i) => h('div', {
            class: `head head-${line.kind}`, style: `left:${lefts[i]}px;width:${lane * shares[i]}px`, title: line.about },
        h('strong', {}, line.name), h('span', {}, line.about))));
        this.drawnActivities = this.activities.map((activity) => this.activity(activity));
        this.draw();
    }

    /**
     * Where a row was sent from: the boundary behind the last row before that time.
     * @param {number} index
     * @returns {number}
     */
    sentAt(index) {
        const sent = this.rows[index].event.sent_ns;
        const middle = (index + 0.5) * ROW;
        if (sent === undefined)
            return middle;
        let at = index;
        while (at > 0 && index - at < SLOPE_MOST && this.rows[at - 1].event.time_ns > sent)
            at--;
        return Math.min(middle - 5, at * ROW + 4);
    }

    /**
     * @param {number} index
     * @returns {?SVGElement}
     */
    arrow(index) {
        const row = this.rows[index];
        const from = this.places?.get(row.from ?? '');
        const to = this.places?.get(row.to ?? '');
        if (from === undefined || to === undefined)
            return null;
        const y = (index + 0.5) * ROW;
        const tone = `tone-${row.tone}`;
        if (from === to)
            return s('rect', { class: `mark ${tone}`, x: from - 4, y: y - 4, width: 8, height: 8,
                transform: `rotate(45 ${from} ${y})` });
        const way = Math.sign(to - from);
        const y0 = this.sentAt(index);
        return s('g', { class: `arrow ${tone}` },
            s('line', { x1: from, y1: y0, x2: to - way * 7, y2: y }),
            s('circle', { cx: from, cy: y0, r: 2.5 }),
            s('path', { d: `M ${to} ${y} l ${-way * 9} -4.5 l 0 9 z` }));
    }

    /**
     * Whether the words of a row are about as short as a width, or the width is as much as they get.
     * @param {import('./rows.js').Row} row
     * @param {number} width
     * @returns {boolean}
     */
    hasRoom(row, width) {
        return LETTER * [row.title, ...row.marks].join('   ').length + 14 <= width ||
            width >= Math.min(LABEL_LEAST, this.frame.clientWidth / 4);
    }

    /**
     * The words at the side of an arrow that is too short for them, where there is more room.
     * @param {import('./rows.js').Row} row
     * @param {number} left
     * @param {number} right
     * @param {HTMLElement[]} marks
     * @returns {HTMLElement}
     */
    beside(row, left, right, marks) {
        const width = this.width ?? 0;
        const isRight = width - right >= left - GUTTER;
        const style = isRight ? `left:${right + 8}px;max-width:${width - right - 12}px`
            : `right:${width - left + 8}px;max-width:${left - GUTTER - 8}px`;
        return h('span', { class: 'label', style },
            h('span', { class: 'pill' }, h('span', { class: 'words' }, row.title), ...marks));
    }

    /**
     * The words of a row, where its arrow is.
     * @param {import('./rows.js').Row} row
     * @returns {HTMLElement}
     */
    label(row) {
        const from = this.places?.get(row.from ?? '');
        const to = this.places?.get(row.to ?? '');
        const marks = row.marks.map((mark) => h('span', { class: 'tag' }, mark));
        if (from === undefined || to === undefined)
            return h('span', { class: 'label band' }, row.event.line ? h('span', { class: 'number' }, row.event.line) : '',
                h('span', { class: 'words' }, row.title), ...marks);
        if (from === to) {
            const right = from < (this.width ?? 0) - 240;
            const style = right ? `left:${from + 10}px;max-width:${(this.width ?? 0) - from - 14}px`
                : `right:${(this.width ?? 0) - from + 10}px;max-width:${from - GUTTER}px`;
            return h('span', { class: 'label aside', style }, h('span', { class: 'words' }, row.title), ...marks);
        }
        const left = Math.min(from, to);
        if (!this.hasRoom(row, Math.abs(to - from) - 24))
            return this.beside(row, left, Math.max(from, to), marks);
        return h('span', { class: 'label over', style: `left:${left + 10}px;width:${Math.abs(to - from) - 24}px` },
            h('span', { class: 'pill' }, h('span', { class: 'words' }, row.title), ...marks));
    }

    /**
     * @param {number} index
     * @returns {HTMLElement}
     */
    option(index) {
        const row = this.rows[index];
        const before = this.rows[index - 1]?.event.time_ns;
        const shown = before !== row.event.time_ns || row.tone === 'step';
        const own = index === this.selected;
        const classes = ['row', `tone-${row.tone}`, own ? 'selected' : '', row.failed ? 'failed' : '',
            this.chain.has(row.n) ? 'in-chain' : ''];
        return h('div', { id: `event-${row.n}`, class: classes.filter(Boolean).join(' '), role: 'option',
            style: `top:${index * ROW}px`, 'aria-selected': own ? 'true' : 'false', 'aria-setsize': this.rows.length,
            'aria-posinset': index + 1, 'aria-label': spokenRow(row), click: () => this.choose(row.n) },
        h('span', { class: 'time' }, shown ? clockText(row.event.time_ns) : ''), this.label(row));
    }

    /**
     * The part of a lifeline on which a client is connected, or a server is down.
     * @param {import('./rows.js').Activity} activity
     * @returns {SVGElement}
     */
    activity({ lifeline, from, to, kind }) {
        const x = this.places?.get(lifeline) ?? 0;
        /** @param {number} n */
        const place = (n) => {
            const index = this.rows.findIndex((row) => row.n >= n);
            return (index < 0 ? this.rows.length : index + 0.5) * ROW;
        };
        return s('rect', { class: `activity activity-${kind}`, x: x - 2.5, y: place(from), width: 5,
            height: Math.max(0, place(to) - place(from)), rx: 2 });
    }

    draw() {
        const top = this.frame.scrollTop;
        const first = Math.max(0, Math.floor(top / ROW) - 10);
        const last = Math.min(this.rows.length, Math.ceil((top + this.frame.clientHeight) / ROW) + 10);
        const lines = s('svg', { class: 'lines', 'aria-hidden': 'true', width: this.width, height: this.rows.length * ROW });
        for (const x of this.places?.values() ?? [])
            lines.append(s('line', { class: 'lifeline', x1: x, y1: first * ROW, x2: x, y2: last * ROW }));
        lines.append(...this.drawnActivities);
        const options = [];
        for (let i = first; i < last; i++) {
            options.push(this.option(i));
            const arrow = this.arrow(i);
            if (arrow !== null)
                lines.append(arrow);
        }
        this.sheet.replaceChildren(...options, lines);
        const selected = this.rows[this.selected];
        if (selected !== undefined)
            this.sheet.setAttribute('aria-activedescendant', `event-${selected.n}`);
        else
            this.sheet.removeAttribute('aria-activedescendant');
    }

    /**
     * Scrolls sideways to the ends of the arrow of a row.
     * @param {import('./rows.js').Row|undefined} row
     */
    showAcross(row) {
        const ends = [row?.from, row?.to].map((id) => this.places?.get(id ?? '')).filter((x) => x !== undefined);
        if (ends.length === 0)
            return;
        const left = Math.min(...ends) - LANE_LEAST;
        const right = Math.max(...ends) + LANE_LEAST;
        if (left < this.frame.scrollLeft || right > this.frame.scrollLeft + this.frame.clientWidth)
            this.frame.scrollLeft = Math.max(0, (left + right - this.frame.clientWidth) / 2);
    }

    /**
     * Selects the last row up to event n, and brings it into view.
     * @param {number} n
     * @param {boolean} centred
     */
    select(n, centred) {
        this.selected = this.rows.findLastIndex((row) => row.n <= n);
        this.showAcross(this.rows[this.selected]);
        const top = this.selected * ROW;
        const height = this.frame.clientHeight - this.head.offsetHeight;
        if (centred || top < this.frame.scrollTop || top + ROW > this.frame.scrollTop + height)
            this.frame.scrollTop = Math.max(0, top - height / 2);
        this.draw();
    }
}
