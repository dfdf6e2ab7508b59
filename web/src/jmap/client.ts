// JMAP calls: those made in one turn of the event loop travel in one request, and may refer to each other's answers.
// Spec: RFC 8620 3.3 (batching), 3.7 (back-references), 6 (blobs).
// Errors: a method's error rejects its own call with MethodError; the rest of the request goes on.
import { signal } from '@preact/signals';
import type { Account, Id, Json, Session } from './types';

export class MethodError extends Error {
    constructor(
        readonly type: string,
        readonly description = '',
    ) {
        super(description || type);
    }
}

/** The server cannot be reached; the act may be tried again. */
export class Offline extends Error {}
export class SignedOut extends Error {}

export interface Reference {
    resultOf: string;
    name: string;
    path: string;
}

/** The answer of a call to come; `ref` names a part of it for a later call of the same turn. */
export interface Call<T> extends Promise<T> {
    ref(path: string): Reference;
}

interface Waiting {
    id: string;
    name: string;
    args: Json;
    resolve(value: unknown): void;
    reject(error: unknown): void;
}

export const session = signal<Session | null>(null);
export const online = signal(true);
let queue: Waiting[] = [];
let next = 0;
let signedOut = () => {};

export function onSignedOut(run: () => void): void {
    signedOut = run;
}

export async function request(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('X-Lockstep', 'web');
    let answer: Response;
    try {
        answer = await fetch(url, { ...init, headers, credentials: 'same-origin' });
    } catch (error) {
        if ((error as Error).name === 'AbortError') throw error;
        online.value = false;
        throw new Offline('The server cannot be reached.');
    }
    online.value = true;
    if (answer.status === 401) {
        signedOut();
        throw new SignedOut('signed out');
    }
    return answer;
}

/** A URL of the session as a path of this origin: the page may stand behind another name than the server gives. */
function here(url: string): string {
    return url.replace(/^https?:\/\/[^/]+/, '');
}

export async function openSession(): Promise<Session> {
    const answer = await request('/.well-known/jmap', { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(`session: ${answer.status}`);
    session.value = (await answer.json()) as Session;
    return session.value;
}

async function flush(): Promise<void> {
    const batch = queue;
    queue = [];
    const open = session.peek();
    try {
        if (!open) throw new SignedOut('signed out');
        const answer = await request(here(open.apiUrl), {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
            body: JSON.stringify({
                using: Object.keys(open.capabilities).filter((name) => !name.endsWith(':websocket')),
                methodCalls: batch.map((call) => [call.name, call.args, call.id]),
            }),
        });
        if (!answer.ok) throw new MethodError('request', `${answer.status} ${await answer.text()}`.slice(0, 300));
        const body = (await answer.json()) as { methodResponses: [string, Json, string][] };
        const left = new Map(batch.map((call) => [call.id, call]));
        for (const [name, value, id] of body.methodResponses) {
            const call = left.get(id);
            if (!call) continue;
            left.delete(id);
            if (name === 'error') call.reject(new MethodError(String(value.type), value.description as string));
            else call.resolve(value);
        }
        for (const call of left.values()) call.reject(new MethodError('noAnswer'));
    } catch (error) {
        for (const call of batch) call.reject(error);
    }
}

/** Calls a method. Calls of the same turn are sent together, in the order in which they were made. */
export function call<T = Json>(name: string, args: Json): Call<T> {
    const id = 'c' + next++;
    const promise = new Promise<T>((resolve, reject) => {
        if (queue.length === 0) queueMicrotask(() => void flush());
        queue.push({ id, name, args, resolve: resolve as (value: unknown) => void, reject });
    }) as Call<T>;
    promise.ref = (path) => ({ resultOf: id, name, path });
    promise.catch(() => {});
    return promise;
}

/** Whether an account has a capability; `name` without the prefix common to the standard ones, or a whole one. */
export function can(accountId: Id, capability: string): boolean {
    const account: Account | undefined = session.value?.accounts[accountId];
    return !!account && capability in account.accountCapabilities;
}

export function account(): Id {
    const open = session.value;
    return open?.primaryAccounts['urn:ietf:params:jmap:mail'] ?? Object.keys(open?.accounts ?? {})[0] ?? '';
}

export function blobUrl(accountId: Id, blobId: Id, name: string, type: string): string {
    const values: Record<string, string> = { accountId, blobId, name: name || 'file', type: type || 'application/octet-stream' };
    return here(session.peek()?.downloadUrl ?? '').replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(values[key] ?? ''));
}

/** Uploads a file; `progress` hears the share that has left, 0 to 1. */
export function upload(accountId: Id, file: Blob, progress: (share: number) => void, stop?: AbortSignal): Promise<{ blobId: Id; type: string; size: number }> {
    return new Promise((resolve, reject) => {
        const send = new XMLHttpRequest();
        send.open('POST', here(session.peek()?.uploadUrl ?? '').replace('{accountId}', encodeURIComponent(accountId)));
        send.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
        send.setRequestHeader('X-Lockstep', 'web');
        send.upload.onprogress = (event) => progress(event.total ? event.loaded / event.total : 0);
        send.onload = () => (send.status < 300 ? resolve(JSON.parse(send.responseText)) : reject(new MethodError('upload', String(send.status))));
        send.onerror = () => reject(new Offline('The server cannot be reached.'));
        send.onabort = () => reject(new DOMException('stopped', 'AbortError'));
        stop?.addEventListener('abort', () => send.abort());
        send.send(file);
    });
}
