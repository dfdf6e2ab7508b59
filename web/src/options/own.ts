// The product's own capabilities as signals: loaded once, followed by reloading after each change.
// Where the server asks for a fresh sign-in (`confirm`), the password is asked for and the call made again.
import { signal } from '@preact/signals';
import { account, call, MethodError, request, session } from '../jmap/client';
import type { Json, SetAnswer, SetError } from '../jmap/types';
import { t } from '../i18n';
import { complain } from '../undo';

export const offers = (name: string): boolean => !!session.value && 'urn:lockstep:jmap:' + name in session.value.capabilities;

/** What waits for the password; the shell of the options shows the question. */
export const asking = signal<((password: string | null) => void) | null>(null);

async function confirmed(): Promise<boolean> {
    const password = await new Promise<string | null>((resolve) => (asking.value = resolve));
    asking.value = null;
    if (password === null) return false;
    const answer = await request('/session/confirm', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ password }) }).catch(() => null);
    if (!answer?.ok) complain(t('signWrong'));
    return !!answer?.ok;
}

export async function get<T>(type: string, ids: string[] | null = null): Promise<T[]> {
    return (await call<{ list: T[] }>(type + '/get', { accountId: account(), ids })).list;
}

function refusal(answer: SetAnswer): SetError | undefined {
    return Object.values({ ...answer.notCreated, ...answer.notUpdated, ...answer.notDestroyed })[0];
}

/** Changes something; asks for the password when the server wants it. Null when it was refused, which was said. */
export async function set(type: string, what: Json): Promise<SetAnswer | null> {
    for (let turn = 0; turn < 2; turn++) {
        let why: { type: string; description?: string } | undefined;
        try {
            const answer = await call<SetAnswer>(type + '/set', { accountId: account(), ...what });
            why = refusal(answer);
            if (!why) return answer;
        } catch (error) {
            why = error instanceof MethodError ? error : { type: (error as Error).message };
        }
        if (why.description !== 'confirm' || turn > 0 || !(await confirmed())) {
            if (why.description !== 'confirm') complain(t('actFailed', { why: why.description || why.type }));
            return null;
        }
    }
    return null;
}
