/*
 * schema.js - validates a value against the part of JSON Schema (2020-12) that events.schema.json uses.  A keyword that
 * it does not know is an error: a schema is never obeyed in part.
 */

/** @type {Object<string, (value: any) => boolean>} */
const TYPES = {
    string: (value) => typeof value === 'string',
    integer: (value) => Number.isInteger(value),
    boolean: (value) => typeof value === 'boolean',
    null: (value) => value === null,
    array: (value) => Array.isArray(value),
    object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const NOT_JUDGED = ['$schema', '$defs', 'title'];

/**
 * False if a schema demands another `type` of an object than it has: nearly all alternatives are left out so.
 * @param {any} value
 * @param {any} schema
 * @param {any} root
 * @returns {boolean}
 */
function mayFit(value, schema, root) {
    const meant = schema.$ref === undefined ? schema : root.$defs[schema.$ref.replace('#/$defs/', '')];
    const type = meant.properties?.type?.const;
    return type === undefined || !meant.required.includes('type') || !TYPES.object(value) || value.type === type;
}

/**
 * What is wrong with a value, a sentence each; nothing when it is valid.
 * @param {any} value
 * @param {any} schema
 * @param {any} [root]   the whole schema, for references
 * @param {string} [at]  where the value is
 * @returns {string[]}
 */
export function mistakes(value, schema, root = schema, at = '') {
    /** @type {Object<string, (rule: any) => string[]>} */
    const keywords = {
        $ref: (rule) => mistakes(value, root.$defs[rule.replace('#/$defs/', '')], root, at),
        type: (rule) => ([rule].flat().some((type) => TYPES[type](value)) ? [] : [`${at} is not of the type ${rule}`]),
        const: (rule) => (value === rule ? [] : [`${at} is not ${JSON.stringify(rule)}`]),
        enum: (rule) => (rule.includes(value) ? [] : [`${at} is none of ${rule.join(', ')}`]),
        minimum: (rule) => (typeof value !== 'number' || value >= rule ? [] : [`${at} is below ${rule}`]),
        maximum: (rule) => (typeof value !== 'number' || value <= rule ? [] : [`${at} is above ${rule}`]),
        pattern: (rule) => (typeof value !== 'string' || new RegExp(rule, 'u').test(value) ? [] : [`${at} does not match ${rule}`]),
        minItems: (rule) => (!Array.isArray(value) || value.length >= rule ? [] : [`${at} has fewer than ${rule} items`]),
        maxItems: (rule) => (!Array.isArray(value) || value.length <= rule ? [] : [`${at} has more than ${rule} items`]),
        items: (rule) => (Array.isArray(value) ? value.flatMap((item, i) => mistakes(item, rule, root, `${at}[${i}]`)) : []),
        required: (rule) => (TYPES.object(value) ? rule.filter((/** @type {string} */ name) => !Object.hasOwn(value, name))
            .map((/** @type {string} */ name) => `${at} has no ${name}`) : []),
        properties: (rule) => (TYPES.object(value) ? Object.keys(rule).filter((name) => Object.hasOwn(value, name))
            .flatMap((name) => mistakes(value[name], rule[name], root, `${at}.${name}`)) : []),
        additionalProperties: (rule) => (TYPES.object(value) ? Object.keys(value)
            .filter((name) => !Object.hasOwn(schema.properties ?? {}, name))
            .flatMap((name) => (rule === false ? [`${at} may not have ${name}`] : mistakes(value[name], rule, root, `${at}.${name}`))) : []),
        oneOf: (rule) => {
            const results = rule.filter((/** @type {any} */ one) => mayFit(value, one, root))
                .map((/** @type {any} */ one) => mistakes(value, one, root, at));
            const fits = results.filter((/** @type {string[]} */ result) => result.length === 0).length;
            return fits === 1 ? [] : results.length === 1 ? results[0] : [`${at} fits ${fits} of ${rule.length} schemas`];
        },
    };
    return Object.entries(schema).filter(([name]) => !NOT_JUDGED.includes(name))
        .flatMap(([name, rule]) => (keywords[name] ? keywords[name](rule) : [`the schema has the unknown keyword ${name}`]));
}
