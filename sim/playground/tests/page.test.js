/*
 * The playground in a browser.  CHROMIUM is the browser; MODULES the folder in which playwright-core is installed;
 * PLAYGROUND the folder of the page; REHEARSE the program; all but the first from the root of the repository.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';
import { after, before, test } from 'node:test';

import { close, launch, onPage } from '../../viewer/tests/browser.js';
import { commandOf, root } from '../../viewer/tests/tool.js';
import { EXAMPLES } from '../examples.js';

const folder = resolve(root, process.env.PLAYGROUND ?? 'build/playground');
/** @type {Object<string, string>} */
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.scs': 'text/plain; charset=utf-8' };
const FAILS = `# A scenario that fails

[Client] Romeo
	jid: romeo@localhost/orchard
	password: secret

---------

Romeo connects

Romeo receives:
	<message/>
`;

/** @type {import('node:http').Server} */
let server;
let address = '';

before(async () => {
    server = createServer(async (asked, answer) => {
        const path = normalize(decodeURIComponent(new URL(asked.url ?? '/', 'http://localhost').pathname));
        try {
            const bytes = await readFile(join(folder, path === '/' ? 'index.html' : path));
            answer.writeHead(200, { 'content-type': TYPES[extname(path === '/' ? '.html' : path) || '.html'] ?? 'application/octet-stream' }).end(bytes);
        } catch {
            answer.writeHead(404).end();
        }
    });
    await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(null)));
    address = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}/`;
    await launch();
});

after(async () => {
    await close();
    server?.close();
});

/**
 * Opens the page and does something there, once it is shown.
 * @param {string} fragment
 * @param {Object<string, any>} options  of the browser's page
 * @param {(page: any) => Promise<void>} act
 */
async function on(fragment, options, act) {
    await onPage(address + fragment, (url) => url.startsWith(address) || /^(data|blob):/.test(url), options, async (page) => {
        await shown(page);
        await act(page);
    });
}

/** Waits until what is asked for is shown. @param {any} page */
async function shown(page) {
    await page.locator('.case:not(.is-old):not([aria-busy])').waitFor();
    await page.locator('#totals:not(:empty)').waitFor();
}

/** @param {any} page @returns {Promise<string>} */
const hashOf = async (page) => /trace hash ([0-9a-f]{16})/.exec(await page.locator('#totals').innerText())?.[1] ?? '';

/** @param {any} page @param {string} text */
async function write(page, text) {
    await page.fill('#text', text);
    await page.waitForTimeout(150);
    await page.locator('.case:not([aria-busy])').waitFor();
}

/** @param {...string} words @returns {string} */
function hashHere(...words) {
    const { stdout } = spawnSync(commandOf(), ['run', ...words], { cwd: root, encoding: 'utf8' });
    return /trace hash ([0-9a-f]{16})/.exec(stdout)?.[1] ?? 'none';
}

/** @param {any} page @returns {Promise<string>} */
const focusOf = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.className || document.activeElement?.tagName);

test('the page opens with an example, and each has the trace hash of the other program', async (context) => {
    const began = performance.now();
    await on('', {}, async (page) => {
        context.diagnostic(`${Math.round(performance.now() - began)} ms until the first run is shown`);
        for (const [name] of EXAMPLES) {
            await page.selectOption('#example', name);
            await page.locator(`#text`).evaluate((/** @type {any} */ area, /** @type {string} */ first) => area.value.startsWith(first), '#');
            await page.waitForTimeout(200);
            await shown(page);
            assert.equal(await hashOf(page), hashHere(`scenarios/${name}.scs`), name);
        }
        assert.match(await page.locator('.verdict').innerText(), /passed/);
    });
});

test('a scenario runs while it is written, and shows its failure', async () => {
    await on('', {}, async (page) => {
        await page.fill('#text', '');
        await page.locator('#text').pressSequentially(FAILS.replaceAll('\n\t', '\n\t'), { delay: 1 });
        await page.locator('.row.failed.selected').waitFor();
        await shown(page);
        assert.equal(await page.locator('#text').inputValue(), FAILS);
        assert.match(await page.locator('.verdict').innerText(), /failed/);
        assert.match(await page.locator('#failure-title').innerText(), /line 11/);
        assert.match(await page.locator('#numbers .is-failed').innerText(), /11/);
        assert.match(await page.locator('.replay').innerText(), /rehearse run scenario\.scs/);
    });
});

