/*
 * choices.js - the tree of choices of an exploration: the path of the run that failed, and what was tried beside it.
 */
import { h } from './dom.js';

/**
 * The events that are decisions on the path of the last run, in order.
 * @param {import('./data.js').RunEvent[]} events
 * @returns {import('./data.js').RunEvent[]}
 */
export function decisionsOf(events) {
    return events.filter((event) => event.type === 'choice');
}

/**
 * "7 runs: 6 passed, 1 met a known state": how the runs of an alternative ended.
 * @param {import('./data.js').Branch} branch
 * @returns {string}
 */
export function runsText({ passed, known, failed }) {
    const all = passed + known + failed;
    const parts = [[failed, 'failed'], [passed, 'passed'], [known, 'met a known state']]
        .filter(([count]) => count !== 0).map(([count, words]) => `${count} ${words}`);
    return all === 0 ? 'not explored' : `${all} ${all === 1 ? 'run' : 'runs'}: ${parts.join(', ')}`;
}

export class ChoiceTree {
    /**
     * @param {import('./data.js').Tree} tree
     * @param {import('./data.js').RunEvent[]} events  of the last run
     * @param {(n: number) => string} wordsAt  what follows event n
     * @param {(n: number) => void} choose
     */
    constructor(tree, events, wordsAt, choose) {
        this.tree = tree;
        this.wordsAt = wordsAt;
        this.choose = choose;
        this.path = decisionsOf(events);
        /** @type {HTMLElement[]} */
        this.items = [];
    }

    /** @returns {HTMLElement} */
    shown() {
        const { runs, states, end, root } = this.tree;
        const words = { failed: 'the last one failed', finished: 'all orders were explored', 'gave up': 'there were more' }[end] ?? end;
        const first = root === null ? null : this.line(root, true);
        return h('section', { class: 'choices', 'aria-labelledby': 'choices-title' },
            h('h2', { id: 'choices-title' }, 'Choices'),
            h('p', { class: 'choices-sums' }, `${runs} ${runs === 1 ? 'run' : 'runs'}, ${states} states; ${words}.`),
            first === null ? h('p', {}, 'Nothing could have gone another way.') : first);
    }

    /**
     * Decisions that follow each other, from one on: along the run that failed, or else along the first alternatives.
     * @param {number} node
     * @param {boolean} onPath
     * @returns {HTMLElement}
     */
    line(node, onPath) {
        const items = [];
        /** @type {?number} */
        let at = node;
        for (let depth = 0; at !== null; depth++) {
            const decision = this.tree.decisions.get(at);
            if (decision === undefined)
                break;
            const taken = decision.taken !== null && onPath ? decision.taken : Math.max(0, decision.branches.findIndex((branch) => branch.next !== null));
            const event = onPath && decision.taken !== null ? this.path[depth] : undefined;
            items.push(this.item(decision, taken, event, depth));
            at = decision.branches[taken].next;
        }
        return h('ol', { class: onPath ? 'decisions path' : 'decisions' }, ...items);
    }

    /**
     * A decision: what was taken, and the alternatives.
     * @param {import('./data.js').Decision} decision
     * @param {number} taken
     * @param {import('./data.js').RunEvent|undefined} event
     * @param {number} depth
     * @returns {HTMLElement}
     */
    item(decision, taken, event, depth) {
        const name = `${decision.concern} ${taken}/${decision.branches.length}`;
        const words = event === undefined ? runsText(decision.branches[taken]) : this.wordsAt(event.n);
        const head = event === undefined ? h('span', { class: 'decision-head' }, h('code', {}, name), ' ', h('span', { class: 'words' }, words))
            : h('button', { type: 'button', class: 'decision-head', 'data-n': event.n, click: () => this.choose(event.n),
                'aria-label': `Decision ${depth + 1} of ${this.path.length}: ${decision.concern}, ${taken} of ${decision.branches.length} alternatives, counted from 0. ${words}` },
            h('span', { class: 'number' }, depth + 1), h('code', {}, name), h('span', { class: 'words' }, words));
        const others = decision.branches.map((branch, i) => (i === taken ? null : this.other(branch, i, decision))).filter((other) => other !== null);
        const item = h('li', {}, head, h('ul', { class: 'alternatives' }, ...others));
        if (event !== undefined)
            this.items.push(item);
        return item;
    }

    /**
     * An alternative that was not taken; what lies below it is made when it is opened.
     * @param {import('./data.js').Branch} branch
     * @param {number} index
     * @param {import('./data.js').Decision} decision
     * @returns {HTMLElement}
     */
    other(branch, index, decision) {
        const name = h('code', {}, `${index}/${decision.branches.length}`);
        const words = runsText(branch);
        const tone = branch.failed > 0 ? 'branch-failed' : branch.passed + branch.known > 0 ? 'branch-done' : 'branch-open';
        const { next } = branch;
        if (next === null)
            return h('li', { class: tone }, name, ' ', words);
        const details = h('details', {}, h('summary', {}, name, ' ', words));
        details.addEventListener('toggle', () => {
            if (details.childElementCount === 1)
                details.append(this.line(next, false));
        });
        return h('li', { class: tone }, details);
    }

    /**
     * Marks the last decision up to event n.
     * @param {number} n
     */
    select(n) {
        const current = this.path.findLastIndex((event) => event.n <= n);
        this.items.forEach((item, i) => {
            const own = i === current;
            if (own === item.hasAttribute('aria-current'))
                return;
            if (!own) {
                item.removeAttribute('aria-current');
                return;
            }
            item.setAttribute('aria-current', 'step');
            const frame = item.closest('.choices-pane');
            if (frame !== null && (item.offsetTop < frame.scrollTop || item.offsetTop > frame.scrollTop + frame.clientHeight - 40))
                frame.scrollTop = Math.max(0, item.offsetTop - frame.clientHeight / 3);
        });
    }
}
