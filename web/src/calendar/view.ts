// What the calendar shows: which view, around which day, which calendars, and what is chosen.
import { computed, signal } from '@preact/signals';
import { calendarKey, occurrences, type Occurrence } from '../jmap/calendar';
import { language } from '../i18n';
import { addDays, sameDay, startOfDay, startOfWeek } from './times';
import type { Draft } from './acts';

export type View = 'day' | 'week' | 'month' | 'list';
const key = 'lockstep.calendar';

function kept(): { view?: View; hidden?: string[] } {
    try {
        return JSON.parse(localStorage.getItem(key) ?? '{}') as { view?: View; hidden?: string[] };
    } catch {
        return {};
    }
}

export const narrow = matchMedia('(max-width: 760px)');
export const view = signal<View>(kept().view ?? (narrow.matches ? 'day' : 'week'));
export const cursor = signal(startOfDay(new Date()));
export const hidden = signal(new Set(kept().hidden ?? []));
export const chosen = signal<{ event: Occurrence; at: DOMRect } | null>(null);
export const editing = signal<{ draft: Draft; event: Occurrence | null } | null>(null);
/** The present minute, for the line in the grid. */
export const now = signal(new Date());
setInterval(() => (now.value = new Date()), 30_000);

function keep(): void {
    try {
        localStorage.setItem(key, JSON.stringify({ view: view.peek(), hidden: [...hidden.peek()] }));
    } catch {
        // It lasts as long as the page.
    }
}

export function setView(value: View): void {
    view.value = value;
    keep();
}

export function toggle(calendar: string): void {
    const next = new Set(hidden.peek());
    if (!next.delete(calendar)) next.add(calendar);
    hidden.value = next;
    keep();
}

/** Monday, Sunday or Saturday, as the language's people count. */
export const firstDay = computed(() => {
    const locale = new Intl.Locale(language.value === 'en' ? 'en-GB' : language.value) as Intl.Locale & { weekInfo?: { firstDay: number }; getWeekInfo?(): { firstDay: number } };
    const info = locale.getWeekInfo?.() ?? locale.weekInfo;
    return (info?.firstDay ?? 1) % 7;
});

/** The first shown day, and how many days are shown. */
export const range = computed((): { from: Date; days: number } => {
    const at = cursor.value;
    switch (view.value) {
        case 'day':
            return { from: at, days: 1 };
        case 'week':
            return { from: startOfWeek(at, firstDay.value), days: 7 };
        case 'month':
            return { from: startOfWeek(new Date(at.getFullYear(), at.getMonth(), 1), firstDay.value), days: 42 };
        case 'list':
            return { from: at, days: 30 };
    }
});

export const visible = computed(() => occurrences.value.filter((event) => !hidden.value.has(calendarKey(event)) && !event.cancelled));

/** Events of one day, all-day ones first. */
export function eventsOn(day: Date, all = visible.value): Occurrence[] {
    const next = addDays(startOfDay(day), 1);
    return all
        .filter((event) => event.start < next && (event.end > day || sameDay(event.start, day)))
        .sort((a, b) => Number(b.allDay) - Number(a.allDay) || a.start.getTime() - b.start.getTime());
}

/** Shown above the grid: it has no time, or lasts for a day and more. */
export const isLong = (event: Occurrence): boolean => event.allDay || event.end.getTime() - event.start.getTime() >= 86_400_000;

export function step(direction: 1 | -1): void {
    const at = cursor.peek();
    if (view.peek() === 'month') cursor.value = new Date(at.getFullYear(), at.getMonth() + direction, 1);
    else cursor.value = addDays(at, direction * (view.peek() === 'day' ? 1 : view.peek() === 'week' ? 7 : 30));
}
