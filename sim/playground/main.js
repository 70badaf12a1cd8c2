/*
 * main.js - the playground: a scenario is run while it is written, and the viewer shows the run.
 */
import { readReport } from '../viewer/data.js';
import { byId, h } from '../viewer/dom.js';
import { listenToKeys } from '../viewer/keys.js';
import { beginTheme } from '../viewer/theme.js';
import { CaseView, showTotals } from '../viewer/view.js';
import { Editor } from './editor.js';
import { EXAMPLES, FAULTS } from './examples.js';
import { Runner } from './runner.js';
import { fragmentOf, wishesOf } from './share.js';

/** After the last key, in milliseconds. */
const PAUSE = 120;

class Playground {
    constructor() {
        this.editor = new Editor(() => this.changed());
        /** @type {CaseView} */
        this.view = new CaseView(this.editor, () => {});
        this.runner = new Runner((wishes, answer) => this.show(wishes, answer));
        this.timer = 0;
        this.listen();
    }

    listen() {
        for (const id of ['seed', 'allocation', 'row'])
            byId(id).addEventListener('input', () => this.changed());
        byId('strict').addEventListener('change', () => this.run(false));
        byId('wishes').addEventListener('submit', (/** @type {Event} */ event) => event.preventDefault());
        byId('next-seed').addEventListener('click', () => this.nextSeed());
        byId('explore').addEventListener('click', () => this.explore());
        byId('share').addEventListener('click', () => this.share());
        byId('example').append(...EXAMPLES.map(([name, title]) => h('option', { value: name }, title)));
        byId('example').addEventListener('change', () => this.openExample(byId('example').value));
        byId('fault').append(...FAULTS.map((step) => h('option', {}, step.replace('NAME', 'Romeo'))));
        byId('fault').addEventListener('change', () => this.insertFault());
        byId('text').addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.leave(event));
        addEventListener('hashchange', () => this.openAddress());
    }

    /* ---- What is wanted ---- */

    /**
     * A number in a field; null if something else is in it, which is then marked.
     * @param {string} id
     * @param {bigint} most
     * @returns {?string}
     */
    digits(id, most) {
        const field = byId(id);
        const value = field.value.trim();
        const isGood = value === '' || (/^\d{1,20}$/.test(value) && BigInt(value) <= most);
        field.setAttribute('aria-invalid', String(!isGood));
        return isGood ? value : null;
    }

    /**
     * @param {boolean} explore
     * @returns {?import('./module.js').Wishes}
     */
    wishes(explore) {
        const seed = this.digits('seed', 2n ** 64n - 1n);
        const allocation = this.digits('allocation', 999999999n);
        const row = this.digits('row', 999999999n);
        if (seed === null || allocation === null || row === null)
            return null;
        return { text: this.editor.text, seed, row: Number(row) || 1, allocation: Number(allocation), strict: byId('strict').checked, explore };
    }

    /** Runs it when nothing has been typed for a moment.  The address is no longer that of what is shown. */
    changed() {
        clearTimeout(this.timer);
        if (location.hash !== '')
            history.replaceState(null, '', location.pathname + location.search);
        byId('case').classList.add('is-old');
        this.timer = setTimeout(() => this.run(false), PAUSE);
    }

    /** @param {boolean} explore */
    run(explore) {
        clearTimeout(this.timer);
        const wishes = this.wishes(explore);
        if (wishes === null) {
            this.tell('bad', 'A seed is a number below 2^64, and an allocation one below 10^9.');
            return;
        }
        byId('case').setAttribute('aria-busy', 'true');
        byId('case').classList.add('is-old');
        this.runner.run(wishes);
    }

    nextSeed() {
        const seed = this.digits('seed', 2n ** 64n - 2n);
        byId('seed').value = String(BigInt(seed || 0) + 1n);
        this.run(false);
    }

    explore() {
        this.tell('', 'Every order of the events is being run.', h('button', { type: 'button', click: () => this.run(false) }, 'Stop'));
        this.run(true);
    }

    /* ---- What came of it ---- */

    /**
     * A sentence above the run; without one there is none.
     * @param {''|'good'|'bad'} kind
     * @param {...(Node|string)} words
     */
    tell(kind, ...words) {
        const told = byId('told');
        told.className = `told${kind && ` is-${kind}`}`;
        told.replaceChildren(...words);
        told.hidden = words.length === 0;
    }

    /**
     * @param {import('./module.js').Wishes} wishes
     * @param {import('./runner.js').Answer} answer
     */
    show(wishes, answer) {
        byId('case').removeAttribute('aria-busy');
        if ('crash' in answer) {
            this.tell('bad', `The program has crashed, which is a mistake in it: ${answer.crash}`);
        } else if ('late' in answer) {
            this.tell('bad', `This took more than ${Math.round(answer.late / 1000)} seconds, and was given up.`);
        } else {
            const end = answer.lines.indexOf('\n');
            const first = JSON.parse(answer.lines.slice(0, end));
            this.showComplaints(first.type === 'complaint' ? answer.lines.trimEnd().split('\n').map((line) => JSON.parse(line)) : []);
            if (first.type === 'playground')
                this.showRun(wishes, first, answer.lines.slice(end + 1), answer.ms);
        }
    }

    /** @param {{line: number, message: string}[]} complaints */
    showComplaints(complaints) {
        const title = complaints.length === 0 ? 'No errors' : complaints.length === 1 ? '1 error' : `${complaints.length} errors`;
        byId('complaints-title').textContent = title;
        byId('complaints-pane').classList.toggle('has-complaints', complaints.length > 0);
        byId('complaints').replaceChildren(...complaints.map(({ line, message }) =>
            h('li', {}, h('button', { type: 'button', click: () => this.editor.goTo(line) }, h('strong', {}, `line ${line}`), message))));
        this.editor.markErrors(complaints.map(({ line }) => line));
        byId('text').setAttribute('aria-invalid', String(complaints.length > 0));
        if (complaints.length > 0) {
            this.tell('bad', `Not run: ${title} in the scenario.`);
            byId('totals').replaceChildren(h('span', { class: 'total-failed' }, title));
            document.title = `${title} – Rehearsal`;
        }
    }

    /**
     * @param {import('./module.js').Wishes} wishes
     * @param {Object<string, any>} head  the line "playground"
     * @param {string} lines
     * @param {number} ms
     */
    showRun(wishes, head, lines, ms) {
        const report = readReport(lines);
        const [one] = report.cases;
        byId('row-field').hidden = head.rows === 0;
        byId('row').max = String(Math.max(1, head.rows));
        byId('row').title = `1 to ${head.rows}`;
        showTotals(report);
        byId('totals').append(h('span', { class: 'time' }, `${ms.toFixed(1)} ms`));
        this.tellRun(head);
        byId('case').classList.remove('is-old');
        const failed = one.result.status === 'failed';
        this.view.open(one, wishes.text, failed ? null : this.place());
    }

    /** The event to show: that which was shown, but the first at first. */
    place() {
        return this.view.events.length > 0 ? this.view.n : null;
    }

    /** @param {Object<string, any>} head */
    tellRun({ halted, explored }) {
        const bound = halted ? ['The run has reached the bound on its work: the rest was neither run nor judged. '] : [];
        if (explored === null) {
            this.tell(halted ? 'bad' : '', ...bound);
            return;
        }
        const counts = `${explored.runs} ${explored.runs === 1 ? 'order' : 'orders'}, ${explored.states} states, ${explored.events} events`;
        const ends = { finished: `Every order passed: ${counts}.`, 'gave up': `There are too many orders; those that were run passed: ${counts}.`,
            failed: `One order failed, and is shown: ${counts}. Tags that select it: ` };
        this.tell(explored.end === 'finished' ? 'good' : 'bad', ...bound, ends[/** @type {keyof ends} */ (explored.end)],
            ...(explored.end === 'failed' ? [h('code', {}, `## any order\n## choices: ${explored.choices}`)] : []));
    }

    /* ---- Texts ---- */

    /** @param {string} name */
    async openExample(name) {
        if (!EXAMPLES.some(([known]) => known === name))
            return;
        const answer = await fetch(`scenarios/${name}.scs`);
        this.open({ text: await answer.text(), seed: '', row: 1, allocation: 0, strict: false, explore: false });
    }

    /** @param {import('./module.js').Wishes} wishes */
    open(wishes) {
        byId('seed').value = wishes.seed;
        byId('row').value = String(wishes.row);
        byId('allocation').value = wishes.allocation > 0 ? String(wishes.allocation) : '';
        byId('strict').checked = wishes.strict;
        this.view.events = [];
        this.editor.text = wishes.text;
        this.run(false);
    }

    insertFault() {
        const step = byId('fault').value;
        const name = /^\[Client\]\s*(\S.*?)\s*$/m.exec(this.editor.text)?.[1] ?? 'Romeo';
        byId('fault').value = '';
        this.editor.insertLine(step.replace(/^Romeo/, name));
    }

    /**
     * Escape goes from the text to the diagram, where keys are those of the page.
     * @param {KeyboardEvent} event
     */
    leave(event) {
        const sheet = /** @type {?HTMLElement} */ (document.querySelector('.sheet'));
        if (event.key === 'Escape' && !byId('case-body').hidden)
            sheet?.focus();
    }

    /** The address becomes that of what is shown, and is copied where the browser allows it. */
    async share() {
        const wishes = this.wishes(false);
        if (wishes === null)
            return;
        history.replaceState(null, '', await fragmentOf(wishes));
        try {
            await navigator.clipboard.writeText(location.href);
            this.tell('good', 'The address of this page has the scenario and how it is run. It has been copied.');
        } catch {
            this.tell('good', 'The address of this page now has the scenario and how it is run.');
        }
    }

    /** @returns {Promise<boolean>} whether the address had a scenario */
    async openAddress() {
        const wishes = await wishesOf(location.hash);
        if (wishes !== null)
            this.open(wishes);
        return wishes !== null;
    }
}

async function begin() {
    beginTheme();
    const page = new Playground();
    listenToKeys(page.view, { s: () => page.nextSeed(), e: () => page.explore(), '/': () => byId('text').focus() });
    if (await page.openAddress())
        return;
    byId('example').value = EXAMPLES[0][0];
    await page.openExample(EXAMPLES[0][0]);
}

await begin();
