// Drafts are kept on the server; sending creates the message, submits it and files it in Sent in one request.
// Spec: RFC 8621 4.6, 7.5 (onSuccessUpdateEmail). Undo: held by the server where it announces delays, else here before it is sent.
import { account, call, session } from '../jmap/client';
import { byRole, identities } from '../jmap/mail';
import type { Address, Id, Json, SetAnswer } from '../jmap/types';
import { t } from '../i18n';
import { sendDelay } from '../prefs';
import { complain, dismiss, say } from '../undo';
import type { Writing } from './state';

export interface Written extends Writing {
    identityId: Id;
    html: string;
    text: string;
}

function email(one: Written, draft: boolean): Json {
    const from = identities.value.find((mine) => mine.id === one.identityId) ?? identities.value[0];
    const box = byRole('drafts') ?? byRole('inbox');
    return {
        mailboxIds: { [box!.id]: true },
        keywords: { $seen: true, ...(draft ? { $draft: true } : {}) },
        from: [{ name: from?.name ?? null, email: from?.email ?? '' }],
        to: one.to, cc: one.cc, bcc: one.bcc,
        subject: one.subject,
        ...(one.inReplyTo.length ? { inReplyTo: one.inReplyTo } : {}),
        ...(one.references.length ? { references: one.references } : {}),
        textBody: [{ partId: 't', type: 'text/plain' }],
        htmlBody: [{ partId: 'h', type: 'text/html' }],
        bodyValues: { t: { value: one.text }, h: { value: one.html } },
        attachments: one.parts.map((part) => ({ blobId: part.blobId, type: part.type, name: part.name, disposition: 'attachment' })),
    };
}

/** Keeps the draft; answers the id of the new one, which replaces the old. */
export async function saveDraft(one: Written, old: Id | undefined): Promise<Id> {
    const answer = await call<SetAnswer>('Email/set', { accountId: account(), create: { d: email(one, true) }, ...(old ? { destroy: [old] } : {}) });
    const made = answer.created?.d as { id: Id } | undefined;
    if (!made) throw new Error(answer.notCreated?.d?.description ?? answer.notCreated?.d?.type ?? t('refused'));
    return made.id;
}

export async function discard(id: Id | undefined): Promise<void> {
    if (id) await call<SetAnswer>('Email/set', { accountId: account(), destroy: [id] });
}

function longestHold(): number {
    const able = session.peek()?.accounts[account()]?.accountCapabilities['urn:ietf:params:jmap:submission'];
    return Number(able?.maxDelayedSend ?? 0);
}

async function submit(one: Written, old: Id | undefined, hold: number): Promise<Id> {
    const accountId = account();
    const sent = byRole('sent');
    const made = call<SetAnswer>('Email/set', { accountId, create: { m: email(one, true) }, ...(old ? { destroy: [old] } : {}) });
    const from = identities.value.find((mine) => mine.id === one.identityId)?.email ?? '';
    const everyone: Address[] = [...one.to, ...one.cc, ...one.bcc];
    const sending = call<SetAnswer>('EmailSubmission/set', {
        accountId,
        create: { s: { emailId: '#m', identityId: one.identityId, envelope: { mailFrom: { email: from, parameters: hold ? { HOLDFOR: String(hold) } : null }, rcptTo: everyone.map((to) => ({ email: to.email, parameters: null })) } } },
        onSuccessUpdateEmail: { '#s': { 'keywords/$draft': null, ...(sent ? { mailboxIds: { [sent.id]: true } } : {}) } },
    });
    if (one.source) void call('Email/set', { accountId, update: { [one.source.id]: { ['keywords/' + one.source.keyword]: true } } });
    const [first, second] = await Promise.all([made, sending]);
    const refused = first.notCreated?.m ?? second.notCreated?.s;
    if (refused) throw new Error(refused.description ?? refused.type);
    return (second.created?.s as { id: Id }).id;
}

/** Sends after the time in which it may be taken back; `reopen` brings the writing back. */
export function send(one: Written, old: Id | undefined, reopen: () => void): void {
    const delay = sendDelay.peek();
    const whom = one.to.concat(one.cc, one.bcc).map((to) => to.name || to.email).slice(0, 2).join(', ');
    const fail = (error: unknown) => (complain(t('sendFailed', { why: (error as Error).message })), reopen());
    if (!delay) return void submit(one, old, 0).then(() => say(t('sent')), fail);
    const held = longestHold() >= delay ? submit(one, old, delay) : null;
    held?.catch(fail);
    const until = Date.now() + delay * 1000;
    let over = false;
    const finish = () => {
        if (over) return;
        over = true;
        dismiss(toast);
        window.removeEventListener('pagehide', finish);
        if (!held) submit(one, old, 0).then(() => say(t('sent')), fail);
    };
    const toast = say(t('sendingTo', { names: whom }), {
        until,
        action: {
            label: t('undo'),
            run: () => {
                if (over) return;
                over = true;
                dismiss(toast);
                if (!held) return reopen();
                held.then((id) => call<SetAnswer>('EmailSubmission/set', { accountId: account(), update: { [id]: { undoStatus: 'canceled' } } })).then(reopen, fail);
            },
        },
        second: { label: t('sendNow'), run: finish },
    });
    if (!held) window.addEventListener('pagehide', finish);
    setTimeout(finish, delay * 1000);
}
