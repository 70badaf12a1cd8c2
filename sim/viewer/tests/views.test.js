/* The trees of choices, two runs side by side, the implementation report, and diagrams, in a browser (browser.js). */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';

import { close, eventOf, focusOf, launch, leastContrastOf, modules, on, rehearse } from './browser.js';
import { commandOf } from './tool.js';

const room = mkdtempSync(join(tmpdir(), 'viewer-'));
const explored = join(room, 'explored.html');
const twice = join(room, 'twice.html');
const compared = join(room, 'compared.html');
const features = join(room, 'features.html');
const PRIORITY = 'scenarios/routing/negative-priority.scs';
/* Our core with a mistake, beside the program; without it a second server is left out. */
const mistaken = join(dirname(commandOf()), 'mistaken', 'core');
const hasTwo = existsSync(mistaken);
const skip = hasTwo ? false : 'there is no mistaken core';
const WIDTHS = [[360, 740], [800, 600], [1100, 800], [2560, 1440]];

before(async () => {
    rehearse(1, 'explore', '--html', explored, 'sim/viewer/tests/order.scs', 'scenarios/exploration/block-crosses-a-message.scs');
    rehearse(1, 'replay', '--diff', `${PRIORITY}@7`, '--html', twice, PRIORITY);
    if (hasTwo)
        rehearse(1, 'compare', '--server', 'core', '--server', `pipe:${mistaken}`, '--html', compared, 'scenarios/carbons');
    rehearse(hasTwo ? 1 : 0, 'conformance', '--html', features, '--server', 'core', ...(hasTwo ? ['--server', `pipe:${mistaken}`] : []));
    await launch();
});

after(async () => {
    await close();
    rmSync(room, { recursive: true });
});

/**
 * A view is readable in both colours, and nothing of it is beyond the page at any width.
 * @param {string} file
 * @param {string} part  that must be there at each width
 */
async function looksRight(file, part) {
    for (const colorScheme of ['light', 'dark'])
        await on(file, { colorScheme }, async (page) => {
            const least = await leastContrastOf(page);
            assert.ok(least.ratio >= 4.5, `contrast ${least.ratio} in ${colorScheme}: ${least.text}`);
        });
    for (const [width, height] of WIDTHS)
        await on(file, { viewport: { width, height } }, async (page) => {
            const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(over <= 0, `at ${width} it is ${over} too wide`);
            assert.equal(await page.locator(part).first().isVisible(), true, `${part} at ${width}`);
        });
}

/** @param {any} page @returns {Promise<string[]>} what has no name for a screen reader */
function namelessOf(page) {
    return page.evaluate(() => [...document.querySelectorAll('button, input, select, summary, [role=group], table')].filter((element) => {
        const labels = /** @type {any} */ (element).labels;
        return !element.getAttribute('aria-label') && !element.textContent?.trim() && !(labels?.length > 0);
    }).map((element) => element.outerHTML.slice(0, 120)));
}

test('an exploration shows the path of the failing run, and what was tried beside it', async () => {
    await on(explored, {}, async (page) => {
        assert.match(await page.locator('.choices-sums').innerText(), /^\d+ runs, \d+ states; the last one failed\.$/);
        const path = page.locator('.decisions.path > li');
        assert.ok(await path.count() >= 3);
        assert.match(await page.locator('.branch-done').first().innerText(), /0\/2 \d+ runs?: \d+ passed/);
        assert.match(await page.locator('.branch-open').first().innerText(), /1\/2 not explored/);
        const details = page.locator('.branch-done details').first();
        assert.equal(await details.locator('li').count(), 0);
        await details.locator('summary').click();
        await details.locator('.decisions li').first().waitFor();
        assert.ok(await details.locator('li').count() > 2);
        assert.deepEqual(await namelessOf(page), []);
    });
});

