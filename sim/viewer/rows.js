/*
 * rows.js - what a diagram shows of the events of a case: its lifelines, its rows, and the state at any moment.
 */
import { clockText, numberOf, shownBytes, spanText } from './data.js';
import { aboutItem, titleOfElement } from './xml.js';

/**
 * @typedef {{id: string, kind: 'client'|'server'|'storage'|'outside', name: string, about: string}} Lifeline
 *
 * What is shown besides steps, stanzas, failures and the passing of time.
 * @typedef {'login'|'storage'|'links'|'bytes'|'states'|'choices'} Show
 *
 * @typedef {{event: import('./data.js').RunEvent, n: number, show: Show|'always', tone: string, title: string,
 *            from: ?string, to: ?string, about: string, marks: string[], failed: boolean}} Row
 *
 * A part of a lifeline: a client with a bound session, or a server that is down.
 * @typedef {{lifeline: string, from: number, to: number, kind: 'connected'|'hibernating'|'down'}} Activity
 *
 * @typedef {{client: ?Object<string, any>, session: ?Object<string, any>, possible: ?Object<string, any>}} State
 */

/** The types of events that tell how things are, or of parts, and not what happened. */
export const SILENT = ['bytes', 'client', 'session', 'possible'];

/**
 * Clients stand beside their server, which stands beside its storage.
 * @param {import('./data.js').Scenario} scenario
 * @param {import('./data.js').RunEvent[]} events
 * @returns {Lifeline[]}
 */
export function lifelinesOf(scenario, events) {
    /** @type {Lifeline[]} */
    const lifelines = [];
    scenario.servers.forEach((server, i) => {
        const clients = scenario.clients.filter((client) => client.server === server)
            .map((client) => /** @type {Lifeline} */ ({
                id: `client ${client.name}`, kind: 'client', name: client.name, about: client.jid }));
        /** @type {Lifeline} */
        const own = { id: `server ${server}`, kind: 'server', name: server, about: 'server' };
        /** @type {Lifeline} */
        const storage = { id: `storage ${server}`, kind: 'storage', name: 'storage', about: server };
        lifelines.push(...(i === 0 ? [...clients, own, storage] : [storage, own, ...clients]));
    });
    if (events.some((event) => event.type === 'route' && event.from === 'outside'))
        lifelines.push({ id: 'outside', kind: 'outside', name: 'outside', about: 'other servers' });
    return lifelines;
}

/**
 * @param {string} name
 * @returns {string}
 */
function memberId(name) {
    return name === 'outside' ? 'outside' : `server ${name}`;
}

/**
 * @param {Object<string, any>} event  an "element" or a "route"
 * @returns {string}
 */
export function toneOf(event) {
    if (event.part === 'broken' || event.attributes.type === 'error' || event.name === 'error' ||
        event.name === 'failure')
        return 'error';
    return event.kind === 'stream' ? 'other' : event.kind;
}

/**
 * @param {Object<string, any>} event
 * @returns {Show|'always'}
 */
function showOfElement(event) {
    if (event.part === 'broken' || (event.kind === 'other' && event.name === 'error'))
        return 'always';
    const binds = event.kind === 'iq' && /urn:ietf:params:xml:ns:xmpp-bind/.test(event.xml);
    return event.kind === 'other' || event.kind === 'stream' || binds ? 'login' : 'always';
}

/**
 * "type error, available, priority 5": what has changed since the state before.
 * @param {?Object<string, any>} before
 * @param {?Object<string, any>} now
 * @returns {string}
 */
function changesOf(before, now) {
    if (now === null)
        return 'session ends';
    /** @param {string} name */
    const words = (name) => {
        const value = now[name];
        const word = name.replaceAll('_', ' ');
        if (typeof value === 'boolean')
            return value ? word : `not ${word}`;
        return Array.isArray(value) ? `${word} ${value.length}` : `${word} ${value ?? 'none'}`;
    };
    const left = ['type', 'case', 'n', 'time_ns', 'trace', 'who', 'received'];
    const names = Object.keys(now).filter((name) => !(before === null && now[name] === false) &&
        JSON.stringify(now[name]) !== JSON.stringify(before?.[name]) && !left.includes(name));
    return names.length > 0 ? names.slice(0, 4).map(words).join(', ') : 'session begins';
}

