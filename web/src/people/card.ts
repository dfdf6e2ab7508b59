// A card as the form shows it, and back to JSContact (RFC 9553): what the form does not show stays as it is.
import type { Json } from '../jmap/types';

export interface Card {
    name?: { full?: string; components?: { kind: string; value: string }[] };
    organizations?: Record<string, { name?: string; units?: { name: string }[] }>;
    titles?: Record<string, { name: string; kind?: string }>;
    emails?: Record<string, { address: string; contexts?: Record<string, boolean> }>;
    phones?: Record<string, { number: string; features?: Record<string, boolean>; contexts?: Record<string, boolean> }>;
    addresses?: Record<string, { full?: string; components?: { kind: string; value: string }[]; contexts?: Record<string, boolean> }>;
    anniversaries?: Record<string, { kind: string; date: { year?: number; month?: number; day?: number; utc?: string } }>;
    links?: Record<string, { uri: string }>;
    notes?: Record<string, { note: string }>;
    media?: Record<string, { kind: string; blobId?: string; mediaType?: string; uri?: string }>;
    keywords?: Record<string, boolean>;
    kind?: string;
}

const values = <T>(map: Record<string, T> | undefined): T[] => Object.values(map ?? {});
const part = (card: Card, kind: string): string => card.name?.components?.filter((one) => one.kind === kind).map((one) => one.value).join(' ') ?? '';

export const fullName = (card: Card): string => card.name?.full || values(card.organizations)[0]?.name || values(card.emails)[0]?.address || '';
export const given = (card: Card): string => part(card, 'given');
export const surname = (card: Card): string => part(card, 'surname');
export const company = (card: Card): string => values(card.organizations)[0]?.name ?? '';
export const title = (card: Card): string => values(card.titles)[0]?.name ?? '';
export const note = (card: Card): string => values(card.notes)[0]?.note ?? '';
export const sortKey = (card: Card): string => (surname(card) || fullName(card)).toLocaleLowerCase();
export const photo = (card: Card): { blobId: string; mediaType: string } | null => {
    const found = values(card.media).find((one) => one.kind === 'photo' && one.blobId);
    return found ? { blobId: found.blobId!, mediaType: found.mediaType ?? 'image/jpeg' } : null;
};
export const addressText = (address: NonNullable<Card['addresses']>[string]): string => address.full || (address.components ?? []).filter((one) => one.kind !== 'separator').map((one) => one.value).join(', ');

export interface Fields {
    given: string;
    surname: string;
    company: string;
    title: string;
    emails: { key: string; text: string; place: string }[];
    phones: { key: string; text: string; place: string }[];
    note: string;
}
export const places = ['work', 'private', 'mobile', ''] as const;

function placeOf(one: { contexts?: Record<string, boolean>; features?: Record<string, boolean> }): string {
    if (one.features?.mobile || one.features?.cell) return 'mobile';
    return Object.keys(one.contexts ?? {}).find((name) => name === 'work' || name === 'private') ?? '';
}

export function fieldsOf(card: Card): Fields {
    return {
        given: given(card),
        surname: surname(card) || (given(card) ? '' : (card.name?.full ?? '')),
        company: company(card),
        title: title(card),
        emails: Object.entries(card.emails ?? {}).map(([key, one]) => ({ key, text: one.address, place: placeOf(one) })),
        phones: Object.entries(card.phones ?? {}).map(([key, one]) => ({ key, text: one.number, place: placeOf(one) })),
        note: note(card),
    };
}

function placed(place: string, phone: boolean): Json {
    if (place === 'mobile') return { features: { mobile: true } };
    return { ...(phone ? { features: { voice: true } } : {}), ...(place ? { contexts: { [place]: true } } : {}) };
}

function firstKey(map: object | undefined, fallback: string): string {
    return Object.keys(map ?? {})[0] ?? fallback;
}

/** What of a card a form changed, as a patch; of a new card, its properties. */
export function patchOf(before: Card | null, fields: Fields): Json {
    const old = before ? fieldsOf(before) : null;
    const patch: Json = {};
    if (!old || old.given !== fields.given || old.surname !== fields.surname) {
        const kept = (before?.name?.components ?? []).filter((one) => one.kind !== 'given' && one.kind !== 'surname');
        const components = [...(fields.given.trim() ? [{ kind: 'given', value: fields.given.trim() }] : []), ...(fields.surname.trim() ? [{ kind: 'surname', value: fields.surname.trim() }] : []), ...kept];
        patch.name = { full: `${fields.given} ${fields.surname}`.trim() || fields.company.trim(), components };
    }
    const single = (name: 'organizations' | 'titles' | 'notes', changed: boolean, value: string, make: Json) => {
        if (!changed) return;
        const key = firstKey(before?.[name], 'x1');
        if (before?.[name]?.[key]) patch[`${name}/${key}`] = value ? { ...(before[name] as Record<string, Json>)[key], ...make } : null;
        else if (value) patch[name] = { [key]: make };
    };
    single('organizations', (old?.company ?? '') !== fields.company, fields.company, { name: fields.company });
    single('titles', (old?.title ?? '') !== fields.title, fields.title, { name: fields.title, kind: 'title' });
    single('notes', (old?.note ?? '') !== fields.note, fields.note, { note: fields.note });
    const many = (name: 'emails' | 'phones', list: Fields['emails'], was: Fields['emails'], word: string) => {
        const filled = list.filter((one) => one.text.trim());
        if (JSON.stringify(filled) === JSON.stringify(was)) return;
        const held = (before?.[name] ?? {}) as Record<string, Json>;
        const next = Object.fromEntries(
            filled.map((one, index) => {
                const same = was.find((other) => other.key === one.key);
                const base = held[one.key] ?? {};
                return [one.key || `n${index + 1}`, { ...base, ...(same && same.place === one.place ? {} : placed(one.place, name === 'phones')), [word]: one.text.trim() }];
            }),
        );
        if (Object.keys(next).length || before?.[name]) patch[name] = Object.keys(next).length ? next : null;
    };
    many('emails', fields.emails, old?.emails ?? [], 'address');
    many('phones', fields.phones, old?.phones ?? [], 'number');
    return patch;
}
