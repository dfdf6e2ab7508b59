// The language files, the key map, recipients and the search language.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import english from '../lang/en.json';
import german from '../lang/de.json';
import { parseAddresses } from '../src/compose/recipients';
import { parseMailto } from '../src/compose/mailto';
import { pressed } from '../src/keys';
import { searchFilter } from '../src/mail/search';
import { safeStyle } from '../src/mail/clean';
import { t } from '../src/i18n';

const places = (entry: unknown): string => [...new Set(JSON.stringify(entry).match(/\{\w+\}/g) ?? [])].sort().join();

test('German says everything that English says, with the same values', () => {
    assert.deepEqual(Object.keys(german).sort(), Object.keys(english).sort());
    for (const [key, entry] of Object.entries(english)) assert.equal(places((german as Record<string, unknown>)[key]), places(entry), key);
});

test('a phrase takes the plural of its number', () => {
    assert.equal(t('nMessages', { n: 1 }), '1 message');
    assert.equal(t('nMessages', { n: 2418 }), '2,418 messages');
});

test('recipients are read with and without names, in lists, with commas in quotes', () => {
    assert.deepEqual(parseAddresses('"Lee, Ann" <ann@example.org>; bob@example.org, nonsense'), [
        { name: 'Lee, Ann', email: 'ann@example.org' },
        { name: null, email: 'bob@example.org' },
    ]);
});

test('a mailto link fills the message, and names no files', () => {
    const given = parseMailto('mailto:ann@example.org?subject=Hello%20there&cc=bob@example.org&attach=/etc/passwd');
    assert.equal(given.subject, 'Hello there');
    assert.equal(given.cc?.[0]?.email, 'bob@example.org');
    assert.equal(given.parts, undefined);
});

test('keys are named as the table writes them', () => {
    const key = (name: string, more = {}) => pressed({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
    assert.equal(key('j'), 'j');
    assert.equal(key('U', { shiftKey: true }), 'Shift+U');
    assert.equal(key('#', { shiftKey: true }), '#');
    assert.equal(key('k', { ctrlKey: true }), 'Mod+K');
    assert.equal(key('ArrowDown', { shiftKey: true }), 'Shift+ArrowDown');
});

test('the search language becomes a filter', () => {
    assert.deepEqual(searchFilter('from:ann budget'), { operator: 'AND', conditions: [{ from: 'ann' }, { text: 'budget' }] });
    assert.deepEqual(searchFilter('has:file'), { hasAttachment: true });
    assert.equal(searchFilter('  '), null);
});

test('a style that loads, covers or hides is dropped, and a colour stays', () => {
    assert.deepEqual(safeStyle('color: red; background: url(http://x/); position: fixed; width: expression(1); font-size: 12px'), [
        ['color', 'red'],
        ['font-size', '12px'],
    ]);
});
