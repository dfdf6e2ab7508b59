// What is done with events: made, moved, changed, answered, removed; each can be taken back where the server lets it.
import { call, account } from '../jmap/client';
import type { Id, Json } from '../jmap/types';
import { calendars, mine, reload, showChanged, type Occurrence } from '../jmap/calendar';
import { t } from '../i18n';
import { complain, done, say } from '../undo';
import { durationMinutes, durationText, fromLocal, localTime, minute, shiftLocal } from './times';

/** Which occurrences of a series an act is about. */
export type Scope = 'this' | 'following' | 'all';

interface SetAnswer {
    created?: Record<string, Json>;
    notCreated?: Record<string, Json>;
    notUpdated?: Record<string, Json>;
    notDestroyed?: Record<string, Json>;
}

async function set(accountId: Id, args: Json): Promise<SetAnswer> {
    const answer = await call<SetAnswer>('CalendarEvent/set', { accountId, sendSchedulingMessages: true, ...args });
    const refused = Object.values({ ...answer.notCreated, ...answer.notUpdated, ...answer.notDestroyed })[0];
    if (refused) throw new Error((refused.description as string) || t('calRefused'));
    return answer;
}

function trouble(error: unknown): void {
    complain(error instanceof Error && error.message ? error.message : t('calRefused'));
    void reload();
}

export async function getBase(event: Occurrence): Promise<Json> {
    const answer = await call<{ list: Json[] }>('CalendarEvent/get', { accountId: event.accountId, ids: [event.baseId ?? event.id] });
    const found = answer.list[0];
    if (!found) throw new Error(t('calGone'));
    return found;
}

