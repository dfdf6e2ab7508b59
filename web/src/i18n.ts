// The words of the client: one JSON file per language, English first; plurals by the rules of the language.
import { signal } from '@preact/signals';
import english from '../lang/en.json';

type Entry = string | Record<string, string>;
export type Key = keyof typeof english;

/** Languages that the client speaks. A new one is a file in lang/ and a line here. */
export const languages: Record<string, { name: string; load(): Promise<{ default: unknown }> }> = {
    en: { name: 'English', load: () => Promise.resolve({ default: english }) },
    de: { name: 'Deutsch', load: () => import('../lang/de.json') },
    ar: { name: 'العربية', load: () => import('../lang/ar.json') },
};
const rightToLeft = new Set(['ar', 'he', 'fa', 'ur']);

export const language = signal('en');
const words = signal<Record<string, Entry>>(english as Record<string, Entry>);
let plural = new Intl.PluralRules('en');

export async function speak(tag: string): Promise<void> {
    const wanted = tag in languages ? tag : (tag.split('-')[0] ?? 'en');
    const found = wanted in languages ? wanted : 'en';
    words.value = (await languages[found]!.load()).default as Record<string, Entry>;
    plural = new Intl.PluralRules(found);
    language.value = found;
    document.documentElement.lang = found;
    document.documentElement.dir = rightToLeft.has(found) ? 'rtl' : 'ltr';
}

/** A phrase with its {values} put in; with `n` the form that the language has for that number. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
    const entry = words.value[key] ?? (english as Record<string, Entry>)[key] ?? key;
    const text = typeof entry === 'string' ? entry : (entry[plural.select(Number(values.n ?? 0))] ?? entry.other ?? key);
    return text.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = values[name];
        return typeof value === 'number' ? value.toLocaleString(language.value) : (value ?? '');
    });
}

const formats = new Map<string, Intl.DateTimeFormat>();
export function formatDate(date: Date, options: Intl.DateTimeFormatOptions): string {
    const key = language.value + JSON.stringify(options);
    let format = formats.get(key);
    if (!format) formats.set(key, (format = new Intl.DateTimeFormat(language.value === 'en' ? 'en-GB' : language.value, options)));
    return format.format(date);
}

export const clock = (date: Date): string => formatDate(date, { hour: '2-digit', minute: '2-digit' });

export function dayDistance(date: Date, now = new Date()): number {
    const day = (value: Date) => Math.round(Date.UTC(value.getFullYear(), value.getMonth(), value.getDate()) / 86400000);
    return day(date) - day(now);
}

/** When a message came, as short as it can be said: today's time, this week's day, a date. */
export function shortTime(date: Date): string {
    const distance = dayDistance(date);
    if (distance === 0 || distance === -1) return clock(date);
    if (distance > -7 && distance < 0) return formatDate(date, { weekday: 'short' });
    if (date.getFullYear() === new Date().getFullYear()) return formatDate(date, { day: 'numeric', month: 'short' });
    return formatDate(date, { day: 'numeric', month: 'short', year: 'numeric' });
}

export function size(bytes: number): string {
    const steps = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
    let step = 0;
    while (bytes >= 1000 && step < 3) (bytes /= 1000), step++;
    return new Intl.NumberFormat(language.value, { style: 'unit', unit: steps[step], unitDisplay: 'short', maximumFractionDigits: bytes < 10 && step ? 1 : 0 }).format(bytes);
}