test('one steps along the failing path, by keys, buttons and the tree', async () => {
    await on(explored, {}, async (page) => {
        const failure = await eventOf(page);
        await page.keyboard.press('[');
        const last = await eventOf(page);
        assert.ok(last < failure);
        const current = () => page.locator('.decisions.path > li[aria-current=step] button').getAttribute('data-n').then(Number);
        assert.equal(await current(), last);
        await page.click('#choice-back');
        assert.ok(await eventOf(page) < last);
        assert.equal(await current(), await eventOf(page));
        await page.keyboard.press(']');
        assert.equal(await eventOf(page), last);
        const first = page.locator('.decisions.path > li button').first();
        await first.focus();
        await page.keyboard.press('Enter');
        assert.equal(await eventOf(page), Number(await first.getAttribute('data-n')));
        assert.match(await first.getAttribute('aria-label'), /^Decision 1 of \d+: ties, 0 of 2 alternatives/);
        assert.match(await page.locator('.decisions.path > li button').last().innerText(), /ties\s+0\/2/);
    });
});

test('an exploration that passed shows its tree alone', async () => {
    await on(explored, {}, async (page) => {
        await page.keyboard.press('n');
        assert.equal(await page.locator('#case-body').isVisible(), false);
        assert.match(await page.locator('.choices-sums').innerText(), /all orders were explored/);
        assert.ok(await page.locator('.decisions li').count() > 2);
        assert.equal(await page.locator('.decisions.path button').count(), 0);
        await page.keyboard.press('p');
        assert.equal(await page.locator('#case-body').isVisible(), true);
        assert.equal(await page.locator('.choices').count(), 1);
    });
});

test('the tree of choices fits every width and both colours', () => looksRight(explored, '.choices-sums'));

test('two runs of replay stand side by side, aligned where they part', async () => {
    await on(twice, {}, async (page) => {
        assert.equal(await page.locator('#case-body').isVisible(), false);
        assert.deepEqual(await page.locator('.beside-table thead th').allInnerTexts(), [PRIORITY, `${PRIORITY}@7`]);
        assert.match(await page.locator('.beside-head').innerText(), /They differ in [2-9] places/);
        assert.match(await page.locator('tr.differs').first().innerText(), /disk loaded roster romeo@localhost/);
        assert.equal(await page.locator('tr.differs').first().locator('td.absent').count(), 1);
        const rows = await page.locator('.beside-table tbody tr').count();
        await page.locator('.fold button').first().click();
        assert.ok(await page.locator('.beside-table tbody tr').count() > rows);
        assert.deepEqual(await namelessOf(page), []);
    });
});

test('one goes from a difference to its moment, and back', async () => {
    await on(twice, {}, async (page) => {
        await page.keyboard.press(']');
        assert.equal(await page.locator('tr.is-current').count(), 1);
        const text = await page.locator('tr.is-current button').innerText();
        await page.keyboard.press(']');
        assert.notEqual(await page.locator('tr.is-current button').first().innerText(), text);
        await page.keyboard.press('[');
        await page.keyboard.press('Enter');
        assert.equal(await page.locator('#beside').isVisible(), false);
        assert.match(await page.locator('#event-title').innerText(), /loaded roster/);
        assert.equal(await focusOf(page), 'sheet');
        await page.keyboard.press('b');
        assert.equal(await page.locator('#beside').isVisible(), true);
        await page.click('#beside-button');
        assert.equal(await page.locator('#diagram').isVisible(), true);
    });
});

test('two runs fit every width and both colours', () => looksRight(twice, '.beside-table tr.differs'));

test('two servers stand side by side in each case that parts', { skip }, async () => {
    assert.ok(statSync(compared).size < 5e6);
    await on(compared, {}, async (page) => {
        assert.deepEqual(await page.locator('.beside-table thead th').allInnerTexts(), ['core', `pipe:${mistaken}`]);
        assert.match(await page.locator('#beside-title').innerText(), /What clients received/);
        assert.match(await page.locator('tr.differs').first().innerText(), /receives <message/);
        const title = await page.locator('#case-title').innerText();
        await page.locator('tr.differs button').first().click();
        assert.match(await page.locator('#event-title').innerText(), /message/);
        assert.match(await page.locator('.facts').innerText(), /→/);
        assert.match(await page.locator('#lanes').innerText(), /sessions of this server cannot be inspected/);
        await page.keyboard.press('n');
        assert.notEqual(await page.locator('#case-title').innerText(), title);
        assert.equal(await page.locator('#beside').isVisible(), true);
    });
});

