/*
 * runner.js - runs scenarios in a worker, the newest only, so that typing never waits.
 */

/**
 * @typedef {import('./module.js').Wishes} Wishes
 * @typedef {{lines: string, ms: number}|{crash: string}|{late: number}} Answer
 */

/** How long a worker may take, in milliseconds: for one run, and for all orders. */
const RUN_MOST = 10000;
const EXPLORE_MOST = 120000;
/** A run that is this late is given up for a newer one. */
const PATIENCE = 300;

export class Runner {
    /** @param {(wishes: Wishes, answer: Answer) => void} answered */
    constructor(answered) {
        this.answered = answered;
        /** @type {?Wishes} */
        this.running = null;
        /** @type {?Wishes} */
        this.next = null;
        this.began = 0;
        this.timer = 0;
        this.worker = this.start();
    }

    start() {
        const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
        worker.addEventListener('message', ({ data }) => this.end(data));
        worker.addEventListener('error', (event) => {
            event.preventDefault();
            if (this.running !== null)
                this.end({ crash: `the program cannot be loaded: ${event.message || 'this browser has no modules in workers'}` });
        });
        return worker;
    }

    restart() {
        this.worker.terminate();
        this.worker = this.start();
    }

    /** @param {Wishes} wishes */
    run(wishes) {
        this.next = wishes;
        if (this.running === null)
            this.begin();
        else if (this.running.explore || performance.now() - this.began > PATIENCE)
            this.stop();
    }

    /** Gives up what is running; what was asked for since then begins. */
    stop() {
        clearTimeout(this.timer);
        this.running = null;
        this.restart();
        this.begin();
    }

    begin() {
        if (this.next === null)
            return;
        const wishes = this.running = this.next;
        this.next = null;
        this.began = performance.now();
        this.timer = setTimeout(() => {
            this.restart();
            this.end({ late: performance.now() - this.began });
        }, wishes.explore ? EXPLORE_MOST : RUN_MOST);
        this.worker.postMessage(wishes);
    }

    /** @param {Answer} answer */
    end(answer) {
        clearTimeout(this.timer);
        const wishes = this.running;
        this.running = null;
        if ('crash' in answer)
            this.restart();
        if (wishes !== null && this.next === null)
            this.answered(wishes, answer);
        this.begin();
    }
}
