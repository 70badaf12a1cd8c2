/* The page of runs in a browser (browser.js). */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { close, eventOf, focusOf, launch, leastContrastOf, lightnessOf, on, rehearse } from './browser.js';

const FAILS = 'sim/viewer/tests/fails.scs';
const room = mkdtempSync(join(tmpdir(), 'viewer-'));
const failing = join(room, 'failing.html');
const whole = join(room, 'whole.html');
const resumed = join(room, 'resumed.html');

before(async () => {
    rehearse(1, 'run', '--html', failing, 'scenarios/bind', FAILS);
    rehearse(1, 'run', '--html', whole, 'scenarios', FAILS);
    rehearse(0, 'replay', '--html', resumed, '--seed', '7', 'scenarios/stream-management/across-servers-resumed.scs');
    await launch();
});

after(async () => {
    await close();
    rmSync(room, { recursive: true });
});

test('the page opens at the failure, in the middle of the diagram', async () => {
    await on(failing, {}, async (page) => {
        assert.match(await page.locator('#totals').innerText(), /1 failed/);
        assert.match(await page.locator('#list li').first().innerText(), /title[\s\S]*expected Romeo to receive/);
        assert.equal(await page.locator('#list li').first().locator('button').getAttribute('aria-current'), 'true');
        assert.match(await page.locator('#failure-title').innerText(), /line 32/);
        const row = await page.locator('.row.failed.selected').boundingBox();
        const frame = await page.locator('#diagram').boundingBox();
        const share = (row.y - frame.y) / frame.height;
        assert.ok(share > 0.3 && share < 0.7, `the failure is at ${share} of the diagram`);
        assert.equal(await page.locator('#source li.is-failed').innerText().then((/** @type {string} */ text) => text.includes('Romeo receives:')), true);
        assert.match(await page.locator('.comparison .differs').innerText(), /type="chat"[\s\S]*type="error"/);
        assert.equal(await page.locator('.comparison .differs').count(), 1);
        assert.match(await page.locator('.chain').innerText(), /message chat[\s\S]*service-unavailable/);
    });
});

test('what a scenario holds is text, also markup in a title and a body', async () => {
    await on(failing, {}, async (page) => {
        assert.equal(await page.locator('#case-title').innerText(), 'A <b>title</b> with </script><script>alert(1)</script> & "markup"');
        assert.equal(await page.locator('#case-title b, #list b, img').count(), 0);
        assert.equal(await page.evaluate(() => document.scripts.length), 1); /* the data is taken out once it is read */
        await page.locator('.row.tone-message .pill').first().click();
        assert.match(await page.locator('.xml').innerText(), /&lt;\/script&gt;&lt;img src=x onerror=alert\(1\)&gt;/);
    });
});

test('a click on an arrow shows the stanza, indented and coloured', async () => {
    await on(failing, {}, async (page) => {
        await page.locator('.row.tone-message').first().click();
        assert.match(await page.locator('#event-title').innerText(), /message chat/);
        assert.deepEqual(await page.locator('.xml-line').evaluateAll((/** @type {any[]} */ lines) =>
            lines.map((line) => line.style.getPropertyValue('--depth'))), ['0', '1', '0']);
        assert.match(await page.locator('.xml-attribute').first().innerText(), /to/);
        assert.match(await page.locator('.facts').innerText(), /Romeo → localhost/);
        await page.locator('.chain button, .states').first().waitFor();
        assert.match(await page.locator('.states').innerText(), /available, priority -1/);
        assert.match(await page.locator('.states').innerText(), /available with a negative priority/);
    });
});

test('arrows say what a copy is of, and what becomes of a roster item', async () => {
    const copies = join(room, 'copies.html');
    const saves = join(room, 'saves.html');
    rehearse(0, 'replay', '--html', copies, 'scenarios/carbons/bare-jid.scs');
    rehearse(1, 'replay', '--html', saves, 'sim/viewer/tests/saves.scs');
    await on(copies, {}, async (page) => {
        await page.locator('#diagram').evaluate((/** @type {HTMLElement} */ diagram) => diagram.scrollTo(0, diagram.scrollHeight));
        await page.locator('.pill', { hasText: /^message chat copy \(received\) of \u201c/ }).first().waitFor();
    });
    await on(saves, {}, async (page) => {
        assert.match(await page.locator('#diagram').innerText(), /iq set roster: juliet@localhost/);
        assert.match(await page.locator('#diagram').innerText(), /save roster juliet@localhost, subscription none/);
    });
});

