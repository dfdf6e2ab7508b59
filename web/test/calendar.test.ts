// The calendar's reckoning: typed times, durations, weeks, and events side by side.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { durationMinutes, durationText, readTimes, shiftLocal, startOfWeek, weekNumber } from '../src/calendar/times';
import { bars, sideBySide } from '../src/calendar/pack';
import { fieldsOf, patchOf, type Card } from '../src/people/card';

test('times are read as people write them', () => {
    assert.deepEqual(readTimes('14-15:30'), { from: 840, to: 930 });
    assert.deepEqual(readTimes('9'), { from: 540, to: 600 });
    assert.deepEqual(readTimes('9:15 – 10'), { from: 555, to: 600 });
    assert.deepEqual(readTimes('2pm-3pm'), { from: 840, to: 900 });
    assert.deepEqual(readTimes('12am to 12pm'), { from: 0, to: 720 });
    assert.deepEqual(readTimes('23-1'), { from: 1380, to: 1500 });
    for (const bad of ['', 'noon', '25', '9:75', '9-9', '1-2-3', '13pm']) assert.equal(readTimes(bad), null, bad);
});

test('durations are written and read', () => {
    for (const minutes of [15, 60, 90, 1500]) assert.equal(durationMinutes(durationText(minutes)), minutes);
    assert.equal(durationText(2880, true), 'P2D');
    assert.equal(durationMinutes('P1W'), 10080);
    assert.equal(durationMinutes('nonsense'), 0);
});

test('a local time moves whatever the clocks of a zone do', () => {
    assert.equal(shiftLocal('2026-03-29T01:30:00', 60), '2026-03-29T02:30:00');
    assert.equal(shiftLocal('2026-12-31T23:50:00', 15), '2027-01-01T00:05:00');
});

test('weeks begin where people say, and are counted by their Thursday', () => {
    assert.equal(startOfWeek(new Date(2026, 10, 24), 1).getDate(), 23);
    assert.equal(startOfWeek(new Date(2026, 10, 24), 0).getDate(), 22);
    assert.equal(weekNumber(new Date(2026, 10, 24)), 48);
    assert.equal(weekNumber(new Date(2027, 0, 1)), 53);
});

test('events that overlap stand side by side, others take the whole width', () => {
    const placed = sideBySide([{ from: 0, to: 60 }, { from: 30, to: 90 }, { from: 60, to: 120 }, { from: 200, to: 260 }]);
    assert.deepEqual(placed.map((one) => [one.left, one.width]), [[0, 0.5], [0.5, 0.5], [0, 0.5], [0, 1]]);
});

test('long events are bars in as few rows as they need', () => {
    const rows = bars([{ from: -1, to: 2 }, { from: 2, to: 3 }, { from: 1, to: 9 }, { from: 9, to: 10 }], 7);
    assert.deepEqual(rows.map((one) => [one.row, one.first, one.last, one.before, one.after]), [[0, 0, 1, true, false], [1, 1, 6, false, true], [0, 2, 2, false, false]]);
});

test('a card keeps what the form does not show', () => {
    const card: Card = {
        name: { full: 'Dr. Ada King', components: [{ kind: 'title', value: 'Dr.' }, { kind: 'given', value: 'Ada' }, { kind: 'surname', value: 'King' }] },
        emails: { e1: { address: 'ada@example.org', contexts: { work: true } } },
        organizations: { o9: { name: 'Engines', units: [{ name: 'Looms' }] } },
    };
    const fields = fieldsOf(card);
    assert.deepEqual(patchOf(card, fields), {});
    assert.deepEqual(patchOf(card, { ...fields, company: 'Notes' }), { 'organizations/o9': { name: 'Notes', units: [{ name: 'Looms' }] } });
    const renamed = patchOf(card, { ...fields, surname: 'Lovelace' }) as { name: { components: { kind: string }[] } };
    assert.deepEqual(renamed.name.components.map((one) => one.kind), ['given', 'surname', 'title']);
    const mailed = patchOf(card, { ...fields, emails: [...fields.emails, { key: '', text: 'a@b.example', place: 'private' }] }) as { emails: Record<string, { address: string }> };
    assert.deepEqual(Object.values(mailed.emails).map((one) => one.address), ['ada@example.org', 'a@b.example']);
});