test('an error is shown at its line, in the words of the parser', async () => {
    await on('', {}, async (page) => {
        await write(page, FAILS.replace('Romeo connects', 'Romeo conects'));
        await page.locator('#complaints li').first().waitFor();
        assert.match(await page.locator('#complaints').innerText(), /line 9\s*.*conects/);
        assert.equal(await page.locator('#numbers .is-wrong').innerText(), '9');
        assert.equal(await page.locator('#shown .is-wrong').innerText(), 'Romeo conects');
        assert.match(await page.locator('#told').innerText(), /Not run: 1 error/);
        await page.locator('#complaints button').click();
        assert.equal(await focusOf(page), 'text');
        await page.keyboard.press('Home');
        for (let i = 0; i < 'Romeo con'.length; i++)
            await page.keyboard.press('ArrowRight');
        await page.keyboard.type('n');
        await page.locator('.row.failed.selected').waitFor();
        assert.equal(await page.locator('#complaints li').count(), 0);
        assert.equal(await page.locator('#told').isVisible(), false);
    });
});

test('what is written is text, also markup', async () => {
    await on('', {}, async (page) => {
        await write(page, FAILS.replace('# A scenario that fails', '# A <b>title</b><img src=x onerror=alert(1)></pre>'));
        await page.locator('.row.failed.selected').waitFor();
        assert.equal(await page.locator('#case-title').innerText(), 'A <b>title</b><img src=x onerror=alert(1)></pre>');
        assert.equal(await page.locator('img, #case-title b, #shown b').count(), 0);
        await write(page, '[Client] <img src=x onerror=alert(2)>\n\tjid: <b>\n');
        await page.locator('#complaints li').first().waitFor();
        assert.equal(await page.locator('img, #complaints b').count(), 0);
    });
});

test('a seed changes the run, and gives it again', async () => {
    await on('', {}, async (page) => {
        const name = `scenarios/${EXAMPLES[0][0]}.scs`;
        const first = await hashOf(page);
        await page.click('#next-seed');
        await page.waitForTimeout(100);
        await shown(page);
        assert.equal(await page.locator('#seed').inputValue(), '1');
        assert.notEqual(await hashOf(page), first);
        assert.equal(await hashOf(page), hashHere('--seed', '1', name));
        await page.fill('#seed', '18446744073709551615');
        await page.waitForTimeout(200);
        await shown(page);
        assert.equal(await hashOf(page), hashHere('--seed', '18446744073709551615', name));
        await page.fill('#seed', '18446744073709551616');
        await page.locator('#told.is-bad').waitFor();
        assert.equal(await page.locator('#seed').getAttribute('aria-invalid'), 'true');
        await page.fill('#seed', '');
        await page.waitForTimeout(200);
        await shown(page);
        assert.equal(await hashOf(page), first);
    });
});

test('every order is explored', async () => {
    await on('', {}, async (page) => {
        await page.selectOption('#example', 'exploration/message-meets-its-recipient');
        await page.waitForTimeout(200);
        await shown(page);
        await page.click('#explore');
        await page.locator('#told.is-good').waitFor();
        assert.match(await page.locator('#told').innerText(), /Every order passed: \d\d+ orders, \d\d+ states/);
        await write(page, `${await page.locator('#text').inputValue()}\n# It changed.\n`);
        await page.locator('#told').waitFor({ state: 'hidden' });
    });
});

