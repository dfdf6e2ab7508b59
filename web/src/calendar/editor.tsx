// The form of an event: typed times, guests on the first screen with their free time, repetition, reminder.
import { useState } from 'preact/hooks';
import { calendarKey, calendars } from '../jmap/calendar';
import type { Json } from '../jmap/types';
import { formatDate, t, type Key } from '../i18n';
import { Dialog, IconButton } from '../ui/parts';
import { change, create, propertiesOf, type Draft } from './acts';
import { FreeBusy } from './details';
import { withScope } from './scope';
import { addDays, clockText, daysBetween, fromLocal, localDay, readTimes, startOfDay } from './times';
import { editing } from './view';

const repeats: [string, Key][] = [['', 'calOnce'], ['daily', 'calDaily'], ['workdays', 'calWorkdays'], ['weekly', 'calWeekly'], ['biweekly', 'calBiweekly'], ['monthly', 'calMonthly'], ['yearly', 'calYearly']];
const alerts: [string, Key, number][] = [['', 'calNoAlert', 0], ['0', 'calAtStart', 0], ['10', 'calMinutes', 10], ['30', 'calMinutes', 30], ['60', 'calMinutes', 60], ['1440', 'calDayBefore', 0]];
const days = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'];

function ruleName(rule: Json | null): string {
    if (!rule) return '';
    const byDay = (rule.byDay as unknown[] | undefined)?.length ?? 0;
    if (rule.frequency === 'weekly' && byDay === 5 && !rule.interval) return 'workdays';
    if (rule.frequency === 'weekly' && rule.interval === 2) return 'biweekly';
    return (rule.interval ?? 1) === 1 && byDay <= 1 ? (rule.frequency as string) : 'other';
}

function ruleOf(name: string, start: Date, until: string): Json | null {
    const plain: Record<string, Json> = {
        daily: { frequency: 'daily' },
        workdays: { frequency: 'weekly', byDay: days.slice(1, 6).map((day) => ({ day })) },
        weekly: { frequency: 'weekly', byDay: [{ day: days[start.getDay()] }] },
        biweekly: { frequency: 'weekly', interval: 2, byDay: [{ day: days[start.getDay()] }] },
        monthly: { frequency: 'monthly' },
        yearly: { frequency: 'yearly' },
    };
    const rule = plain[name];
    return rule ? { ...rule, ...(until ? { until: until + 'T23:59:59' } : {}) } : null;
}

function Guests({ draft, onChange }: { draft: Draft; onChange(guests: Draft['guests']): void }) {
    const [text, setText] = useState('');
    const add = () => {
        const found = text.split(/[,;]/).map((one) => /^\s*(.*?)\s*<?([^\s<>]+@[^\s<>]+)>?\s*$/.exec(one)).filter((one) => !!one);
        const fresh = found.map((one) => ({ name: one[1]!.replace(/^"|"$/g, ''), email: one[2]! })).filter((one) => !draft.guests.some((guest) => guest.email.toLowerCase() === one.email.toLowerCase()));
        if (fresh.length) onChange([...draft.guests, ...fresh]);
        if (found.length) setText('');
    };
    return (
        <div class="fl wide">
            <label for="cal-guests">{t('calGuests')}</label>
            <div class="tokens">
                {draft.guests.map((guest) => (
                    <span key={guest.email} class="token">
                        {guest.name || guest.email}
                        <IconButton icon="close" small label={t('calTakeOut', { name: guest.name || guest.email })} onClick={() => onChange(draft.guests.filter((one) => one !== guest))} />
                    </span>
                ))}
                <input id="cal-guests" type="text" inputMode="email" autocomplete="off" value={text} placeholder={t('calGuestHint')} onInput={(event) => setText(event.currentTarget.value)} onBlur={add} onKeyDown={(event) => (event.key === 'Enter' || event.key === ',') && text && (event.preventDefault(), add())} />
            </div>
        </div>
    );
}

export function Editor() {
    const open = editing.value;
    return open ? <Form key={open.event?.key ?? 'new'} first={open.draft} /> : null;
}

