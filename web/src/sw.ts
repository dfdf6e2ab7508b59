// The service worker: keeps the shell (page, scripts, styles) by content hash, so the client opens offline.
// Answers of the server (JMAP, blobs, the session) are never kept here.
declare const SHELL: string[];
declare const VERSION: string;

interface Extendable extends Event {
    waitUntil(work: Promise<unknown>): void;
}
interface FetchLike extends Extendable {
    request: Request;
    respondWith(answer: Promise<Response> | Response): void;
}
const worker = self as unknown as {
    addEventListener(kind: string, run: (event: never) => void): void;
    skipWaiting(): Promise<void>;
    clients: { claim(): Promise<void> };
    location: Location;
};
const kept = 'shell-' + VERSION;

worker.addEventListener('install', ((event: Extendable) => {
    event.waitUntil(caches.open(kept).then((cache) => cache.addAll(SHELL)));
}) as never);

worker.addEventListener('activate', ((event: Extendable) => {
    event.waitUntil(
        caches
            .keys()
            .then((names) => Promise.all(names.filter((name) => name !== kept).map((name) => caches.delete(name))))
            .then(() => worker.clients.claim()),
    );
}) as never);

worker.addEventListener('message', ((event: MessageEvent) => {
    if (event.data === 'reload') void worker.skipWaiting();
}) as never);

worker.addEventListener('fetch', ((event: FetchLike) => {
    const url = new URL(event.request.url);
    if (event.request.method !== 'GET' || url.origin !== worker.location.origin) return;
    if (url.pathname.startsWith('/assets/')) {
        event.respondWith(caches.match(event.request).then((found) => found ?? fetch(event.request)));
    } else if (event.request.mode === 'navigate' && !/^\/(jmap|session|s|\.well-known)(\/|$)/.test(url.pathname)) {
        event.respondWith(fetch(event.request).catch(async () => (await caches.match('/')) ?? Response.error()));
    }
}) as never);
