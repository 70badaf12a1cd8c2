/*
 * share.js - a scenario and how it is run, as the fragment of an address, which no browser sends anywhere.
 *
 * It is JSON, compressed (raw deflate, RFC 1951), in the alphabet of RFC 4648, 5, without padding.
 */

/** A link may be from anyone: what it unpacks to is bounded. */
const TEXT_MOST = 1 << 20;

/**
 * @param {ReadableStream} stream
 * @param {number} most
 * @returns {Promise<Uint8Array>}
 */
async function bytesOf(stream, most) {
    /** @type {Uint8Array[]} */
    const pieces = [];
    let length = 0;
    const reader = stream.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        length += piece.value.length;
        if (length > most) {
            await reader.cancel();
            throw new Error('too long');
        }
        pieces.push(piece.value);
    }
    return new Uint8Array(await new Blob(/** @type {any} */ (pieces)).arrayBuffer());
}

/**
 * @param {import('./module.js').Wishes} wishes
 * @returns {Promise<string>}
 */
export async function fragmentOf(wishes) {
    const { text, seed, row, allocation, strict } = wishes;
    const json = new Blob([JSON.stringify({ text, seed, row, allocation, strict })]);
    const bytes = await bytesOf(json.stream().pipeThrough(new CompressionStream('deflate-raw')), Infinity);
    const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    return `#s=${btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/**
 * What a fragment says; null if it says nothing, or nothing that can be understood.
 * @param {string} fragment
 * @returns {Promise<?import('./module.js').Wishes>}
 */
export async function wishesOf(fragment) {
    const packed = /^#s=([\w-]+)$/.exec(fragment)?.[1];
    if (packed === undefined)
        return null;
    try {
        const bytes = Uint8Array.from(atob(packed.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
        const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
        const said = JSON.parse(new TextDecoder().decode(await bytesOf(stream, TEXT_MOST)));
        if (typeof said?.text !== 'string')
            return null;
        const seed = /^\d{1,20}$/.test(said.seed) ? String(said.seed) : '';
        const count = (/** @type {any} */ value) => (Number.isInteger(value) && value > 0 && value < 1e9 ? value : 0);
        return { text: said.text, seed, row: count(said.row) || 1, allocation: count(said.allocation), strict: said.strict === true, explore: false };
    } catch {
        return null;
    }
}
