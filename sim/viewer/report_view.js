/*
 * report_view.js - a case of a report: also the tree of choices of an exploration, and two runs side by side.
 */
import { Beside, momentOf } from './beside.js';
import { ChoiceTree } from './choices.js';
import { treeOf } from './data.js';
import { byId, h } from './dom.js';
import { wayText } from './failure.js';
import { SILENT } from './rows.js';
import { CaseView } from './view.js';

export class ReportView extends CaseView {
    /**
     * @param {import('./view.js').SourceView} source
     * @param {() => void} moved  called when another moment is shown
     * @param {(number: number) => void} openCase  opens another case of the report here
     */
    constructor(source, moved, openCase) {
        super(source, moved);
        this.openCase = openCase;
        /** @type {ChoiceTree|null} */
        this.tree = null;
        /** @type {HTMLElement|null} */
        this.alone = null; /* the tree of a case without events */
        /** @type {Beside|null} */
        this.beside = null;
        this.isBeside = false; /* the two runs are shown, not the one */
        byId('choice-back').addEventListener('click', () => this.moveChoice(-1));
        byId('choice-on').addEventListener('click', () => this.moveChoice(1));
    }

    /** @param {boolean} has */
    opened(has) {
        const one = /** @type {import('./data.js').Case} */ (this.one);
        this.isBeside = one.beside !== null;
        this.showBeside();
        byId('case-body').hidden = !has || this.isBeside;
        this.showTree(has);
    }

    prepared() {
        if (this.tree !== null)
            byId('choices-pane').replaceChildren(this.tree.shown());
    }

    moreFacts() {
        const { cause, beside } = /** @type {import('./data.js').Case} */ (this.one);
        return [
            ...(cause === null ? [] : [h('p', { class: 'cause' }, `${cause.seeds} of ${cause.of} seeds failed for this cause: ${cause.cause}`)]),
            ...(beside === null ? [] : [h('p', {}, h('button', { type: 'button', id: 'beside-button', click: () => this.setBeside(!this.isBeside) }))]),
        ];
    }

    /**
     * @param {number} n
     * @param {boolean} centred
     */
    go(n, centred) {
        super.go(n, centred);
        if (this.events.length > 0)
            this.tree?.select(this.n);
    }

    /* ---- Two runs ---- */

    /** Fills the view of the two runs, and the button that changes between it and the one run. */
    showBeside() {
        const one = /** @type {import('./data.js').Case} */ (this.one);
        const { beside } = one;
        this.beside = beside === null ? null : new Beside(beside, (number, side) => {
            this.openCase(number);
            this.setBeside(false);
            this.go(momentOf(beside, side, this.events), true);
            byId('diagram').querySelector('.sheet')?.focus();
        });
        byId('beside').hidden = this.beside === null;
        byId('beside').replaceChildren(...(this.beside === null ? [] : [this.beside.shown()]));
        this.nameBesideButton();
    }

    /** @param {boolean} isBeside */
    setBeside(isBeside) {
        if (this.beside === null || this.events.length === 0)
            return;
        this.isBeside = isBeside;
        byId('beside').hidden = !isBeside;
        byId('case-body').hidden = isBeside;
        this.nameBesideButton();
        if (!isBeside)
            this.choose();
        this.moved();
    }

    nameBesideButton() {
        const button = document.getElementById('beside-button');
        if (button !== null)
            button.textContent = this.isBeside ? 'Show this run alone' : 'Show both runs side by side';
    }

    /* ---- An exploration ---- */

    /** @param {boolean} has  whether the case has events */
    showTree(has) {
        const one = /** @type {import('./data.js').Case} */ (this.one);
        const tree = treeOf(one);
        const body = byId('case-body');
        this.tree = tree === null ? null : new ChoiceTree(tree, this.events, (n) => this.wordsBehind(n), (n) => this.go(n, true));
        byId('choices-pane').hidden = byId('choice-buttons').hidden = this.tree === null || !has;
        body.classList.toggle('has-choices', this.tree !== null);
        byId('choices-pane').replaceChildren();
        this.alone?.remove();
        this.alone = this.tree !== null && !has ? h('div', { class: 'choices-pane alone', tabindex: '0', role: 'group', 'aria-label': 'The tree of choices' }, this.tree.shown()) : null;
        if (this.alone !== null)
            byId('case').append(this.alone);
    }

    /**
     * What happened next: the first event behind a decision that says something.
     * @param {number} n
     * @returns {string}
     */
    wordsBehind(n) {
        const silent = [...SILENT, 'choice', 'time'];
        const row = this.all.find((other) => other.n > n && !silent.includes(other.event.type));
        if (row === undefined)
            return 'the end';
        return row.from === null ? row.title : `${wayText(row)}: ${row.title}`;
    }

    /**
     * To a decision on the path of the exploration, or to a difference of two runs.
     * @param {number} by  1 or -1
     */
    moveChoice(by) {
        if (this.isBeside) {
            this.beside?.move(by);
            return;
        }
        const path = this.tree?.path ?? [];
        const event = by > 0 ? path.find((other) => other.n > this.n) : path.findLast((other) => other.n < this.n);
        if (event !== undefined)
            this.go(event.n, true);
    }
}