test('cases are filtered by words, result, tag and clause', async () => {
    await on(whole, {}, async (page) => {
        const count = () => page.locator('#list li').count();
        const all = await count();
        assert.ok(all > 1500);
        await page.fill('#filter-words', 'negative priority');
        const some = await count();
        assert.ok(some > 0 && some < 20);
        await page.fill('#filter-words', 'no such words anywhere');
        assert.equal(await count(), 0);
        await page.fill('#filter-words', '');
        await page.selectOption('#filter-result', 'failed');
        assert.equal(await count(), 1);
        await page.selectOption('#filter-result', 'passed');
        assert.equal(await count(), all - 1);
        await page.fill('#filter-clause', 'rfc 6121 8.5.2.1.1');
        const clause = await count();
        assert.ok(clause > 0 && clause < all / 4);
        assert.match(await page.locator('#count').innerText(), new RegExp(`${clause} of ${all} cases`));
        await page.fill('#filter-clause', '');
        await page.fill('#filter-tag', 'explore');
        const tagged = await count();
        assert.ok(tagged > 0 && tagged < all / 4);
    });
});

test('time goes by event, by step, with the slider and in the lanes', async () => {
    await on(resumed, {}, async (page) => {
        assert.equal(await eventOf(page), 1);
        await page.click('#event-on');
        const one = await eventOf(page);
        assert.ok(one > 1);
        await page.click('#step-on');
        assert.ok(await eventOf(page) > one);
        assert.match(await page.locator('#source li.is-current').innerText(), /\w/);
        await page.click('#step-back');
        await page.click('#to-last');
        const last = await eventOf(page);
        await page.click('#event-back');
        assert.ok(await eventOf(page) < last);
        await page.locator('#slider').fill('300');
        assert.equal(await eventOf(page), 300);
        assert.match(await page.locator('#clock').innerText(), /event 300 of/);
        const bar = await page.locator('.bar-hibernating').first().boundingBox();
        await page.mouse.click(bar.x + bar.width / 2, bar.y + bar.height / 2);
        assert.match(await page.locator('.states').innerText(), /hibernating/);
        await page.mouse.move(bar.x + bar.width / 2, bar.y + 2);
        await page.mouse.down();
        await page.mouse.move(bar.x - 60, bar.y + 2);
        await page.mouse.up();
        assert.doesNotMatch(await page.locator('.states').innerText(), /hibernating/);
    });
});

test('the boxes choose which events are shown', async () => {
    await on(resumed, {}, async (page) => {
        const rows = () => page.locator('.sheet').evaluate((/** @type {HTMLElement} */ sheet) => sheet.querySelector('.row')?.getAttribute('aria-setsize'));
        let shown = Number(await rows());
        for (const name of ['links', 'bytes', 'states', 'choices']) {
            await page.check(`[data-show=${name}]`);
            const more = Number(await rows());
            assert.ok(more > shown, `${name} adds no rows`);
            shown = more;
        }
        await page.uncheck('[data-show=storage]');
        assert.ok(Number(await rows()) < shown);
        assert.equal(await page.locator('.head-storage').count(), 0);
    });
});

test('everything works by keyboard alone', async () => {
    await on(failing, {}, async (page) => {
        const failure = await eventOf(page);
        await page.keyboard.press('Shift+ArrowLeft');
        await page.keyboard.press('ArrowLeft');
        assert.ok(await eventOf(page) < failure - 1);
        await page.keyboard.press('f');
        assert.equal(await eventOf(page), failure);
        await page.keyboard.press('Home');
        await page.keyboard.press('ArrowRight');
        assert.ok(await eventOf(page) < 20);
        await page.keyboard.press('/');
        await page.keyboard.type('bind');
        assert.equal(await focusOf(page), 'filter-words');
        const title = await page.locator('#case-title').innerText();
        for (let i = 0; i < 4; i++)
            await page.keyboard.press('Tab');
        assert.match(await focusOf(page), /item/);
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        assert.notEqual(await page.locator('#case-title').innerText(), title);
        await page.keyboard.press('?');
        assert.equal(await page.locator('#keys').isVisible(), true);
        await page.keyboard.press('Escape');
        assert.equal(await page.locator('#keys').isVisible(), false);
    });
    await on(failing, {}, async (page) => {
        /** @type {string[]} */
        const order = [];
        for (let i = 0; i < 40 && order.at(-1) !== 'lanes'; i++) {
            await page.keyboard.press('Tab');
            order.push(await focusOf(page));
        }
        const places = ['skip', 'open-keys', 'filter-words', 'to-first', 'to-failure', 'source', 'sheet', 'details', 'slider', 'lanes']
            .map((id) => order.indexOf(id));
        assert.ok(places.every((place, i) => place >= 0 && (i === 0 || place > places[i - 1])), order.join(' '));
    });
});

