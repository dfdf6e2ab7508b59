// The mail that this page knows: mailboxes, messages by id, and one windowed list. It follows the server's changes.
// Invariants: `emails` holds list properties only until a message's body was asked for; `rev` grows with every change of it.
import { batch, signal } from '@preact/signals';
import { account, call } from './client';
import type { Changes, Email, Id, Identity, Json, Mailbox } from './types';

export const mailboxes = signal<Mailbox[]>([]);
export const identities = signal<Identity[]>([]);
export const emails = new Map<Id, Email>();
export const threads = new Map<Id, Id[]>();
export const rev = signal(0);
let emailState = '';

/** What a list shows of a message. */
export const listProperties = ['id', 'blobId', 'threadId', 'mailboxIds', 'keywords', 'receivedAt', 'subject', 'from', 'to', 'cc', 'preview', 'size', 'hasAttachment'];
export const bodyProperties = [...listProperties, 'sentAt', 'bcc', 'replyTo', 'messageId', 'references', 'textBody', 'htmlBody', 'attachments', 'bodyValues'];

export const byRole = (role: string): Mailbox | undefined =>
    mailboxes.value.find((one) => one.role === role) ?? (role === 'detained' ? mailboxes.value.find((one) => one.name === '[Detained]') : undefined);
export const byId = (id: Id): Mailbox | undefined => mailboxes.value.find((one) => one.id === id);

interface Got<T> {
    state: string;
    list: T[];
    notFound: Id[];
}

export async function loadMailboxes(): Promise<void> {
    const answer = await call<Got<Mailbox>>('Mailbox/get', { accountId: account() });
    mailboxes.value = answer.list.sort((a, b) => a.sortOrder - b.sortOrder || a.name.localeCompare(b.name));
}

export async function loadIdentities(): Promise<void> {
    identities.value = (await call<Got<Identity>>('Identity/get', { accountId: account() })).list;
}

/** Takes messages in; what is known of a message and not said anew stays. */
export function take(list: Email[]): void {
    for (const email of list) emails.set(email.id, { ...emails.get(email.id), ...email });
    if (list.length) rev.value++;
}

/** Changes what is shown of messages at once; returns what undoes it. */
export function patchLocal(ids: Id[], change: (email: Email) => Partial<Email>): () => void {
    const before = ids.map((id) => emails.get(id)).filter((one): one is Email => !!one);
    take(before.map((one) => ({ ...one, ...change(one) })));
    return () => take(before);
}

export interface Query {
    filter: Json | null;
    collapse: boolean;
}
const page = 60;

/** A list of messages of which only the part near the window is loaded. */
export class List {
    readonly total = signal(-1);
    readonly ids = signal<(Id | undefined)[]>([]);
    readonly failed = signal(false);
    private readonly asked = new Set<number>();
    private again = 0;
    ended = false;

    constructor(readonly query: Query) {
        void this.load(0);
    }

    /** Makes sure that rows `from` to `to` are loaded or being loaded. */
    want(from: number, to: number): void {
        for (let at = Math.floor(Math.max(0, from) / page); at <= Math.floor(to / page); at++)
            if (!this.asked.has(at) && (this.total.peek() < 0 || at * page < this.total.peek())) void this.load(at);
    }

    private async load(at: number): Promise<void> {
        this.asked.add(at);
        const turn = this.again;
        const accountId = account();
        try {
            const query = call<{ ids: Id[]; total: number; position: number }>('Email/query', {
                accountId,
                filter: this.query.filter,
                sort: [{ property: 'receivedAt', isAscending: false }],
                collapseThreads: this.query.collapse,
                position: at * page,
                limit: page,
                calculateTotal: true,
            });
            const got = call<Got<Email>>('Email/get', { accountId, '#ids': query.ref('/ids'), properties: listProperties });
            const around = call<Got<{ id: Id; emailIds: Id[] }>>('Thread/get', { accountId, '#ids': got.ref('/list/*/threadId') });
            const [found, list, rows] = await Promise.all([query, got, around]);
            if (this.ended || turn !== this.again) return;
            batch(() => {
                if (!emailState) emailState = list.state;
                for (const row of rows.list) threads.set(row.id, row.emailIds);
                take(list.list);
                const ids = this.ids.peek().slice(0, found.total);
                ids.length = found.total;
                found.ids.forEach((id, index) => (ids[found.position + index] = id));
                this.ids.value = ids;
                this.total.value = found.total;
                this.failed.value = false;
            });
        } catch {
            this.asked.delete(at);
            if (this.total.peek() < 0) this.failed.value = true;
        }
    }

    /** Asks again for the pages near `row`; the others are asked for when they come into view. */
    refresh(row: number): void {
        this.again++;
        this.asked.clear();
        const at = Math.floor(row / page);
        void this.load(at);
        if (at > 0) void this.load(at - 1);
    }

    /** Takes rows out before the server has answered; returns what puts them back. */
    remove(ids: Id[]): () => void {
        const before = this.ids.peek();
        const gone = new Set(ids);
        this.ids.value = before.filter((id) => !id || !gone.has(id));
        this.total.value = Math.max(0, this.ids.value.length);
        return () => ((this.ids.value = before), (this.total.value = before.length));
    }
}

export const list = signal<List | null>(null);
export let firstRow = 0;
export const seeRow = (row: number): void => void (firstRow = row);

export function show(query: Query): void {
    if (list.peek()) list.peek()!.ended = true;
    list.value = new List(query);
}

/** Follows what changed on the server: the messages this page knows, the counts, the list. */
export async function follow(states: Record<string, string>): Promise<void> {
    const accountId = account();
    if (states.Mailbox) void loadMailboxes();
    if (!states.Email || states.Email === emailState) return;
    try {
        for (let more = !!emailState; more; ) {
            const changes = await call<Changes>('Email/changes', { accountId, sinceState: emailState, maxChanges: 500 });
            const known = changes.updated.filter((id) => emails.has(id));
            const ids = [...known, ...changes.created].slice(0, 500);
            if (ids.length) take((await call<Got<Email>>('Email/get', { accountId, ids, properties: listProperties })).list);
            for (const email of ids.map((id) => emails.get(id))) if (email) threads.delete(email.threadId);
            for (const id of changes.destroyed) emails.delete(id);
            emailState = changes.newState;
            more = changes.hasMoreChanges;
        }
    } catch {
        emailState = states.Email;
        emails.clear();
    }
    rev.value++;
    list.peek()?.refresh(firstRow);
}

/** The messages of a conversation, oldest first, with their bodies. */
export async function openThread(threadId: Id): Promise<Email[]> {
    const accountId = account();
    const thread = call<Got<{ id: Id; emailIds: Id[] }>>('Thread/get', { accountId, ids: [threadId] });
    const got = call<Got<Email>>('Email/get', { accountId, '#ids': thread.ref('/list/*/emailIds'), properties: bodyProperties, fetchTextBodyValues: true, fetchHTMLBodyValues: true, maxBodyValueBytes: 1000000 });
    const [rows, found] = await Promise.all([thread, got]);
    if (!emailState) emailState = found.state;
    for (const row of rows.list) threads.set(row.id, row.emailIds);
    take(found.list);
    return found.list.sort((a, b) => a.receivedAt.localeCompare(b.receivedAt));
}
