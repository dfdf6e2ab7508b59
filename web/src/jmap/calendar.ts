// The calendars that this person sees, own and shared, and the events of the shown days. It follows the server's changes.
// Spec: JMAP Calendars; JSCalendar. Invariants: occurrences are expanded by the server and have ids of their own;
// an event is shown once per calendar, whoever's it is; `rev` grows with every change of what is shown.
import { batch, signal } from '@preact/signals';
import { call, session } from './client';
import { onChange } from './push';
import type { Id, Json } from './types';
import { durationMinutes, fromLocal, localTime, minute } from '../calendar/times';

export interface Calendar {
    accountId: Id;
    id: Id;
    name: string;
    /** Whose it is, when it is not one's own. */
    owner: string;
    own: boolean;
    hue: number;
    mayWrite: boolean;
    mayRead: boolean;
    isDefault: boolean;
}
export interface Participant {
    key: string;
    name: string;
    email: string;
    status: string;
    owner: boolean;
    optional: boolean;
}
export interface Occurrence {
    key: string;
    accountId: Id;
    id: Id;
    /** The series that this is an occurrence of. */
    baseId: Id | null;
    calendarId: Id;
    title: string;
    start: Date;
    end: Date;
    /** The begin in the event's own zone, and that zone; null: the same time everywhere. */
    local: string;
    zone: string | null;
    allDay: boolean;
    tentative: boolean;
    free: boolean;
    cancelled: boolean;
    secret: boolean;
    place: string;
    link: string;
    description: string;
    participants: Participant[];
    isOrigin: boolean;
    raw: Json;
}
interface Got {
    state: string;
    list: Json[];
}

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
export const calendars = signal<Calendar[]>([]);
export const occurrences = signal<Occurrence[]>([]);
export const loading = signal(true);
export const failed = signal(false);
const capability = 'urn:ietf:params:jmap:calendars';
const hues = 6;
let shown: { from: Date; to: Date } | null = null;
let turn = 0;

export const calendarKey = (one: { accountId: Id; calendarId: Id }): string => one.accountId + '/' + one.calendarId;
export const calendarOf = (event: Occurrence): Calendar | undefined => calendars.value.find((one) => one.accountId === event.accountId && one.id === event.calendarId);
export const myAddress = (): string => (session.value?.username ?? '').toLowerCase();
export const mine = (event: Occurrence): Participant | undefined => event.participants.find((one) => one.email.toLowerCase() === myAddress());

function accounts(): [Id, { name: string; isPersonal: boolean }][] {
    return Object.entries(session.peek()?.accounts ?? {}).filter(([, one]) => capability in one.accountCapabilities);
}

export async function loadCalendars(): Promise<void> {
    const all = await Promise.all(
        accounts().map(async ([accountId, account]) => {
            const answer = await call<Got>('Calendar/get', { accountId });
            return answer.list.map((one): Calendar => {
                const rights = (one.myRights ?? {}) as Record<string, boolean>;
                return {
                    accountId,
                    id: one.id as Id,
                    name: one.name as string,
                    owner: account.isPersonal ? '' : account.name,
                    own: account.isPersonal,
                    hue: 0,
                    mayWrite: !!(rights.mayWriteAll || rights.mayWriteOwn),
                    mayRead: !!rights.mayReadItems,
                    isDefault: account.isPersonal && !!one.isDefault,
                };
            });
        }),
    );
    calendars.value = all.flat().map((one, index) => ({ ...one, hue: 1 + (index % hues) }));
}

const properties = ['id', 'baseEventId', 'calendarIds', 'title', 'start', 'duration', 'timeZone', 'showWithoutTime', 'utcStart', 'utcEnd', 'status', 'freeBusyStatus', 'privacy', 'locations', 'virtualLocations', 'description', 'participants', 'isOrigin', 'recurrenceId', 'recurrenceRule', 'alerts', 'keywords'];

function firstOf(value: unknown, name: string): string {
    const one = Object.values((value ?? {}) as Record<string, Json>)[0];
    return (one?.[name] as string | undefined) ?? '';
}

function readParticipants(value: unknown): Participant[] {
    return Object.entries((value ?? {}) as Record<string, Json>).map(([key, one]) => {
        const roles = (one.roles ?? {}) as Record<string, boolean>;
        const email = ((one.email as string) ?? (one.calendarAddress as string) ?? '').replace(/^mailto:/i, '');
        return { key, email, name: (one.name as string) || email, status: (one.participationStatus as string) ?? 'needs-action', owner: !!roles.owner, optional: !!roles.optional };
    });
}

export function readEvent(accountId: Id, raw: Json): Occurrence {
    const local = raw.start as string;
    const allDay = !!raw.showWithoutTime;
    const length = durationMinutes(raw.duration as string | undefined);
    const start = !allDay && raw.utcStart ? new Date(raw.utcStart as string) : fromLocal(local);
    const end = !allDay && raw.utcEnd ? new Date(raw.utcEnd as string) : new Date(start.getTime() + length * minute);
    return {
        key: accountId + '/' + (raw.id as string),
        accountId,
        id: raw.id as Id,
        baseId: (raw.baseEventId as Id | undefined) ?? null,
        calendarId: Object.keys((raw.calendarIds ?? {}) as Json)[0] ?? '',
        title: (raw.title as string) ?? '',
        start,
        // A day that is longer or shorter by an hour is a day all the same.
        end: allDay ? fromLocal(localTime(new Date(start.getFullYear(), start.getMonth(), start.getDate() + Math.max(1, Math.round(length / 1440))))) : end,
        local,
        zone: (raw.timeZone as string | undefined) ?? null,
        allDay,
        tentative: raw.status === 'tentative',
        cancelled: raw.status === 'cancelled',
        free: raw.freeBusyStatus === 'free',
        secret: raw.privacy === 'private' || raw.privacy === 'secret',
        place: firstOf(raw.locations, 'name'),
        link: firstOf(raw.virtualLocations, 'uri'),
        description: (raw.description as string) ?? '',
        participants: readParticipants(raw.participants),
        isOrigin: raw.isOrigin !== false,
        raw,
    };
}

/** Shows the events between two moments, and keeps them in step from then on. */
export async function showRange(from: Date, to: Date): Promise<void> {
    shown = { from, to };
    await load();
}

async function load(): Promise<void> {
    if (!shown) return;
    const now = ++turn;
    const { from, to } = shown;
    try {
        const all = await Promise.all(
            accounts().map(async ([accountId]) => {
                const found = call('CalendarEvent/query', { accountId, filter: { after: localTime(from), before: localTime(to) }, timeZone: zone, expandRecurrences: true, sort: [{ property: 'start' }], limit: 1000 });
                const got = await call<Got>('CalendarEvent/get', { accountId, '#ids': found.ref('/ids'), properties });
                return got.list.map((raw) => readEvent(accountId, raw));
            }),
        );
        if (now !== turn) return;
        batch(() => {
            occurrences.value = all.flat();
            loading.value = false;
            failed.value = false;
        });
    } catch {
        if (now !== turn) return;
        loading.value = false;
        failed.value = true;
    }
}

onChange((_, states) => {
    if (states.Calendar) void loadCalendars();
    if (states.CalendarEvent || states.Calendar) void load();
});

export const reload = load;

/** Changes what is shown at once; the server's answer comes by the change that it makes. Returns what undoes it. */
export function showChanged(event: Occurrence, change: Partial<Occurrence> | null): () => void {
    const before = occurrences.peek();
    occurrences.value = before.flatMap((one) => (one.key === event.key ? (change ? [{ ...one, ...change }] : []) : [one]));
    return () => (occurrences.value = before);
}
