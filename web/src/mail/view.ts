// What the mail screen shows now: derived from the address, and the rows that are chosen.
import { computed, effect, signal } from '@preact/signals';
import { byRole, emails, list, mailboxes, show } from '../jmap/mail';
import type { Id, Json } from '../jmap/types';
import { conversations } from '../prefs';
import { go, path, segments } from '../router';
import { searchFilter } from './search';

/** The folder of the address: a mailbox id, "starred", or "search". */
export const place = computed(() => segments.value[1] ?? byRole('inbox')?.id ?? '');
export const openId = computed(() => segments.value[2] ?? '');
export const filter = signal<'all' | 'unread' | 'files'>('all');
export const searched = computed(() => new URLSearchParams(path.value.split('?')[1] ?? '').get('q') ?? '');
export const cursor = signal(0);
export const chosen = signal<ReadonlySet<Id>>(new Set());

export function address(where: string, id = ''): string {
    const query = where === 'search' ? '?q=' + encodeURIComponent(searched.peek()) : '';
    return '/mail/' + where + (id ? '/' + id : '') + query;
}

effect(() => {
    if (segments.value[0] !== 'mail' || !mailboxes.value.length || !place.value) return;
    let condition: Json | null;
    if (place.value === 'search') condition = searchFilter(searched.value);
    else if (place.value === 'starred') condition = { hasKeyword: '$flagged' };
    else condition = { inMailbox: place.value };
    if (filter.value !== 'all') {
        const extra: Json = filter.value === 'unread' ? { notKeyword: '$seen' } : { hasAttachment: true };
        condition = condition?.inMailbox ? { ...condition, ...extra } : { operator: 'AND', conditions: [condition, extra].filter(Boolean) };
    }
    const query = { filter: condition, collapse: conversations.value && filter.value === 'all' };
    if (JSON.stringify(list.peek()?.query) === JSON.stringify(query)) return;
    cursor.value = 0;
    chosen.value = new Set();
    show(query);
});

/** The rows that an act means: the chosen ones, else the open one, else the one under the cursor. */
export function meant(): Id[] {
    if (chosen.value.size) return [...chosen.value];
    const id = openId.value || list.peek()?.ids.peek()[cursor.value];
    return id && emails.has(id) ? [id] : [];
}

export function openRow(row: number): void {
    const id = list.peek()?.ids.peek()[row];
    if (!id) return;
    cursor.value = row;
    go(address(place.value, id));
}

export function step(by: number, open = false): void {
    const last = (list.peek()?.total.peek() ?? 0) - 1;
    const row = Math.max(0, Math.min(last, cursor.value + by));
    if (open && openId.value) openRow(row);
    cursor.value = row;
}

/** After the open message left the list: the next one is shown, or the list alone. */
export function afterRemoval(ids: Id[]): void {
    chosen.value = new Set();
    if (openId.peek() && ids.includes(openId.peek())) {
        const now = list.peek()?.ids.peek() ?? [];
        const row = Math.min(cursor.peek(), now.length - 1);
        cursor.value = Math.max(0, row);
        const next = now[row];
        go(address(place.peek(), matchMedia('(min-width: 760px)').matches && next ? next : ''), true);
    }
}
