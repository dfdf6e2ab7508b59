// Which messages are being written; the writing itself is a chunk that is loaded with the first of them.
import { signal } from '@preact/signals';
import { identities } from '../jmap/mail';
import type { Address, Email, Id } from '../jmap/types';
import { formatDate, t } from '../i18n';

export interface Part {
    blobId: Id;
    name: string;
    type: string;
    size: number;
}
export interface Writing {
    key: number;
    to: Address[];
    cc: Address[];
    bcc: Address[];
    subject: string;
    /** Text that stands below what is written: the quoted message. */
    quote: string;
    parts: Part[];
    inReplyTo: string[];
    references: string[];
    /** The message that this answers or forwards, to be marked so when it is sent. */
    source?: { id: Id; keyword: '$answered' | '$forwarded' };
    draft?: Email;
}

export const writing = signal<Writing[]>([]);
let count = 0;

export function compose(given: Partial<Writing>): void {
    const draft = given.draft;
    const filled: Writing = {
        key: ++count, to: draft?.to ?? [], cc: draft?.cc ?? [], bcc: draft?.bcc ?? [], subject: draft?.subject ?? '', quote: '',
        parts: (draft?.attachments ?? []).filter((one) => one.blobId).map((one) => ({ blobId: one.blobId!, name: one.name ?? 'file', type: one.type, size: one.size })),
        inReplyTo: [], references: draft?.references ?? [], ...given,
    };
    writing.value = [...writing.value, filled];
}

export function close(key: number): void {
    writing.value = writing.value.filter((one) => one.key !== key);
}

const textOf = (email: Email): string => (email.textBody ?? []).map((part) => email.bodyValues?.[part.partId ?? '']?.value ?? '').join('\n').replace(/<[^>]+>/g, ' ');

/** Begins an answer to a message, or passes it on. */
export function answer(email: Email, kind: 'sender' | 'all' | 'forward'): void {
    const mine = new Set(identities.value.map((one) => one.email.toLowerCase()));
    const back = email.replyTo?.length ? email.replyTo : (email.from ?? []);
    const own = back.every((one) => mine.has(one.email.toLowerCase()));
    const to = kind === 'forward' ? [] : own ? (email.to ?? []) : back;
    const known = new Set([...mine, ...to.map((one) => one.email.toLowerCase())]);
    const cc = kind === 'all' ? [...(email.to ?? []), ...(email.cc ?? [])].filter((one) => !known.has(one.email.toLowerCase()) && known.add(one.email.toLowerCase())) : [];
    const date = formatDate(new Date(email.receivedAt), { dateStyle: 'medium', timeStyle: 'short' });
    const from = email.from?.[0]?.name || email.from?.[0]?.email || '';
    const text = textOf(email).trimEnd();
    const subject = email.subject ?? '';
    compose({
        to, cc,
        subject: kind === 'forward' ? (/^(fwd?|wg):/i.test(subject) ? subject : 'Fwd: ' + subject) : /^(re|aw):/i.test(subject) ? subject : 'Re: ' + subject,
        quote: kind === 'forward' ? `${t('forwardedFrom', { name: from, date })}\n\n${text}` : `${t('wrote', { name: from, date })}\n${text.split('\n').map((line) => '> ' + line).join('\n')}`,
        inReplyTo: kind === 'forward' ? [] : (email.messageId ?? []),
        references: kind === 'forward' ? [] : [...(email.references ?? []), ...(email.messageId ?? [])],
        parts: kind === 'forward' ? (email.attachments ?? []).filter((one) => one.blobId).map((one) => ({ blobId: one.blobId!, name: one.name ?? 'file', type: one.type, size: one.size })) : [],
        source: { id: email.id, keyword: kind === 'forward' ? '$forwarded' : '$answered' },
    });
}