export interface Draft {
    accountId: Id;
    calendarId: Id;
    title: string;
    start: Date;
    end: Date;
    allDay: boolean;
    place: string;
    description: string;
    guests: { name: string; email: string; key?: string; status?: string }[];
    rule: Json | null;
    alert: number | null;
    free: boolean;
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function guestsOf(draft: Draft): Json | null {
    if (!draft.guests.length) return null;
    return Object.fromEntries(
        draft.guests.map((guest, index) => [
            guest.key ?? 'g' + index,
            { calendarAddress: 'mailto:' + guest.email, name: guest.name || guest.email, roles: { attendee: true }, participationStatus: guest.status ?? 'needs-action', expectReply: true },
        ]),
    );
}

/** The properties that a form decides. */
export function propertiesOf(draft: Draft): Json {
    const minutes = Math.round((draft.end.getTime() - draft.start.getTime()) / minute);
    return {
        title: draft.title.trim() || t('calNoTitle'),
        start: draft.allDay ? localTime(draft.start).slice(0, 10) + 'T00:00:00' : localTime(draft.start),
        duration: durationText(minutes, draft.allDay),
        timeZone: draft.allDay ? null : zone,
        showWithoutTime: draft.allDay,
        description: draft.description,
        locations: draft.place.trim() ? { '1': { name: draft.place.trim() } } : null,
        freeBusyStatus: draft.free ? 'free' : 'busy',
        alerts: draft.alert === null ? null : { a1: { trigger: { offset: draft.alert ? `-PT${draft.alert}M` : 'PT0S' } } },
    };
}

export async function create(draft: Draft): Promise<void> {
    try {
        const body: Json = { ...propertiesOf(draft), calendarIds: { [draft.calendarId]: true } };
        const guests = guestsOf(draft);
        if (guests) body.participants = guests;
        if (draft.rule) body.recurrenceRule = draft.rule;
        for (const name of ['locations', 'alerts', 'timeZone']) if (body[name] === null) delete body[name];
        const answer = await set(draft.accountId, { create: { e: body } });
        const id = answer.created?.e?.id as Id;
        void reload();
        done(guests ? t('calInvited', { n: draft.guests.length }) : t('calCreated'), t('undo'), async () => {
            try {
                await set(draft.accountId, { destroy: [id] });
            } catch (error) {
                trouble(error);
            }
        });
    } catch (error) {
        trouble(error);
    }
}

/** Ends a series before an occurrence, and answers what the series was and its rule from there on. */
async function cut(event: Occurrence): Promise<{ base: Json; rest: Json }> {
    const base = await getBase(event);
    const rule = { ...((base.recurrenceRule ?? {}) as Json) };
    const rest = { ...rule };
    const first = event.raw.recurrenceId as string;
    if (typeof rule.count === 'number') {
        const found = await call<{ ids: Id[] }>('CalendarEvent/query', {
            accountId: event.accountId,
            filter: { after: shiftLocal(base.start as string, -1440), before: first, uid: base.uid },
            expandRecurrences: true,
        });
        rest.count = Math.max(1, rule.count - found.ids.length);
        delete rule.count;
    }
    rule.until = shiftLocal(first, -1);
    await set(event.accountId, { update: { [event.baseId!]: { recurrenceRule: rule } } });
    return { base, rest };
}

const serverSet = ['id', 'uid', 'baseEventId', 'created', 'updated', 'isOrigin', 'isDraft', 'recurrenceId', 'recurrenceIdTimeZone', 'utcStart', 'utcEnd', 'prodId', 'sequence', 'recurrenceOverrides', 'organizerCalendarAddress', 'method'];

function copyOf(raw: Json): Json {
    return Object.fromEntries(Object.entries(raw).filter(([name, value]) => !serverSet.includes(name) && value !== null && value !== undefined));
}

/** Applies a change of properties to what the scope says. */
export async function change(event: Occurrence, patch: Json, scope: Scope, said = t('calChanged')): Promise<void> {
    try {
        if (!event.baseId || scope === 'this') {
            const before = Object.fromEntries(Object.keys(patch).map((name) => [name, event.raw[name] ?? null]));
            await set(event.accountId, { update: { [event.id]: patch } });
            done(said, t('undo'), async () => {
                try {
                    await set(event.accountId, { update: { [event.id]: before } });
                } catch (error) {
                    trouble(error);
                }
            });
        } else if (scope === 'all') {
            const base = await getBase(event);
            const whole = { ...patch };
            // The series moves by as much as this occurrence did.
            if (typeof patch.start === 'string') whole.start = shiftLocal(base.start as string, (fromLocal(patch.start).getTime() - fromLocal(event.local).getTime()) / minute);
            await set(event.accountId, { update: { [event.baseId]: whole } });
            say(said);
        } else {
            const { base, rest } = await cut(event);
            await set(event.accountId, { create: { e: { ...copyOf(base), start: event.local, ...patch, recurrenceRule: patch.recurrenceRule ?? rest, relatedTo: { [base.uid as string]: { relation: { first: true } } } } } });
            say(said);
        }
        void reload();
    } catch (error) {
        trouble(error);
    }
}

/** Moves an event, or makes it shorter or longer, by the grid. */
export async function reschedule(event: Occurrence, start: Date, end: Date, scope: Scope): Promise<void> {
    const back = showChanged(event, { start, end });
    const moved = Math.round((start.getTime() - event.start.getTime()) / minute);
    const length = Math.round((end.getTime() - start.getTime()) / minute);
    const patch: Json = {};
    if (moved) patch.start = shiftLocal(event.local, moved);
    if (length !== durationMinutes(event.raw.duration as string)) patch.duration = durationText(length, event.allDay);
    if (!Object.keys(patch).length) return back();
    await change(event, patch, scope, t('calMoved'));
}

export async function remove(event: Occurrence, scope: Scope): Promise<void> {
    const back = showChanged(event, null);
    try {
        if (event.baseId && scope === 'following') {
            await cut(event);
            say(t('calRemoved'));
        } else if (event.baseId && scope === 'this') {
            await set(event.accountId, { destroy: [event.id] });
            const override = 'recurrenceOverrides/' + (event.raw.recurrenceId as string);
            done(t('calRemoved'), t('undo'), async () => {
                try {
                    await set(event.accountId, { update: { [event.baseId!]: { [override]: null } } });
                } catch (error) {
                    trouble(error);
                }
            });
        } else {
            const whole = await getBase(event);
            await set(event.accountId, { destroy: [event.baseId ?? event.id] });
            done(t('calRemoved'), t('undo'), async () => {
                try {
                    await set(event.accountId, { sendSchedulingMessages: false, create: { e: copyOf(whole) } });
                } catch (error) {
                    trouble(error);
                }
            });
        }
        void reload();
    } catch (error) {
        back();
        trouble(error);
    }
}

export async function answer(event: Occurrence, status: 'accepted' | 'tentative' | 'declined'): Promise<void> {
    const me = mine(event);
    if (!me) return;
    const back = showChanged(event, { participants: event.participants.map((one) => (one === me ? { ...one, status } : one)) });
    try {
        await set(event.accountId, { update: { [event.baseId ?? event.id]: { [`participants/${me.key}/participationStatus`]: status } } });
        say(t(status === 'accepted' ? 'calSaidYes' : status === 'tentative' ? 'calSaidMaybe' : 'calSaidNo'));
    } catch (error) {
        back();
        trouble(error);
    }
}

/** Where a new event goes: the default calendar, else the first that may be written. */
export function homeCalendar(): { accountId: Id; calendarId: Id } {
    const all = calendars.peek().filter((one) => one.mayWrite);
    const home = all.find((one) => one.isDefault) ?? all.find((one) => one.own) ?? all[0];
    return { accountId: home?.accountId ?? account(), calendarId: home?.id ?? '' };
}

export interface Busy {
    from: Date;
    to: Date;
}

/** When somebody of this office is busy; null when that cannot be known. */
export async function busyTimes(email: string, from: Date, to: Date): Promise<Busy[] | null> {
    try {
        const accountId = account();
        const found = await call<{ ids: Id[] }>('Principal/query', { accountId, filter: { email } });
        if (!found.ids[0]) return null;
        const answer = await call<{ list: { utcStart: string; utcEnd: string; busyStatus?: string }[] }>('Principal/getAvailability', {
            accountId,
            id: found.ids[0],
            utcStart: from.toISOString().replace(/\.\d+/, ''),
            utcEnd: to.toISOString().replace(/\.\d+/, ''),
        });
        return answer.list.map((one) => ({ from: new Date(one.utcStart), to: new Date(one.utcEnd) }));
    } catch {
        return null;
    }
}

