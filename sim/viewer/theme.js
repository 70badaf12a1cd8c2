/*
 * theme.js - the colours of the page: as the system, light or dark.
 */
import { byId } from './dom.js';

const THEMES = ['auto', 'light', 'dark'];

/** What a browser keeps for a file may be refused; the choice then lasts as long as the page. */
function keptTheme() {
    try {
        return localStorage.getItem('rehearsal-theme') ?? 'auto';
    } catch {
        return 'auto';
    }
}

/** @param {string} theme */
function setTheme(theme) {
    const button = byId('theme');
    /** @type {Object<string, string>} */
    const words = { auto: 'Auto', light: 'Light', dark: 'Dark' };
    document.documentElement.dataset.theme = theme;
    button.textContent = words[theme];
    button.setAttribute('aria-label', `Colours: ${theme === 'auto' ? 'as the system' : theme}`);
    try {
        localStorage.setItem('rehearsal-theme', theme);
    } catch {
        /* see keptTheme */
    }
}

export function nextTheme() {
    const theme = document.documentElement.dataset.theme ?? 'auto';
    setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]);
}

/** Sets the colours that were chosen last, and listens to the button. */
export function beginTheme() {
    setTheme(keptTheme());
    byId('theme').addEventListener('click', nextTheme);
}