test('a screen reader finds landmarks, headings and names', async () => {
    await on(failing, {}, async (page) => {
        const structure = await page.evaluate(() => {
            const nameless = [...document.querySelectorAll('button, input, select, [role=option], [role=listbox]')].filter((element) => {
                const labels = /** @type {any} */ (element).labels;
                return !element.getAttribute('aria-label') && !element.textContent?.trim() && !(labels?.length > 0);
            });
            return { nameless: nameless.map((element) => element.outerHTML.slice(0, 120)), h1: document.querySelectorAll('h1').length,
                lang: document.documentElement.lang, parts: ['header', 'nav[aria-label]', 'main[aria-labelledby]', '[role=search]',
                    '[role=toolbar]'].map((part) => [...document.querySelectorAll(part)].filter((element) => element.closest('[hidden]') === null).length),
                active: document.getElementById(document.querySelector('[role=listbox]')?.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-selected') };
        });
        assert.deepEqual(structure, { nameless: [], h1: 1, lang: 'en', parts: [1, 1, 1, 1, 1], active: 'true' });
        assert.match(await page.locator('.row.selected').getAttribute('aria-label'), /^0\.032 s, failure: /);
        assert.match(await page.locator('#slider').getAttribute('aria-valuetext'), /event \d+ of \d+, 0\.032 s/);
    });
});

test('the colours follow the system, and the switch', async () => {
    for (const colorScheme of ['light', 'dark'])
        await on(failing, { colorScheme }, async (page) => {
            assert.equal(await lightnessOf(page) > 128, colorScheme === 'light');
            const least = await leastContrastOf(page);
            assert.ok(least.ratio >= 4.5, `contrast ${least.ratio} in ${colorScheme}: ${least.text}`);
            await page.click('#theme');
            assert.ok(await lightnessOf(page) > 128);
            await page.click('#theme');
            assert.ok(await lightnessOf(page) < 128);
            assert.equal(await page.locator('#theme').getAttribute('aria-label'), 'Colours: dark');
            await page.keyboard.press('t');
            assert.equal(await lightnessOf(page) > 128, colorScheme === 'light');
        });
});

test('it fits a telephone and a large screen', async () => {
    for (const [width, height] of [[360, 740], [800, 600], [1100, 800], [2560, 1440]])
        await on(failing, { viewport: { width, height } }, async (page) => {
            const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(over <= 0, `at ${width} it is ${over} too wide`);
            assert.ok(await page.locator('.row.failed').count() > 0);
            if (width < 860) {
                assert.equal(await page.locator('#cases').isVisible(), false);
                await page.click('#open-cases');
                assert.equal(await page.locator('#open-cases').getAttribute('aria-expanded'), 'true');
                await page.locator('#list button').nth(1).click();
                assert.equal(await page.locator('#cases').isVisible(), false);
            }
        });
});

test('a case without its events says why', async () => {
    await on(failing, {}, async (page) => {
        await page.keyboard.press('n');
        assert.match(await page.locator('.without').innerText(), /--html-all/);
        assert.equal(await page.locator('#case-body').isVisible(), false);
        await page.keyboard.press('p');
        assert.equal(await page.locator('#case-body').isVisible(), true);
    });
});

test('an address names a case and a moment', async () => {
    await on(`${whole}#scenarios/bind/asked-for-resource.scs`, {}, async (page) => {
        assert.match(await page.locator('#list [aria-current]').innerText(), /scenarios\/bind\/asked-for-resource\.scs/);
    });
    await on(`${failing}#%E0%A4%A`, {}, async (page) => {
        assert.equal(await page.locator('#list li').first().locator('button').getAttribute('aria-current'), 'true');
    });
    await on(`${failing}#case=1`, {}, async (page) => {
        assert.match(await page.locator('.without').innerText(), /passed/);
    });
    await on(failing, {}, async (page) => {
        await page.locator('.row.tone-message').first().click();
        const address = await page.evaluate(() => location.hash);
        const event = await eventOf(page);
        await page.goto('about:blank');
        await page.goto(`file://${failing}${address}`);
        assert.equal(await eventOf(page), event);
    });
});

test('a page of all scenarios is small, and is painted at once', async (context) => {
    const size = statSync(whole).size;
    assert.ok(size < 5e6, `${size} bytes`);
    await on(whole, {}, async (page) => {
        const paint = await page.evaluate(() => new Promise((resolve) => {
            const known = performance.getEntriesByName('first-contentful-paint')[0];
            if (known)
                resolve(known.startTime);
            new PerformanceObserver((list) => list.getEntriesByName('first-contentful-paint')
                .forEach((entry) => resolve(entry.startTime))).observe({ type: 'paint', buffered: true });
        }));
        context.diagnostic(`${await page.locator('#list li').count()} cases, ${size} bytes, first paint after ${Math.round(Number(paint))} ms`);
    });
});
