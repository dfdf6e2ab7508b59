// The conversation: every message of it on one page, the unread and the newest open, quotes folded.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { account, blobUrl, request } from '../jmap/client';
import { emails, identities, list, mailboxes, openThread, rev, threads } from '../jmap/mail';
import type { Address, BodyPart, Email } from '../jmap/types';
import { clock, dayDistance, formatDate, size, t } from '../i18n';
import { isDark } from '../prefs';
import { go } from '../router';
import { Icon } from '../ui/icons';
import { Avatar, Dialog, IconButton, Menu } from '../ui/parts';
import { compose, answer } from '../compose/state';
import { folderName, inTrash, move, moveToRole, setKeyword } from './acts';
import { clean, linkify } from './clean';
import { MailFrame } from './frame';
import { address, afterRemoval, cursor, openId, place, step } from './view';
import { onKey } from '../keys';
import { askDestroy } from './screen';

const nameOf = (one: Address): string => (identities.value.some((mine) => mine.email === one.email) ? t('you') : one.name || one.email);
const names = (all: Address[] | null | undefined): string => (all ?? []).map(nameOf).join(', ');

function when(iso: string): string {
    const date = new Date(iso);
    const distance = dayDistance(date);
    if (distance === 0) return clock(date);
    return (distance > -7 ? formatDate(date, { weekday: 'short' }) : formatDate(date, { day: 'numeric', month: 'short', year: date.getFullYear() === new Date().getFullYear() ? undefined : 'numeric' })) + ' ' + clock(date);
}

/** Plain text with the quoted tail apart. */
function splitQuote(text: string): [string, string] {
    const lines = text.replace(/\s+$/, '').split('\n');
    let at = lines.length;
    while (at > 0 && (/^>/.test(lines[at - 1]!) || !lines[at - 1]!.trim())) at--;
    if (at === lines.length || !lines.slice(at).some((line) => line.startsWith('>'))) return [text, ''];
    if (at > 0 && /:\s*$/.test(lines[at - 1]!)) at--;
    return [lines.slice(0, at).join('\n').trimEnd(), lines.slice(at).join('\n')];
}

function Body({ email }: { email: Email }) {
    const [quote, setQuote] = useState(false);
    const part = email.htmlBody?.find((one) => one.type === 'text/html');
    const html = part?.partId ? email.bodyValues?.[part.partId]?.value : undefined;
    const text = (email.textBody ?? []).filter((one) => one.type === 'text/plain').map((one) => email.bodyValues?.[one.partId ?? '']?.value ?? '').join('\n');
    const cleaned = useMemo(
        () => (html === undefined ? null : clean(html, (cid) => {
            const found = email.attachments?.find((one) => one.cid?.replace(/^<|>$/g, '') === cid);
            return found?.blobId ? blobUrl(account(), found.blobId, found.name ?? 'image', found.type) : undefined;
        })),
        [html],
    );
    const holder = useRef<HTMLDivElement>(null);
    const [main, quoted] = useMemo(() => splitQuote(text), [text]);
    useEffect(() => {
        if (!cleaned) holder.current?.replaceChildren(linkify(main + (quote ? '\n\n' + quoted : '')));
    }, [cleaned, main, quoted, quote]);
    if (cleaned)
        return (
            <>
                {cleaned.images > 0 && (
                    <p class="blocked"><Icon name="hidden" small /><span>{t('imagesOff', { n: cleaned.images })} {cleaned.trackers.length > 0 && t('trackersNamed', { n: cleaned.trackers.length, names: cleaned.trackers.join(', ') })}</span></p>
                )}
                <MailFrame content={cleaned} dark={isDark()} title={t('messageText')} onEscape={onKey} />
            </>
        );
    return (
        <>
            <div class="plain-body" dir="auto" ref={holder} />
            {quoted && <button class="quote-button" aria-expanded={quote} onClick={() => setQuote(!quote)}>{t(quote ? 'hideQuote' : 'showQuote')}</button>}
        </>
    );
}

