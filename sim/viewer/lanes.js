/*
 * lanes.js - the state of each session, from left to right over the events of a case.
 */
import { h } from './dom.js';

/** @type {[string, (session: any) => any][]} */
const LANES = [
    ['connected', (session) => session?.connected ?? false],
    ['available', (session) => session?.available ?? false],
    ['interested', (session) => session?.interested ?? false],
    ['priority', (session) => (session && (session.available || session.priority !== 0) ? session.priority : null)],
    ['hibernating', (session) => session?.hibernating ?? false],
    ['carbons', (session) => session?.carbons ?? false],
    ['active', (session) => (session?.connected ? session.active : false)],
];

export class Lanes {
    /**
     * @param {HTMLElement} frame
     * @param {(n: number) => void} choose
     */
    constructor(frame, choose) {
        this.frame = frame;
        this.choose = choose;
        this.end = 1;
        this.cursor = h('div', { class: 'cursor' });
        frame.addEventListener('pointerdown', (event) => this.drag(event));
        frame.addEventListener('pointermove', (event) => event.buttons === 1 && this.drag(event));
    }

    /** @param {number} n */
    percent(n) {
        return 100 * (n - 1) / Math.max(1, this.end - 1);
    }

    /**
     * @param {string} name
     * @param {[number, number, any][]} spans
     * @returns {HTMLElement}
     */
    lane(name, spans) {
        const bars = spans.filter(([, , value]) => value !== false && value !== null).map(([from, to, value]) => {
            const left = this.percent(from);
            return h('span', { class: `bar bar-${name}`, style: `left:${left}%;width:${this.percent(to) - left}%`,
                title: `${name}${value === true ? '' : ` ${value}`}: events ${from} to ${to}` },
            name === 'priority' ? value : '');
        });
        return h('div', { class: 'lane' }, h('span', { class: 'lane-name' }, name), h('div', { class: 'track' }, ...bars));
    }

    /**
     * @param {import('./data.js').Scenario} scenario
     * @param {import('./rows.js').States} states
     * @param {number} end      the last event
     * @param {?number} failure  that of the failure
     */
    show(scenario, states, end, failure) {
        this.end = end;
        if (!states.hasSessions()) {
            this.frame.replaceChildren(h('p', { class: 'without' }, 'There was no session, or the sessions of this server cannot be inspected.'));
            return;
        }
        const clients = scenario.clients.map((client) => h('section', { class: 'lane-group', 'aria-label': client.name },
            h('h3', {}, client.name),
            ...LANES.map(([name, value]) => this.lane(name, states.spans(client.name, value, end)))));
        const failed = failure === null ? null
            : h('div', { class: 'failure-line', style: `--at:${this.percent(failure) / 100}` });
        this.frame.replaceChildren(h('div', { class: 'lanes-inside' }, ...clients, failed, this.cursor));
    }

    /** @param {number} n */
    select(n) {
        this.cursor.style.setProperty('--at', String(this.percent(n) / 100));
    }

    /** @param {PointerEvent} event */
    drag(event) {
        const track = this.frame.querySelector('.track')?.getBoundingClientRect();
        if (track === undefined || track.width === 0 || event.clientX < track.left - 8)
            return;
        const share = Math.min(1, Math.max(0, (event.clientX - track.left) / track.width));
        this.choose(1 + Math.round(share * (this.end - 1)));
    }
}
