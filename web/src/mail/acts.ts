// What one does with messages: shown at once, sent to the server, taken back by undo, rolled back when refused.
import { account, call, Offline } from '../jmap/client';
import { byId, byRole, emails, list, loadMailboxes, patchLocal, threads } from '../jmap/mail';
import type { Email, Id, Json, SetAnswer } from '../jmap/types';
import { t, type Key } from '../i18n';
import { complain, done, say } from '../undo';

async function set(patches: Record<Id, Json>): Promise<void> {
    if (!Object.keys(patches).length) return;
    const answer = await call<SetAnswer>('Email/set', { accountId: account(), update: patches });
    const refused = Object.values(answer.notUpdated ?? {})[0];
    if (refused) throw new Error(refused.description ?? refused.type);
}

function trouble(error: unknown): void {
    complain(error instanceof Offline ? t('offlineAct') : t('actFailed', { why: (error as Error).message }));
}

/** The messages that an act on list rows means: whole conversations when these are shown, without those in other folders' Sent and Drafts. */
export function whole(ids: Id[], inMailbox?: Id): Id[] {
    if (!list.peek()?.query.collapse) return ids;
    return ids.flatMap((id) => {
        const email = emails.get(id);
        const all = (email && threads.get(email.threadId)) ?? [id];
        const here = all.filter((one) => one === id || !inMailbox || emails.get(one)?.mailboxIds[inMailbox]);
        return here;
    });
}

export async function setKeyword(ids: Id[], keyword: string, on: boolean, said?: Key): Promise<void> {
    const changed = ids.filter((id) => !!emails.get(id)?.keywords[keyword] !== on);
    if (!changed.length) return;
    const back = patchLocal(changed, (email) => {
        const keywords = { ...email.keywords };
        if (on) keywords[keyword] = true;
        else delete keywords[keyword];
        return { keywords };
    });
    const patch = (value: boolean) => Object.fromEntries(changed.map((id) => [id, { ['keywords/' + keyword]: value || null }]));
    try {
        await set(patch(on));
        if (said) done(t(said, { n: changed.length }), t('undo'), () => setKeyword(changed, keyword, !on));
    } catch (error) {
        back();
        trouble(error);
    }
}

export async function move(ids: Id[], to: Id, said?: string): Promise<void> {
    const moved = ids.filter((id) => !emails.get(id)?.mailboxIds[to]);
    if (!moved.length) return;
    const before = new Map(moved.map((id) => [id, emails.get(id)?.mailboxIds ?? {}]));
    const back = patchLocal(moved, () => ({ mailboxIds: { [to]: true } }));
    const unlist = leavesList(to) ? list.peek()?.remove(moved) : undefined;
    try {
        await set(Object.fromEntries(moved.map((id) => [id, { mailboxIds: { [to]: true } }])));
        done(said ?? t('moved', { n: moved.length, to: folderName(to) }), t('undo'), async () => {
            patchLocal(moved, (email: Email) => ({ mailboxIds: before.get(email.id) ?? email.mailboxIds }));
            unlist?.();
            try {
                await set(Object.fromEntries(moved.map((id) => [id, { mailboxIds: before.get(id)! }])));
            } catch (error) {
                trouble(error);
            }
        });
    } catch (error) {
        back();
        unlist?.();
        trouble(error);
    }
}

function leavesList(to: Id): boolean {
    const filter = list.peek()?.query.filter as { inMailbox?: Id } | null | undefined;
    return !!filter?.inMailbox && filter.inMailbox !== to;
}

export const folderNames: Record<string, Key> = { inbox: 'inbox', drafts: 'drafts', sent: 'sent', trash: 'trash', junk: 'junk', archive: 'archive' };

export function folderName(id: Id): string {
    const mailbox = byId(id);
    if (!mailbox) return '';
    if (mailbox.name === '[Detained]') return t('detained');
    const known = mailbox.role ? folderNames[mailbox.role] : undefined;
    return known ? t(known) : mailbox.name;
}

export function moveToRole(ids: Id[], role: 'archive' | 'trash' | 'junk' | 'inbox', said: Key): void {
    const to = byRole(role);
    if (to) void move(ids, to.id, t(said, { n: ids.length }));
    else complain(t('noFolder', { name: t(folderNames[role]!) }));
}

/** To Trash; what lies in Trash already is asked about by the caller, and then destroyed. */
export function remove(ids: Id[]): void {
    moveToRole(ids, 'trash', 'deletedN');
}

export const inTrash = (ids: Id[]): boolean => {
    const trash = byRole('trash')?.id;
    return !!trash && ids.length > 0 && ids.every((id) => emails.get(id)?.mailboxIds[trash]);
};

export async function destroy(ids: Id[]): Promise<void> {
    const unlist = list.peek()?.remove(ids);
    try {
        const answer = await call<SetAnswer>('Email/set', { accountId: account(), destroy: ids });
        if (Object.keys(answer.notDestroyed ?? {}).length) throw new Error(t('refused'));
        say(t('destroyedN', { n: ids.length }));
    } catch (error) {
        unlist?.();
        trouble(error);
    }
}

export async function createMailbox(name: string, parentId: Id | null): Promise<void> {
    const answer = await call<SetAnswer>('Mailbox/set', { accountId: account(), create: { m: { name, parentId } } });
    const refused = answer.notCreated?.m;
    if (refused) complain(refused.description ?? t('refused'));
    await loadMailboxes();
}

export async function changeMailbox(id: Id, patch: Json | null): Promise<void> {
    const answer = await call<SetAnswer>('Mailbox/set', patch ? { accountId: account(), update: { [id]: patch } } : { accountId: account(), destroy: [id], onDestroyRemoveEmails: false });
    const refused = answer.notUpdated?.[id] ?? answer.notDestroyed?.[id];
    if (refused) complain(refused.type === 'mailboxHasEmail' ? t('folderNotEmpty') : (refused.description ?? refused.type));
    await loadMailboxes();
}