test('the implementation report has each feature with its clause, scenarios and verdicts', async () => {
    await on(features, {}, async (page) => {
        assert.match(await page.locator('#features-count').innerText(), /^86 features$/);
        assert.match(await page.locator('#features-sums tr').first().innerText(), /core\s+\d+\s+0\s/);
        const row = page.locator('#features-body tr', { hasText: 'bind-gen' });
        assert.match(await row.innerText(), /RFC 6120, 7\.6\s+server MUST\s+supported/);
        const details = row.locator('details');
        await details.locator('summary').focus();
        await page.keyboard.press('Enter');
        await details.locator('.evidence li').first().waitFor();
        assert.match(await details.innerText(), /scenarios\/bind\/.*\.scs/);
        assert.equal(await page.locator('a[href]:not([href^="#"])').count(), 0);
        assert.equal(await page.locator('#case').isVisible(), false);
        assert.deepEqual(await namelessOf(page), []);
        const structure = await page.evaluate(() => ['h1', 'main:not([hidden])[aria-labelledby]', '[role=search]:not([hidden] *)', 'caption', 'th[scope=row]', 'th[scope=col]']
            .map((part) => document.querySelectorAll(part).length > 0));
        assert.ok(structure.every(Boolean), structure.join(' '));
    });
});

test('features are filtered by words, verdict, document, level and clause', async () => {
    await on(features, {}, async (page) => {
        const count = () => page.locator('#features-body tr').count();
        await page.keyboard.press('/');
        assert.equal(await focusOf(page), 'feature-words');
        await page.keyboard.type('roster push');
        const some = await count();
        assert.ok(some > 0 && some < 20);
        assert.match(await page.locator('#features-count').innerText(), new RegExp(`^${some} of 86 features$`));
        await page.fill('#feature-words', '');
        await page.selectOption('#verdict', 'not applicable');
        assert.equal(await count(), 13);
        await page.selectOption('#verdict', '');
        await page.selectOption('#rfc', '7622');
        assert.equal(await count(), 6);
        await page.selectOption('#rfc', '');
        await page.selectOption('#level', 'MUST');
        const must = await count();
        assert.ok(must > 20 && must < 86);
        await page.selectOption('#level', '');
        await page.fill('#feature-clause', '6120 7.3');
        assert.ok(await count() >= 2 && await count() < 5);
    });
});

test('the implementation report fits every width and both colours', () => looksRight(features, '.features-table .verdict'));

const EVIL = `# end; note over c1: x %%{init: {}}%% --- style a:#f; "quoted" \\n <b>#35;
[Client] Romeo
\tjid: romeo@localhost/orchard
\tpassword: secret
[Client] end
\tjid: end@localhost/balcony
\tpassword: secret
---
Romeo connects
end connects
Romeo sends:
\t<message to="end;note@localhost/a&quot;b\u65e5\u202e\\n%%" id="m2" type="chat"><body>end; alt %% style x:#y;</body></message>
Romeo is not connected
`;

test('Mermaid reads and draws the diagram of a run, whatever is in it', async () => {
    writeFileSync(join(room, 'evil.scs'), EVIL);
    writeFileSync(join(room, 'empty.html'), '<!DOCTYPE html><title>empty</title>');
    const files = [[1, join(room, 'evil.scs')], [0, 'scenarios/federation/message-to-an-account.scs'], [0, PRIORITY]];
    await on(join(room, 'empty.html'), {}, async (page) => {
        await page.addScriptTag({ path: join(modules, 'node_modules/mermaid/dist/mermaid.min.js') });
        for (const [status, file] of files) {
            const drawn = join(room, 'run.mmd');
            rehearse(Number(status), 'run', '--mermaid', drawn, String(file));
            const text = readFileSync(drawn, 'utf8');
            const svg = await page.evaluate(async (/** @type {string} */ diagram) => {
                const { mermaid } = /** @type {any} */ (window);
                const parsed = await mermaid.parse(diagram);
                return parsed.diagramType + (await mermaid.render('run', diagram)).svg;
            }, text);
            assert.match(svg, /^sequence<svg/);
            assert.equal((svg.match(/class="messageText"/g) ?? []).length, text.split('\n').filter((line) => /^ +\w+-?->>/.test(line)).length);
            if (status === 1)
                assert.match(svg, /message chat to end;note@localhost\/a"b日\\xe2\\x80\\xae\\n%%/);
        }
    });
});