function Form({ first }: { first: Draft }) {
    const event = editing.value?.event ?? null;
    const [draft, setDraft] = useState(first);
    const [times, setTimes] = useState(`${clockText(first.start.getHours() * 60 + first.start.getMinutes())} – ${clockText(first.end.getHours() * 60 + first.end.getMinutes())}`);
    const [repeat, setRepeat] = useState(ruleName(first.rule));
    const [until, setUntil] = useState(((first.rule?.until as string | undefined) ?? '').slice(0, 10));
    const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
    const read = readTimes(times);
    const close = () => (editing.value = null);

    const withTimes = (day: Date, allDay: boolean, text: string): Partial<Draft> => {
        if (allDay) {
            const length = first.allDay ? Math.max(1, daysBetween(draft.start, draft.end)) : 1;
            return { start: startOfDay(day), end: addDays(startOfDay(day), length), allDay };
        }
        const found = readTimes(text) ?? { from: 9 * 60, to: 10 * 60 };
        const at = (minutes: number) => new Date(day.getFullYear(), day.getMonth(), day.getDate(), 0, minutes);
        return { start: at(found.from), end: at(found.to), allDay };
    };
    const save = (submit: Event) => {
        submit.preventDefault();
        if (!draft.allDay && !read) return;
        const rule = repeat === 'other' ? draft.rule : ruleOf(repeat, draft.start, until);
        const whole = { ...draft, rule };
        close();
        if (!event) return void create(whole);
        const patch: Json = propertiesOf(whole);
        for (const name of Object.keys(patch)) if (JSON.stringify(patch[name] ?? null) === JSON.stringify(event.raw[name] ?? null)) delete patch[name];
        if (JSON.stringify(rule) !== JSON.stringify(first.rule)) patch.recurrenceRule = rule;
        const kept = new Set(whole.guests.map((guest) => guest.key).filter(Boolean));
        for (const gone of event.participants.filter((one) => !one.owner && !kept.has(one.key))) patch['participants/' + gone.key] = null;
        const fresh = whole.guests.filter((guest) => !guest.key);
        if (fresh.length && !event.participants.length) patch.participants = Object.fromEntries(fresh.map((guest, index) => ['g' + index, { calendarAddress: 'mailto:' + guest.email, name: guest.name || guest.email, roles: { attendee: true }, expectReply: true }]));
        else for (const [index, guest] of fresh.entries()) patch['participants/g' + Date.now() + index] = { calendarAddress: 'mailto:' + guest.email, name: guest.name || guest.email, roles: { attendee: true }, expectReply: true };
        if (Object.keys(patch).length) withScope(event, t('calChangeWhich'), (scope) => void change(event, patch, scope));
    };
    const writable = calendars.value.filter((one) => one.mayWrite);
    return (
        <Dialog title={event ? t('calEdit') : t('calNew')} class="event-form" onClose={close}>
            <form onSubmit={save}>
                <div class="fl wide">
                    <label for="cal-title">{t('calTitle')}</label>
                    <input id="cal-title" type="text" class="big" autofocus value={draft.title} maxLength={255} onInput={(input) => set({ title: input.currentTarget.value })} />
                </div>
                <div class="fl">
                    <label for="cal-day">{t('calDay')}</label>
                    <input id="cal-day" type="date" required value={localDay(draft.start)} onInput={(input) => input.currentTarget.value && set(withTimes(fromLocal(input.currentTarget.value), draft.allDay, times))} />
                </div>
                {draft.allDay ? (
                    <div class="fl">
                        <label for="cal-last">{t('calLastDay')}</label>
                        <input id="cal-last" type="date" min={localDay(draft.start)} value={localDay(addDays(draft.end, -1))} onInput={(input) => input.currentTarget.value && set({ end: addDays(fromLocal(input.currentTarget.value), 1) })} />
                    </div>
                ) : (
                    <div class="fl">
                        <label for="cal-times">{t('calTimes')}</label>
                        <input id="cal-times" type="text" value={times} aria-invalid={!read} aria-describedby="cal-times-hint" onInput={(input) => (setTimes(input.currentTarget.value), readTimes(input.currentTarget.value) && set(withTimes(draft.start, false, input.currentTarget.value)))} />
                        <small id="cal-times-hint">{read ? t('calTimesHint') : t('calTimesBad')}</small>
                    </div>
                )}
                <label class="check">
                    <input type="checkbox" checked={draft.allDay} onChange={(input) => set(withTimes(draft.start, input.currentTarget.checked, times))} /> {t('calAllDay')}
                </label>
                <Guests draft={draft} onChange={(guests) => set({ guests })} />
                {draft.guests.length > 0 && !draft.allDay && (
                    <div class="wide">
                        <FreeBusy people={draft.guests.map((guest) => ({ name: guest.name || guest.email, email: guest.email }))} start={draft.start} end={draft.end} />
                    </div>
                )}
                <div class="fl wide">
                    <label for="cal-place">{t('calPlace')}</label>
                    <input id="cal-place" type="text" value={draft.place} maxLength={255} onInput={(input) => set({ place: input.currentTarget.value })} />
                </div>
                <div class="fl">
                    <label for="cal-repeat">{t('calRepeat')}</label>
                    <select id="cal-repeat" value={repeat} onChange={(input) => setRepeat(input.currentTarget.value)}>
                        {repeats.map(([value, name]) => <option key={value} value={value}>{t(name)}</option>)}
                        {repeat === 'other' && <option value="other">{t('calOther')}</option>}
                    </select>
                </div>
                {repeat ? (
                    <div class="fl">
                        <label for="cal-until">{t('calUntil')}</label>
                        <input id="cal-until" type="date" min={localDay(draft.start)} value={until} disabled={repeat === 'other'} onInput={(input) => setUntil(input.currentTarget.value)} />
                    </div>
                ) : (
                    <span />
                )}
                <div class="fl">
                    <label for="cal-alert">{t('calAlert')}</label>
                    <select id="cal-alert" value={draft.alert === null ? '' : String(draft.alert)} onChange={(input) => set({ alert: input.currentTarget.value === '' ? null : Number(input.currentTarget.value) })}>
                        {alerts.map(([value, name, n]) => <option key={value} value={value}>{t(name, { n })}</option>)}
                        {draft.alert !== null && !alerts.some(([value]) => value === String(draft.alert)) && <option value={String(draft.alert)}>{t('calMinutes', { n: draft.alert })}</option>}
                    </select>
                </div>
                <div class="fl">
                    <label for="cal-calendar">{t('calCalendar')}</label>
                    <select id="cal-calendar" disabled={!!event} value={calendarKey(draft)} onChange={(input) => {
                        const found = writable.find((one) => calendarKey({ accountId: one.accountId, calendarId: one.id }) === input.currentTarget.value);
                        if (found) set({ accountId: found.accountId, calendarId: found.id });
                    }}>
                        {writable.map((one) => <option key={one.accountId + one.id} value={calendarKey({ accountId: one.accountId, calendarId: one.id })}>{one.owner ? `${one.name} · ${one.owner}` : one.name}</option>)}
                    </select>
                </div>
                <div class="fl wide">
                    <label for="cal-text">{t('calText')}</label>
                    <textarea id="cal-text" rows={3} value={draft.description} onInput={(input) => set({ description: input.currentTarget.value })} />
                </div>
                <label class="check">
                    <input type="checkbox" checked={draft.free} onChange={(input) => set({ free: input.currentTarget.checked })} /> {t('calShowFree')}
                </label>
                <footer>
                    <span class="sum">{formatDate(draft.start, { weekday: 'short', day: 'numeric', month: 'short' })}</span>
                    <button type="button" class="btn ghost" onClick={close}>{t('cancel')}</button>
                    <button type="submit" class="btn pri" disabled={!draft.allDay && !read}>{draft.guests.some((guest) => !guest.key) ? t('calInvite') : t('save')}</button>
                </footer>
            </form>
        </Dialog>
    );
}
