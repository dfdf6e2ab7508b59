// Signing in and out: the one part beside JMAP, by a page and a cookie that scripts cannot read.
import { signal } from '@preact/signals';
import { onSignedOut, openSession, request, session, SignedOut } from './client';
import { closePush, openPush } from './push';

export interface Person {
    user: string;
    name: string;
    accountId: string;
    sessionId: string;
    language: string;
    zone: string;
    admin: boolean;
    secondFactor: boolean;
}

export type Stage = 'starting' | 'out' | 'in' | 'unreachable';
export const stage = signal<Stage>('starting');
export const person = signal<Person | null>(null);

onSignedOut(() => {
    if (stage.peek() === 'in') closePush();
    session.value = null;
    stage.value = 'out';
});

async function enter(who: Person): Promise<void> {
    person.value = who;
    await openSession();
    openPush();
    stage.value = 'in';
}

/** Goes on with the session that the browser still has. */
export async function resume(): Promise<void> {
    try {
        const answer = await request('/session');
        if (answer.ok) await enter((await answer.json()) as Person);
        else stage.value = 'out';
    } catch (error) {
        if (!(error instanceof SignedOut)) stage.value = 'unreachable';
    }
}

export interface Refusal {
    error: string;
    retryAfter?: number;
}

/** Signs in; null when it worked, else why not. */
export async function signIn(user: string, password: string, code: string, remember: boolean): Promise<Refusal | null> {
    let answer: Response;
    try {
        answer = await fetch('/session', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', 'X-Lockstep': 'web' },
            credentials: 'same-origin',
            body: JSON.stringify({ user, password, remember, ...(code ? { code } : {}) }),
        });
    } catch {
        return { error: 'unreachable' };
    }
    if (!answer.ok) return (await answer.json().catch(() => ({ error: 'unreachable' }))) as Refusal;
    await enter((await answer.json()) as Person);
    return null;
}

export async function signOut(): Promise<void> {
    await request('/session', { method: 'DELETE' }).catch(() => {});
    closePush();
    session.value = null;
    person.value = null;
    location.assign('/');
}