/**
 * Which entry of a store a request is about, as the end of its title.
 * @param {string} data  "KEY=VALUE" of the first entry, or ""
 * @returns {string}
 */
function keyOf(data) {
    const end = data.indexOf('=');
    const item = /^<item xmlns='jabber:iq:roster'[^>]*>/.exec(data.slice(end + 1));
    return item !== null ? ` ${aboutItem(item[0])}` : end > 0 && end <= 64 ? ` ${data.slice(0, end)}` : '';
}

/**
 * Rows in the order of their events; each kind of event is a function of the table.
 */
export class RowMaker {
    /** @param {import('./data.js').Scenario} scenario */
    constructor(scenario) {
        this.serverOf = new Map(scenario.clients.map((client) => [client.name, client.server]));
        /** @type {Map<string, number>} */
        this.pieces = new Map();
        /** @type {Map<string, any>} */
        this.before = new Map();
    }

    /**
     * @param {import('./data.js').RunEvent} event
     * @returns {Row}
     */
    row(event) {
        /** @type {Row} */
        const row = { event, n: event.n, show: 'always', tone: 'plain', title: event.type, from: null, to: null,
            about: '', marks: [], failed: false };
        /** @type {Object<string, (row: Row, event: any) => void>} */
        const makers = { step: this.step, time: this.time, choice: this.choice, connection: this.connection,
            bytes: this.bytes, element: this.element, fault: this.fault, storage: this.storage, route: this.route,
            server: this.server, client: this.client, session: this.session, possible: this.possible, failure: this.failure, cut: this.cut };
        makers[event.type]?.call(this, row, event);
        return row;
    }

    /** @param {Row} row @param {any} event */
    step(row, event) {
        row.tone = 'step';
        row.title = event.text;
    }

    /** @param {Row} row @param {any} event */
    time(row, event) {
        row.tone = 'time';
        row.title = `${spanText(numberOf(event.span_ns))} later`;
    }

    /** @param {Row} row @param {any} event */
    choice(row, event) {
        row.show = 'choices';
        row.tone = 'choice';
        row.title = `choice of ${event.concern}: ${event.answer} of ${event.possibilities}`;
    }

    /** @param {Row} row @param {any} event */
    connection(row, event) {
        row.show = 'links';
        row.tone = 'link';
        row.title = event.what;
        row.from = row.to = `client ${event.who}`;
    }

    /** @param {Row} row @param {any} event */
    bytes(row, event) {
        const way = `${event.to} ${event.who}`;
        if (event.data !== null)
            this.pieces.set(way, (this.pieces.get(way) ?? 0) + 1);
        row.show = 'bytes';
        row.tone = 'bytes';
        row.title = `${event.size} bytes${event.data === null ? ', encrypted' : ''}`;
        this.cross(row, event);
    }

    /** @param {Row} row @param {any} event */
    element(row, event) {
        const way = `${event.to} ${event.who}`;
        const pieces = this.pieces.get(way) ?? 0;
        this.pieces.set(way, 0);
        row.show = showOfElement(event);
        row.tone = toneOf(event);
        row.title = titleOfElement(event);
        if (event.time_ns - event.sent_ns >= 2e6)
            row.marks.push(`+${spanText(event.time_ns - event.sent_ns)}`);
        if (pieces > 1)
            row.marks.push(`${pieces} pieces`);
        this.cross(row, event);
    }

    /** @param {Row} row @param {any} event */
    fault(row, event) {
        row.tone = 'fault';
        row.title = `link ${event.what}`;
        row.from = row.to = `client ${event.who}`;
    }

    /** @param {Row} row @param {any} event */
    storage(row, event) {
        const storage = `storage ${event.server}`;
        const server = `server ${event.server}`;
        row.show = event.phase === 'crash' ? 'always' : 'storage';
        row.tone = event.phase === 'crash' || /fail/.test(event.what) ? 'fault' : 'storage';
        row.title = `${event.what} ${event.store}${keyOf(event.data)}`;
        row.about = event.account;
        [row.from, row.to] = event.phase === 'request' ? [server, storage]
            : event.phase === 'answer' ? [storage, server] : [storage, storage];
    }

