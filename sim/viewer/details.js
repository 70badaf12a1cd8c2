/*
 * details.js - all that is known of one event, and the state of every session then.
 */
import { clockText, shownBytes, spanText } from './data.js';
import { h } from './dom.js';
import { wayText } from './failure.js';
import { bytesOf } from './rows.js';
import { shownXml } from './xml.js';

/**
 * @param {[string, any][]} facts
 * @returns {HTMLElement}
 */
function factList(facts) {
    return h('dl', { class: 'facts' }, ...facts.filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

/**
 * @param {import('./rows.js').Row} row
 * @returns {[string, any][]}
 */
function factsOf(row) {
    const event = row.event;
    const delay = event.sent_ns === undefined ? null : event.time_ns - event.sent_ns;
    return [
        ['time', clockText(event.time_ns)],
        ['way', row.from !== null && row.from !== row.to ? wayText(row) : null],
        ['sent', delay === null ? null : `${clockText(event.sent_ns)}, ${spanText(delay)} before it arrived`],
        ['namespace', event.namespace],
        ['account', row.about],
        ['server', event.type === 'storage' ? event.server : null],
        ['trace', event.trace > 0 ? `line ${event.trace}` : null],
        ['event', event.n],
    ];
}

/**
 * @param {import('./rows.js').Row} row
 * @returns {Child|null}
 * @typedef {Node|null} Child
 */
function contentOf(row) {
    const event = row.event;
    const bytes = bytesOf(event);
    if (bytes === null)
        return null;
    if (event.type === 'element' || event.type === 'route')
        return h('div', {}, shownXml(bytes), h('details', {}, h('summary', {}, 'As it was written'),
            h('pre', { class: 'raw' }, bytes)));
    return h('pre', { class: 'raw' }, shownBytes(bytes));
}

/**
 * @param {?Object<string, any>} session
 * @returns {HTMLElement}
 */
function sessionText(session) {
    if (session === null)
        return h('span', { class: 'none' }, 'no session');
    const words = [];
    if (session.hibernating)
        words.push('hibernating');
    else if (!session.connected)
        words.push(session.type);
    if (session.available)
        words.push('available');
    if (session.available || session.priority !== 0)
        words.push(`priority ${session.priority}`);
    for (const name of ['interested', 'carbons', 'managed', 'secured'])
        if (session[name])
            words.push(name);
    if (session.waiting)
        words.push('waits for storage');
    if (session.connected && !session.active)
        words.push('inactive');
    if (session.unacked > 0)
        words.push(`${session.unacked} not acknowledged`);
    return h('span', {}, session.jid ? h('code', {}, session.jid) : '', session.jid && words.length > 0 ? ' ' : '', words.join(', '));
}

/**
 * @param {?Object<string, any>} client
 * @returns {HTMLElement}
 */
function clientText(client) {
    if (client === null)
        return h('span', { class: 'none' }, 'no connection');
    const words = [client.state];
    if (client.has_roster)
        words.push(`${client.contacts} ${client.contacts === 1 ? 'contact' : 'contacts'}`);
    if (client.not_consumed > 0)
        words.push(`${client.not_consumed} not consumed`);
    return h('span', {}, words.join(', '), client.online.length > 0
        ? h('span', { class: 'online' }, ' sees ', ...client.online.flatMap((/** @type {string} */ jid, /** @type {number} */ i) =>
            [i > 0 ? ', ' : '', h('code', {}, jid)])) : '');
}

/** What the presences of a session are called here. @type {Object<string, string>} */
const PRESENCES = { unavailable: 'unavailable', negative: 'available with a negative priority', available: 'available' };

/**
 * What the model holds possible of a session, by what came in and what left.
 * @param {?Object<string, any>} possible
 * @returns {HTMLElement}
 */
function possibleText(possible) {
    if (possible === null)
        return h('span', { class: 'none' }, 'no session');
    const words = [possible.presence.map((/** @type {string} */ name) => PRESENCES[name] ?? name).join(' or ')];
    for (const name of ['interested', 'carbons'])
        if (possible[name].includes('yes'))
            words.push(possible[name].includes('no') ? `perhaps ${name}` : name);
    for (const [count, what] of [[possible.unanswered, 'not answered'], [possible.kept, 'kept for it'], [possible.under_way, 'under way to it']])
        if (count > 0)
            words.push(`${count} ${what}`);
    if (possible.must_end !== null)
        words.push(`must have ended: ${possible.must_end}`);
    return h('span', {}, words.join(', '));
}

/**
 * The state of every client and session once an event is over, and what the model holds possible.
 * @param {import('./data.js').Scenario} scenario
 * @param {import('./rows.js').States} states
 * @param {number} n
 * @returns {HTMLElement}
 */
export function shownStates(scenario, states, n) {
    return h('section', { class: 'states', 'aria-labelledby': 'states-title' },
        h('h2', { id: 'states-title' }, 'State at this moment'),
        h('div', { class: 'scroll' }, h('table', {},
            h('thead', {}, h('tr', {}, ...['client', 'what it knows', 'its session', 'what the model holds possible'].map((name) => h('th', { scope: 'col' }, name)))),
            h('tbody', {}, ...scenario.clients.map(({ name }) => {
                const state = states.at(name, n);
                return h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, clientText(state.client)),
                    h('td', {}, sessionText(state.session)), h('td', {}, possibleText(state.possible)));
            })))));
}

/**
 * @param {import('./rows.js').Row} row
 * @returns {HTMLElement}
 */
export function shownEvent(row) {
    return h('section', { class: `event tone-${row.tone}`, 'aria-labelledby': 'event-title' },
        h('h2', { id: 'event-title' }, row.title),
        row.marks.length > 0 ? h('p', {}, ...row.marks.map((mark) => h('span', { class: 'tag' }, mark))) : null,
        factList(factsOf(row)), contentOf(row));
}
