// Days, times and durations as the calendar reckons with them. Everything here is pure.
// A "local" time is text without a zone, as JSCalendar has it: "2026-11-24T10:30:00".

export const minute = 60_000;
export const dayMinutes = 24 * 60;

const two = (value: number): string => String(value).padStart(2, '0');

export function localDay(date: Date): string {
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** A moment as the clock on this wall shows it. */
export function localTime(date: Date): string {
    return `${localDay(date)}T${two(date.getHours())}:${two(date.getMinutes())}:00`;
}

/** A local time as a moment of this browser's zone. */
export function fromLocal(local: string): Date {
    const [day, time = '00:00:00'] = local.split('T');
    const [y = 0, m = 1, d = 1] = day!.split('-').map(Number);
    const [hour = 0, min = 0, sec = 0] = time.split(':').map(Number);
    return new Date(y, m - 1, d, hour, min, sec);
}

/** A local time so many minutes later, whatever the clocks of a zone do in between. */
export function shiftLocal(local: string, minutes: number): string {
    const time = new Date(local.replace(/Z?$/, 'Z'));
    return new Date(time.getTime() + minutes * minute).toISOString().slice(0, 19);
}

export function addDays(date: Date, days: number): Date {
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, date.getHours(), date.getMinutes());
}

export function startOfDay(date: Date): Date {
    return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

export function startOfWeek(date: Date, firstDay: number): Date {
    return addDays(startOfDay(date), -((date.getDay() - firstDay + 7) % 7));
}

/** Whole days from one date to another, by the calendar. */
export function daysBetween(from: Date, to: Date): number {
    const day = (value: Date) => Date.UTC(value.getFullYear(), value.getMonth(), value.getDate());
    return Math.round((day(to) - day(from)) / 86_400_000);
}

export function sameDay(a: Date, b: Date): boolean {
    return daysBetween(a, b) === 0;
}

/** ISO 8601: the week that holds the Thursday. */
export function weekNumber(date: Date): number {
    const thursday = addDays(startOfWeek(date, 1), 3);
    return 1 + Math.floor(daysBetween(new Date(thursday.getFullYear(), 0, 1), thursday) / 7);
}

/** Minutes of a duration as JSCalendar writes it ("P1DT2H30M"); 0 for one that is none. */
export function durationMinutes(text: string | undefined): number {
    const found = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?$/.exec(text ?? '');
    if (!found) return 0;
    const [weeks, days, hours, minutes] = found.slice(1).map((part) => Number(part ?? 0));
    return ((weeks! * 7 + days!) * 24 + hours!) * 60 + minutes!;
}

export function durationText(minutes: number, wholeDays = false): string {
    if (wholeDays) return `P${Math.max(1, Math.round(minutes / dayMinutes))}D`;
    const hours = Math.floor(minutes / 60);
    return `PT${hours ? hours + 'H' : ''}${minutes % 60 || !hours ? (minutes % 60) + 'M' : ''}`;
}

function clockMinutes(text: string): number | null {
    const found = /^(\d{1,2})(?:[:.h]?(\d{2}))?\s*(am|pm|a|p)?$/i.exec(text.trim());
    if (!found) return null;
    let hours = Number(found[1]);
    const minutes = Number(found[2] ?? 0);
    const half = found[3]?.[0]?.toLowerCase();
    if (half && (hours < 1 || hours > 12)) return null;
    if (half === 'p' && hours < 12) hours += 12;
    if (half === 'a' && hours === 12) hours = 0;
    return hours > 24 || minutes > 59 || (hours === 24 && minutes > 0) ? null : hours * 60 + minutes;
}

/** "14-15:30", "9", "9:15 – 10", "2pm-3pm": minutes of the day; an end that is left out is an hour later. */
export function readTimes(text: string): { from: number; to: number } | null {
    const parts = text.split(/\s*(?:-|–|—|\bto\b|\bbis\b)\s*/).filter(Boolean);
    if (parts.length < 1 || parts.length > 2) return null;
    const from = clockMinutes(parts[0]!);
    if (from === null) return null;
    if (parts.length === 1) return { from, to: from + 60 };
    const to = clockMinutes(parts[1]!);
    if (to === null || to === from) return null;
    // An end before the begin is on the next day.
    return { from, to: to > from ? to : to + dayMinutes };
}

export function clockText(minutes: number): string {
    return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}