test('faults are inserted, and an allocation fails', async () => {
    await on('', {}, async (page) => {
        const first = await hashOf(page);
        await page.locator('#text').evaluate((/** @type {any} */ area) => area.setSelectionRange(area.value.length, area.value.length));
        await page.selectOption('#fault', { label: 'Romeo\'s link breaks' });
        await page.locator('.row.tone-fault').first().waitFor({ state: 'attached' });
        assert.match(await page.locator('#text').inputValue(), /\n\nRomeo's link breaks/);
        await page.keyboard.press('Control+z');
        await page.waitForTimeout(300);
        await shown(page);
        assert.equal(await hashOf(page), first);
        await page.fill('#allocation', '5');
        await page.waitForTimeout(300);
        await shown(page);
        assert.equal(await hashOf(page), hashHere('--fail-allocation', '5', `scenarios/${EXAMPLES[0][0]}.scs`));
    });
});

test('a link has the scenario and how it is run', async () => {
    let shared = '';
    let hash = '';
    const text = FAILS.replace('fails', 'fails, with “quotes” and 日本');
    await on('', {}, async (page) => {
        await write(page, text);
        await page.fill('#seed', '7');
        await page.check('#strict');
        await page.waitForTimeout(300);
        await shown(page);
        hash = await hashOf(page);
        await page.click('#share');
        await page.locator('#told.is-good').waitFor();
        shared = await page.evaluate(() => location.hash);
        assert.match(shared, /^#s=[\w-]+$/);
        assert.ok(shared.length < 400);
    });
    await on(shared, {}, async (page) => {
        assert.equal(await page.locator('#text').inputValue(), text);
        assert.equal(await page.locator('#seed').inputValue(), '7');
        assert.equal(await page.locator('#strict').isChecked(), true);
        assert.equal(await hashOf(page), hash);
    });
    for (const broken of ['#s=AAAA', '#s=!', `${shared.slice(0, 30)}`])
        await on(broken, {}, async (page) => {
            assert.match(await page.locator('#text').inputValue(), /^# A resource with a negative priority/);
        });
});

test('a row of a table is chosen', async () => {
    await on('', {}, async (page) => {
        assert.equal(await page.locator('#row-field').isVisible(), false);
        await write(page, FAILS.replace('# A scenario', '# ${which} scenario').replace('---------', '[Table]\n\twhich\n\tone\n\tanother\n\n---------'));
        await page.locator('#row-field').waitFor();
        await shown(page);
        assert.match(await page.locator('#case-title').innerText(), /^one scenario/);
        await page.fill('#row', '2');
        await page.waitForTimeout(300);
        await shown(page);
        assert.match(await page.locator('#case-title').innerText(), /^another scenario/);
    });
});

test('everything works by keyboard alone', async () => {
    await on('', {}, async (page) => {
        await page.keyboard.press('/');
        assert.equal(await focusOf(page), 'text');
        await page.keyboard.press('Control+Home');
        await page.keyboard.press('Tab');
        assert.equal((await page.locator('#text').inputValue())[0], '\t');
        await page.keyboard.press('Backspace');
        await page.keyboard.press('Escape');
        assert.equal(await focusOf(page), 'sheet');
        await page.waitForTimeout(300);
        await shown(page);
        const hash = await hashOf(page);
        const clock = await page.locator('#clock').innerText();
        await page.keyboard.press('ArrowRight');
        assert.notEqual(await page.locator('#clock').innerText(), clock);
        await page.keyboard.press('Shift+ArrowRight');
        assert.equal(await page.locator('#numbers .is-current').count(), 1);
        await page.keyboard.press('s');
        await page.waitForTimeout(200);
        await shown(page);
        assert.notEqual(await hashOf(page), hash);
        await page.keyboard.press('e');
        await page.locator('#told.is-good').waitFor();
        await page.keyboard.press('?');
        assert.equal(await page.locator('#keys').isVisible(), true);
        await page.keyboard.press('Escape');
    });
    await on('', {}, async (page) => {
        /** @type {string[]} */
        const order = [];
        for (let i = 0; i < 60 && order.at(-1) !== 'lanes'; i++) {
            if (order.at(-1) === 'text')
                await page.keyboard.press('Escape').then(() => page.focus('#text')).then(() => page.keyboard.press('Escape')).then(() => page.focus('#text'));
            await page.keyboard.press('Tab');
            order.push(await focusOf(page));
        }
        const places = ['skip', 'share', 'example', 'seed', 'fault', 'explore', 'text'].map((id) => order.indexOf(id));
        assert.ok(places.every((place, i) => place >= 0 && (i === 0 || place > places[i - 1])), order.join(' '));
    });
});

test('a screen reader finds landmarks, headings and names', async () => {
    await on('', {}, async (page) => {
        const structure = await page.evaluate(() => {
            const nameless = [...document.querySelectorAll('button, input, select, textarea, [role=option], [role=listbox]')].filter((element) => {
                const labels = /** @type {any} */ (element).labels;
                return !element.getAttribute('aria-label') && !element.textContent?.trim() && !(labels?.length > 0);
            });
            return { nameless: nameless.map((element) => element.outerHTML.slice(0, 120)), h1: document.querySelectorAll('h1').length,
                lang: document.documentElement.lang, parts: ['header', 'section[aria-labelledby=editor-title]', 'main[aria-labelledby]', '[role=toolbar]',
                    '[aria-live=polite]'].map((part) => document.querySelectorAll(part).length) };
        });
        assert.deepEqual(structure, { nameless: [], h1: 1, lang: 'en', parts: [1, 1, 1, 1, 1] });
    });
});

test('the colours follow the system, and the switch', async () => {
    /** @param {any} page */
    const lightness = (page) => page.evaluate(() => Math.max(...(getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(Number)));
    for (const colorScheme of ['light', 'dark'])
        await on('', { colorScheme }, async (page) => {
            assert.equal(await lightness(page) > 128, colorScheme === 'light');
            await page.click('#theme');
            assert.ok(await lightness(page) > 128);
            await page.click('#theme');
            assert.ok(await lightness(page) < 128);
        });
});

test('it fits a telephone and a large screen', async () => {
    for (const [width, height] of [[360, 740], [800, 600], [1100, 800], [2560, 1440]])
        await on('', { viewport: { width, height } }, async (page) => {
            const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(over <= 0, `at ${width} it is ${over} too wide`);
            for (const id of ['#text', '#diagram', '#explore', '#clock'])
                assert.equal(await page.locator(id).isVisible(), true);
            const diagram = await page.locator('#diagram').boundingBox();
            assert.ok(diagram.width >= 300 && diagram.height >= 120, JSON.stringify(diagram));
        });
});