const kinds: [RegExp, string, string][] = [[/pdf/, 'PDF', 'danger'], [/image\//, 'IMG', 'info'], [/sheet|excel|csv/, 'XLS', 'ok'], [/word|document/, 'DOC', 'info'], [/calendar/, 'ICS', 'warn'], [/zip|compressed/, 'ZIP', 'warn'], [/message/, 'EML', 'info']];

function File({ part }: { part: BodyPart }) {
    const [, short, tone] = kinds.find(([test]) => test.test(part.type)) ?? [null, (part.name?.split('.').pop() ?? 'file').slice(0, 4).toUpperCase(), 'info'];
    return (
        <a class="file" href={blobUrl(account(), part.blobId!, part.name ?? short, part.type)} download={part.name ?? short.toLowerCase()}>
            <span class={'kind ' + tone} aria-hidden="true">{short}</span>
            <span>{part.name || short}<small>{size(part.size)}</small></span>
        </a>
    );
}

function Source({ email, onClose }: { email: Email; onClose(): void }) {
    const [text, setText] = useState('');
    useEffect(() => void request(blobUrl(account(), email.blobId, 'message.eml', 'message/rfc822')).then((got) => got.text()).then(setText), []);
    return <Dialog title={t('source')} class="wide" onClose={onClose}><pre class="source" tabIndex={0}>{text.slice(0, 500000)}</pre></Dialog>;
}

function Message({ email, open, onToggle }: { email: Email; open: boolean; onToggle(): void }) {
    const [source, setSource] = useState(false);
    const from = email.from?.[0];
    const sender = from ? nameOf(from) : t('noSender');
    const files = (email.attachments ?? []).filter((one) => !(one.cid && one.disposition === 'inline' && one.type.startsWith('image/')));
    return (
        <article class={'m' + (open ? '' : ' fold') + (email.keywords.$deleted ? ' struck' : '')} aria-label={t('messageFrom', { name: sender })} data-message={email.id}>
            <div class="mh" onClick={(event) => (event.target as Element).closest('button, a') || onToggle()}>
                <Avatar name={from?.name || from?.email || '?'} size={open ? 38 : 28} />
                <div class="w">
                    <div><button class="plain-button" aria-expanded={open} onClick={onToggle}>{sender}</button></div>
                    <div>{open ? <>{t('toNames', { names: names(email.to) || t('noRecipient') })}{email.cc?.length ? ', ' + names(email.cc) : ''} · <span dir="ltr">{from?.email}</span></> : email.preview}</div>
                </div>
                <time class="num" dateTime={email.receivedAt}>{when(email.receivedAt)}</time>
                {open && <>
                    <IconButton icon="replyAll" label={t('replyAll')} onClick={() => answer(email, 'all')} />
                    <Menu label={t('more')} items={[
                        { label: t('reply'), icon: 'reply', run: () => answer(email, 'sender') },
                        { label: t('forward'), icon: 'forward', run: () => answer(email, 'forward') },
                        'line',
                        { label: t('markUnread'), icon: 'mail', run: () => (void setKeyword([email.id], '$seen', false), go(address(place.peek()))) },
                        { label: t('print'), icon: 'print', run: () => window.print() },
                        { label: t('source'), icon: 'note', run: () => setSource(true) },
                        { label: t('downloadMessage'), icon: 'download', run: () => location.assign(blobUrl(account(), email.blobId, (email.subject ?? 'message') + '.eml', 'message/rfc822')) },
                        'line',
                        { label: t('delete'), icon: 'trash', danger: true, run: () => moveToRole([email.id], 'trash', 'deletedN') },
                    ]} />
                </>}
            </div>
            {open && <div class="mb">
                <Body email={email} />
                {files.length > 0 && <div class="files" aria-label={t('files')} role="group">{files.map((part) => <File key={part.blobId} part={part} />)}</div>}
            </div>}
            {source && <Source email={email} onClose={() => setSource(false)} />}
        </article>
    );
}

export function Reader() {
    rev.value;
    const id = openId.value;
    const email = id ? emails.get(id) : undefined;
    const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
    const [failed, setFailed] = useState(false);
    const thread = email?.threadId;
    const known = (thread && threads.get(thread)) || (id ? [id] : []);
    useEffect(() => {
        if (!thread) return;
        setFailed(false);
        openThread(thread).then((all) => {
            const unread = all.filter((one) => !one.keywords.$seen).map((one) => one.id);
            setOpened((before) => new Set([...(before.has(id) ? before : []), id, ...unread, all[all.length - 1]?.id ?? id]));
            if (unread.length) void setKeyword(unread, '$seen', true);
        }, () => setFailed(true));
    }, [thread, id, known.length]);
    useEffect(() => {
        document.querySelector(`[data-message="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'nearest' });
    }, [id, opened.size]);
    if (!id) return <main class="panel read none" aria-label={t('message')}><div class="empty"><Icon name="mail" /><p>{t('nothingOpen')}</p></div></main>;
    const all = known.map((one) => emails.get(one)).filter((one): one is Email => !!one).sort((a, b) => a.receivedAt.localeCompare(b.receivedAt));
    const ids = all.map((one) => one.id);
    const latest = all[all.length - 1];
    const total = list.value?.total.value ?? 0;
    const toggle = (one: string) => setOpened(opened.has(one) ? new Set([...opened].filter((other) => other !== one)) : new Set([...opened, one]));
    const here = ids.filter((one) => place.value === 'search' || place.value === 'starred' || emails.get(one)?.mailboxIds[place.value]);
    const act = (run: () => void) => () => (run(), afterRemoval([id]));
    return (
        <main class="panel read" aria-label={t('message')}>
            <div class="tools" role="toolbar" aria-label={t('conversation')}>
                <IconButton class="back" icon="left" label={t('back')} onClick={() => go(address(place.peek()))} />
                <IconButton icon="archive" label={t('archiveAct') + ' (e)'} onClick={act(() => moveToRole(here, 'archive', 'archivedN'))} />
                <Menu icon="folder" label={t('moveTo')} items={mailboxes.value.filter((box) => box.myRights.mayAddItems && box.id !== place.value).map((box) => ({ label: folderName(box.id), icon: 'folder' as const, run: () => void move(here, box.id).then(() => afterRemoval([id])) }))} />
                <IconButton icon="shield" label={t('junkAct') + ' (!)'} onClick={act(() => moveToRole(here, 'junk', 'junkedN'))} />
                <IconButton icon="trash" label={t('delete') + ' (#)'} onClick={() => (inTrash(here) ? askDestroy(here) : act(() => moveToRole(here, 'trash', 'deletedN'))())} />
                <span class="sp" />
                {total > 0 && <span class="pos num">{t('position', { n: cursor.value + 1, total })}</span>}
                <span class="hide-m"><IconButton icon="left" label={t('newer') + ' (k)'} onClick={() => step(-1, true)} /><IconButton icon="right" label={t('older') + ' (j)'} onClick={() => step(1, true)} /></span>
            </div>
            <div class="conv" tabIndex={0} role="region" aria-label={t('conversation')}>
                {failed && !latest?.bodyValues && <p class="blocked">{t('messageFailed')}</p>}
                {email && <div class="subj"><h2 dir="auto">{email.subject || t('noSubject')}</h2>
                    {Object.keys(email.mailboxIds)[0] !== place.value && <span class="chip">{folderName(Object.keys(email.mailboxIds)[0] ?? '')}</span>}
                    <IconButton icon="star" filled={email.keywords.$flagged} class={email.keywords.$flagged ? 'starred' : ''} pressed={!!email.keywords.$flagged} label={t('star') + ' (s)'} onClick={() => void setKeyword([id], '$flagged', !email.keywords.$flagged)} /></div>}
                {all.map((one) => <Message key={one.id} email={one} open={opened.has(one.id) && !!one.bodyValues} onToggle={() => toggle(one.id)} />)}
            </div>
            {latest && <div class="quick">{latest.keywords.$draft
                ? <button class="box" onClick={() => compose({ draft: latest })}><Icon name="pen" small />{t('continueDraft')}</button>
                : <button class="box" onClick={() => answer(latest, 'all')}><Icon name="replyAll" small /><span>{t('replyTo', { names: names(latest.from) })}</span><span class="kbd" aria-hidden="true">r</span></button>}</div>}
        </main>
    );
}
