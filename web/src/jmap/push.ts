// What changed on the server, as it changes: one EventSource for every type (RFC 8620 7.3).
import { session } from './client';
import { signal } from '@preact/signals';

type Listener = (accountId: string, states: Record<string, string>) => void;

/** Whether the server's changes reach this page now. */
export const live = signal(false);
const listeners = new Set<Listener>();
let source: EventSource | null = null;

/** Hears every state change; returns what ends it. */
export function onChange(run: Listener): () => void {
    listeners.add(run);
    return () => listeners.delete(run);
}

export function openPush(): void {
    closePush();
    const url = session.peek()?.eventSourceUrl;
    if (!url) return;
    const values: Record<string, string> = { types: '*', closeafter: 'no', ping: '60' };
    source = new EventSource(url.replace(/^https?:\/\/[^/]+/, '').replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(values[key] ?? '')));
    source.onopen = () => (live.value = true);
    source.onerror = () => (live.value = false);
    source.addEventListener('state', (event) => {
        const { changed } = JSON.parse((event as MessageEvent<string>).data) as { changed: Record<string, Record<string, string>> };
        for (const [accountId, states] of Object.entries(changed)) for (const run of listeners) run(accountId, states);
    });
}

export function closePush(): void {
    source?.close();
    source = null;
    live.value = false;
}
