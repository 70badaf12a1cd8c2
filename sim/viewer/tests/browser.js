/*
 * browser.js - what the tests in a browser share.  CHROMIUM is the browser; MODULES the folder in which playwright-core is
 * installed; REHEARSE the program, from the root of the repository.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

import { commandOf, root } from './tool.js';

export const modules = resolve(root, process.env.MODULES ?? 'build/viewer');
const { chromium } = createRequire(join(modules, 'index.js'))('playwright-core');

/** @type {any} */
let browser;

export async function launch() {
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

export async function close() {
    await browser?.close();
}

/** @param {number} status @param {...string} words */
export function rehearse(status, ...words) {
    const { status: ended, stderr } = spawnSync(commandOf(), words, { cwd: root, encoding: 'utf8' });
    assert.equal(ended, status, stderr);
}

/**
 * Opens a page, does something there, and checks that it said nothing to the console and asked only for its own.
 * @param {string} address
 * @param {(url: string) => boolean} isOwn  what it may ask for
 * @param {Object<string, any>} options  of the browser's page
 * @param {(page: any) => Promise<void>} act
 */
export async function onPage(address, isOwn, options, act) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
    page.setDefaultTimeout(30000);
    /** @type {string[]} */
    const said = [];
    page.on('console', (/** @type {any} */ message) => said.push(message.text()));
    page.on('pageerror', (/** @type {any} */ error) => said.push(String(error)));
    page.on('dialog', (/** @type {any} */ dialog) => said.push(`dialog: ${dialog.message()}`));
    page.on('request', (/** @type {any} */ request) => {
        if (!isOwn(request.url()))
            said.push(`asks for ${request.url()}`);
    });
    await page.goto(address);
    await act(page);
    assert.deepEqual(said, []);
    await page.close();
}

/**
 * The same with a page that is a file, and may ask for nothing.
 * @param {string} file
 * @param {Object<string, any>} options
 * @param {(page: any) => Promise<void>} act
 */
export async function on(file, options, act) {
    await onPage(`file://${file}`, (url) => /^(file|data):/.test(url), options, act);
}

/** @param {any} page @returns {Promise<number>} the selected event */
export function eventOf(page) {
    return page.evaluate(() => Number(/** @type {any} */ (document.getElementById('slider')).value));
}

/** @param {any} page @returns {Promise<string>} */
export function focusOf(page) {
    return page.evaluate(() => {
        const element = /** @type {HTMLElement} */ (document.activeElement);
        return element.id || element.className || element.tagName;
    });
}

/** @param {any} page @returns {Promise<number>} the lightness of the page, from 0 to 255 */
export function lightnessOf(page) {
    return page.evaluate(() => Math.max(...(getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(Number)));
}

/**
 * The least contrast of texts with what is behind them (WCAG 2.2, 1.4.3).
 * @param {any} page
 * @returns {Promise<{ratio: number, text: string}>}
 */
export function leastContrastOf(page) {
    return page.evaluate(() => {
        /** @param {string} colour */
        const parts = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
        /** @param {number[]} rgb */
        const luminance = (rgb) => rgb.slice(0, 3).map((value) => value / 255).map((value) =>
            (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)).reduce((sum, value, i) =>
            sum + value * [0.2126, 0.7152, 0.0722][i], 0);
        /** @param {Element} element @returns {number[]} */
        const behind = (element) => {
            const colour = parts(getComputedStyle(element).backgroundColor);
            return (colour[3] ?? 1) > 0.99 || element.parentElement === null ? colour : behind(element.parentElement);
        };
        let least = { ratio: 99, text: '' };
        for (const element of document.querySelectorAll('body *')) {
            const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
            if (!own || element.closest('script, style, .hidden, option, dialog, .bar') || !element.checkVisibility())
                continue;
            const [one, other] = [luminance(parts(getComputedStyle(element).color)), luminance(behind(element))].sort((a, b) => b - a);
            const ratio = (one + 0.05) / (other + 0.05);
            if (ratio < least.ratio)
                least = { ratio, text: `${element.className}: ${element.textContent?.slice(0, 40)}` };
        }
        return least;
    });
}