    /** @param {Row} row @param {any} event */
    route(row, event) {
        row.tone = toneOf(event);
        row.title = titleOfElement(event);
        row.from = memberId(event.from);
        row.to = memberId(event.to);
        if (event.returned !== null) {
            row.tone = 'error';
            row.marks.push(`came back: ${event.returned}`);
        }
    }

    /** @param {Row} row @param {any} event */
    server(row, event) {
        row.tone = event.what === 'crashes' ? 'fault' : 'link';
        row.title = `server ${event.what}`;
        row.from = row.to = `server ${event.server}`;
    }

    /** @param {Row} row @param {any} event */
    client(row, event) {
        this.state(row, event, `client ${event.who}`, event);
    }

    /** @param {Row} row @param {any} event */
    session(row, event) {
        this.state(row, event, `session ${event.who}`, event.session);
    }

    /** @param {Row} row @param {any} event */
    possible(row, event) {
        const sets = event.possible === null ? null : Object.fromEntries(Object.entries(event.possible)
            .map(([name, value]) => [name, Array.isArray(value) ? value.join(' or ') : value]));
        this.state(row, event, `possible ${event.who}`, sets);
    }

    /** @param {Row} row @param {any} event */
    failure(row, event) {
        row.tone = 'failure';
        row.failed = true;
        row.title = event.summary;
    }

    /** @param {Row} row */
    cut(row) {
        row.tone = 'fault';
        row.title = 'the events from here on are left out: there are too many';
    }

    /**
     * @param {Row} row
     * @param {any} event
     * @param {string} key
     * @param {?Object<string, any>} now
     */
    state(row, event, key, now) {
        row.show = 'states';
        row.tone = 'state';
        row.title = `${event.type}: ${changesOf(this.before.get(key) ?? null, now)}`;
        row.from = row.to = `client ${event.who}`;
        this.before.set(key, now);
    }

    /** @param {Row} row @param {any} event */
    cross(row, event) {
        const client = `client ${event.who}`;
        const server = `server ${this.serverOf.get(event.who)}`;
        [row.from, row.to] = event.to === 'server' ? [client, server] : [server, client];
    }
}

/**
 * What a row is for who hears it.
 * @param {Row} row
 * @returns {string}
 */
export function spokenRow(row) {
    const name = (/** @type {?string} */ id) => (id ?? '').replace(/^(client|server) /, '');
    const where = row.from === null ? '' : row.from === row.to ? `${name(row.from)}: `
        : `${name(row.from)} to ${name(row.to)}: `;
    const kind = { step: 'step: ', failure: 'failure: ', fault: 'fault: ' }[row.tone] ?? '';
    return `${clockText(row.event.time_ns)}, ${kind}${where}${row.title}${row.about && ` of ${row.about}`}${row.marks.map((m) => `, ${m}`).join('')}`;
}

/**
 * The states of a case over its events.
 */
export class States {
    /** @param {import('./data.js').RunEvent[]} events */
    constructor(events) {
        /** @type {Map<string, any[]>} */
        this.clients = new Map();
        /** @type {Map<string, any[]>} */
        this.sessions = new Map();
        /** @type {Map<string, any[]>} */
        this.possible = new Map();
        /** @type {Object<string, Map<string, any[]>>} */
        const all = { client: this.clients, session: this.sessions, possible: this.possible };
        for (const event of events) {
            const kept = all[event.type];
            if (kept === undefined)
                continue;
            if (!kept.has(event.who))
                kept.set(event.who, []);
            kept.get(event.who)?.push(event);
        }
    }

    /** @returns {boolean} whether there ever was a session that could be looked at */
    hasSessions() {
        return [...this.sessions.values()].some((changes) => changes.some((event) => event.session !== null));
    }

    /**
     * @param {any[]|undefined} changes
     * @param {number} n
     * @returns {any}
     */
    static last(changes, n) {
        let low = 0;
        let high = changes?.length ?? 0;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (/** @type {any[]} */ (changes)[middle].n <= n)
                low = middle + 1;
            else
                high = middle;
        }
        return low > 0 ? /** @type {any[]} */ (changes)[low - 1] : null;
    }

    /**
     * How a client and its session are once event n is over, and what the model holds possible of that.
     * @param {string} who
     * @param {number} n
     * @returns {State}
     */
    at(who, n) {
        return { client: States.last(this.clients.get(who), n),
            session: States.last(this.sessions.get(who), n)?.session ?? null,
            possible: States.last(this.possible.get(who), n)?.possible ?? null };
    }

    /**
     * The spans of events in which a value of the session holds: [from, to, value], `to` not included.
     * @param {string} who
     * @param {(session: ?Object<string, any>) => any} value
     * @param {number} end
     * @returns {[number, number, any][]}
     */
    spans(who, value, end) {
        /** @type {[number, number, any][]} */
        const spans = [];
        for (const change of this.sessions.get(who) ?? []) {
            const now = value(change.session);
            const last = spans.at(-1);
            if (last !== undefined && last[2] === now)
                continue;
            if (last !== undefined)
                last[1] = change.n;
            spans.push([change.n, end, now]);
        }
        return spans;
    }
}

/**
 * @param {import('./data.js').Scenario} scenario
 * @param {States} states
 * @param {import('./data.js').RunEvent[]} events
 * @returns {Activity[]}
 */
export function activitiesOf(scenario, states, events) {
    /** @type {Activity[]} */
    const activities = [];
    const end = events.length + 1;
    for (const { name } of scenario.clients) {
        const spans = states.spans(name, (session) => (session?.hibernating ? 'hibernating' : session?.connected ? 'connected' : ''), end);
        for (const [from, to, kind] of spans)
            if (kind !== '')
                activities.push({ lifeline: `client ${name}`, from, to, kind });
    }
    events.filter((event) => event.type === 'server' && event.what === 'crashes').forEach((event) => {
        const again = events.find((other) => other.type === 'server' && other.server === event.server && other.n > event.n &&
            other.what === 'starts');
        activities.push({ lifeline: `server ${event.server}`, from: event.n, to: again?.n ?? end, kind: 'down' });
    });
    return activities;
}

/**
 * Whether an event is a request that changes storage, or what became of one: a failure may hang on it.
 * @param {import('./data.js').RunEvent} event
 * @returns {boolean}
 */
function changesStorage(event) {
    return event.type === 'storage' && /^(save|remove|kept|lost)|fail/.test(event.what);
}

/**
 * The events that led to a failure, as far as the report tells: the step that acted last, what came to and from the
 * client of the failed step since then, what was saved meanwhile, and what has the same id; for an invariant, the line
 * of the trace where it was found.
 * @param {import('./data.js').RunEvent[]} events
 * @param {import('./data.js').Scenario} scenario
 * @returns {number[]}  their n, in order
 */
export function chainOf(events, scenario) {
    const failure = events.find((event) => event.type === 'failure');
    if (failure === undefined)
        return [];
    const before = events.filter((event) => event.n < failure.n);
    const steps = before.filter((event) => event.type === 'step');
    const last = steps.at(-1);
    const chain = new Set([failure.n]);
    if (failure.check !== null) {
        const there = before.filter((event) => event.trace === failure.check.trace && !SILENT.includes(event.type));
        there.slice(-6).forEach((event) => chain.add(event.n));
    }
    const acted = steps.findLast((step) => before.some((event) => event.n > step.n && event.type === 'element' &&
        !steps.some((other) => other.n > step.n && other.n < event.n)));
    const who = scenario.clients.map((client) => client.name).filter((name) => last?.text.startsWith(name))
        .sort((one, other) => other.length - one.length)[0];
    const since = before.filter((event) => event.n > (acted?.n ?? 0));
    const near = since.filter((event) => event.type === 'fault' || event.type === 'server' || event.type === 'time' || changesStorage(event) ||
        (event.type === 'element' && (event.who === who || event.to === 'server')));
    const ids = new Set(near.map((event) => event.attributes?.id).filter((id) => id !== undefined));
    const same = before.filter((event) => event.type === 'element' && ids.has(event.attributes.id));
    [...(acted ? [acted] : []), ...(last ? [last] : []), ...near.slice(-12), ...same.slice(-12)]
        .forEach((event) => chain.add(event.n));
    return [...chain].sort((one, other) => one - other);
}

/**
 * @param {import('./data.js').RunEvent} event
 * @returns {?string} the bytes or the XML of an event
 */
export function bytesOf(event) {
    const bytes = event.xml ?? event.data ?? null;
    return bytes === null || bytes === '' ? null : shownBytes(bytes);
}
