// The window in which a message is written: recipients, subject, formatted text, files; its draft is saved as one writes.
import { useEffect, useRef, useState } from 'preact/hooks';
import DOMPurify from 'dompurify';
import Squire from 'squire-rte';
import { account, upload } from '../jmap/client';
import { identities } from '../jmap/mail';
import type { Email, Id } from '../jmap/types';
import { size, t } from '../i18n';
import { isMac } from '../keys';
import { Icon } from '../ui/icons';
import { IconButton } from '../ui/parts';
import { complain, say } from '../undo';
import { Recipients } from './recipients';
import { discard, saveDraft, send, type Written } from './send';
import { close, compose, type Writing } from './state';

interface Sending {
    name: string;
    share: number;
    stop: AbortController;
}

function escapeText(text: string): string {
    return text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);
}

function startHtml(one: Writing, signature: string): string {
    const draft: Email | undefined = one.draft;
    if (draft) {
        const html = draft.htmlBody?.find((part) => part.type === 'text/html');
        if (html?.partId) return draft.bodyValues?.[html.partId]?.value ?? '';
        return (draft.textBody ?? []).map((part) => escapeText(draft.bodyValues?.[part.partId ?? '']?.value ?? '')).join('\n').split('\n').map((line) => `<div>${line || '<br>'}</div>`).join('');
    }
    const lines = (text: string) => text.split('\n').map((line) => `<div>${escapeText(line) || '<br>'}</div>`).join('');
    return '<div><br></div>' + (signature ? `<div><br></div>${lines(signature)}` : '') + (one.quote ? `<div><br></div>${lines(one.quote)}` : '');
}

export default function Editor({ one }: { one: Writing }) {
    const root = useRef<HTMLDivElement>(null);
    const squire = useRef<Squire | null>(null);
    const [to, setTo] = useState(one.to);
    const [cc, setCc] = useState(one.cc);
    const [bcc, setBcc] = useState(one.bcc);
    const [more, setMore] = useState(one.cc.length + one.bcc.length > 0);
    const [subject, setSubject] = useState(one.subject);
    const [parts, setParts] = useState(one.parts);
    const [sending, setSending] = useState<Sending[]>([]);
    const [identity, setIdentity] = useState(identities.value[0]?.id ?? '');
    const [saved, setSaved] = useState('');
    const [small, setSmall] = useState(false);
    const [over, setOver] = useState(false);
    const draft = useRef<Id | undefined>(one.draft?.id);
    const changed = useRef(false);
    const saving = useRef<Promise<unknown>>(Promise.resolve());
    const touch = () => (changed.current = true);

    useEffect(() => {
        const editor = new Squire(root.current!, { blockTag: 'DIV', sanitizeToDOMFragment: (html: string) => DOMPurify.sanitize(html, { RETURN_DOM_FRAGMENT: true, FORBID_TAGS: ['style', 'form', 'svg', 'math', 'img'], FORBID_ATTR: ['id', 'class'] }) as DocumentFragment });
        squire.current = editor;
        editor.setHTML(startHtml(one, identities.value[0]?.textSignature ?? ''));
        editor.addEventListener('input', touch);
        if (one.to.length) (editor.moveCursorToStart(), editor.focus());
        return () => editor.destroy();
    }, []);

    const state = useRef<() => Written>(null!);
    state.current = () => ({ ...one, to, cc, bcc, subject, parts, identityId: identity, html: squire.current?.getHTML() ?? '', text: root.current?.innerText ?? '' });

    const save = () => {
        changed.current = false;
        setSaved(t('saving'));
        saving.current = saving.current.then(() => saveDraft(state.current(), draft.current)).then(
            (id) => ((draft.current = id as Id), setSaved(t('draftSaved'))),
            () => ((changed.current = true), setSaved(t('notSaved'))),
        );
        return saving.current;
    };
    useEffect(() => {
        const timer = setInterval(() => changed.current && void save(), 4000);
        return () => clearInterval(timer);
    }, []);

    const attach = (files: Iterable<File>) => {
        for (const file of files) {
            const item: Sending = { name: file.name, share: 0, stop: new AbortController() };
            setSending((all) => [...all, item]);
            upload(account(), file, (share) => ((item.share = share), setSending((all) => [...all])), item.stop.signal)
                .then((got) => (setParts((all) => [...all, { blobId: got.blobId, name: file.name, type: got.type || file.type, size: got.size }]), touch()))
                .catch((error: Error) => error.name === 'AbortError' || complain(t('uploadFailed', { name: file.name })))
                .finally(() => setSending((all) => all.filter((other) => other !== item)));
        }
    };
    const submit = () => {
        if (!to.length && !cc.length && !bcc.length) return complain(t('needRecipient'));
        if (sending.length) return complain(t('waitForFiles'));
        const written = state.current();
        const back = { ...written };
        void saving.current.then(() => send(written, draft.current, () => compose({ ...back, draft: undefined, quote: written.text })));
        close(one.key);
    };
    const leave = () => {
        if (changed.current) void save().then(() => say(t('draftSaved')));
        close(one.key);
    };
    const key = (event: KeyboardEvent) => {
        const mod = isMac ? event.metaKey : event.ctrlKey;
        if (mod && event.key === 'Enter') submit();
        else if (event.key === 'Escape') leave();
        else if (mod && event.shiftKey && /^[cb]$/i.test(event.key)) setMore(true);
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    const format = (run: (editor: Squire) => void) => () => (run(squire.current!), squire.current!.focus(), touch());
    const link = () => {
        const address = prompt(t('linkAddress'), 'https://');
        if (address && /^(https?:|mailto:)/i.test(address)) squire.current!.makeLink(address);
    };
    return (
        <section class={'composer' + (small ? ' small' : '') + (over ? ' over' : '')} role="dialog" aria-label={subject || t('newMessage')} onKeyDown={key}
            onDragOver={(event) => event.dataTransfer?.types.includes('Files') && (event.preventDefault(), setOver(true))} onDragLeave={() => setOver(false)}
            onDrop={(event) => event.dataTransfer?.files.length && (event.preventDefault(), setOver(false), attach(event.dataTransfer.files))}
            onPaste={(event) => event.clipboardData?.files.length && (event.preventDefault(), attach(event.clipboardData.files))}>
            <header>
                <h2>{subject || t('newMessage')}</h2>
                <span class="saved" role="status">{saved}</span>
                <IconButton icon="down" small label={t(small ? 'restore' : 'minimize')} onClick={() => setSmall(!small)} />
                <IconButton icon="close" small label={t('saveAndClose')} onClick={leave} />
            </header>
            <div class="fields">
                {identities.value.length > 1 && <div class="recipients"><label for={'from' + one.key}>{t('from')}</label><select id={'from' + one.key} value={identity} onChange={(event) => setIdentity(event.currentTarget.value)}>{identities.value.map((mine) => <option value={mine.id} key={mine.id}>{mine.name} &lt;{mine.email}&gt;</option>)}</select></div>}
                <div class="to-row"><Recipients label={t('to')} value={to} onChange={(next) => (setTo(next), touch())} focus={!one.to.length} />{!more && <button class="btn sm ghost" onClick={() => setMore(true)}>{t('ccBcc')}</button>}</div>
                {more && <><Recipients label={t('cc')} value={cc} onChange={(next) => (setCc(next), touch())} /><Recipients label={t('bcc')} value={bcc} onChange={(next) => (setBcc(next), touch())} /></>}
                <input class="subject-field" aria-label={t('subject')} placeholder={t('subject')} value={subject} onInput={(event) => (setSubject(event.currentTarget.value), touch())} />
            </div>
            <div class="text" ref={root} role="textbox" aria-multiline="true" aria-label={t('messageText')} dir="auto" spellcheck />
            {(parts.length > 0 || sending.length > 0) && <ul class="attached" aria-label={t('files')}>
                {parts.map((part) => <li key={part.blobId}><Icon name="clip" small />{part.name}<small>{size(part.size)}</small><IconButton icon="close" small label={t('removeName', { name: part.name })} onClick={() => (setParts(parts.filter((other) => other !== part)), touch())} /></li>)}
                {sending.map((item) => <li key={item.name}><progress value={item.share} aria-label={item.name} />{item.name}<IconButton icon="close" small label={t('cancel')} onClick={() => item.stop.abort()} /></li>)}
            </ul>}
            <footer>
                <button class="btn pri" onClick={submit} title={isMac ? '⌘ Enter' : 'Ctrl Enter'}><Icon name="send" small />{t('send')}</button>
                <label class="ib" title={t('attach')}><Icon name="clip" label={t('attach')} /><input class="sr" type="file" multiple onChange={(event) => (attach(event.currentTarget.files ?? []), (event.currentTarget.value = ''))} /></label>
                <span class="format" role="toolbar" aria-label={t('format')}>
                    <IconButton icon="bold" small label={t('bold')} onClick={format((editor) => (editor.hasFormat('B') ? editor.removeBold() : editor.bold()))} />
                    <IconButton icon="italic" small label={t('italic')} onClick={format((editor) => (editor.hasFormat('I') ? editor.removeItalic() : editor.italic()))} />
                    <IconButton icon="list" small label={t('bullets')} onClick={format((editor) => (editor.hasFormat('UL') ? editor.removeList() : editor.makeUnorderedList()))} />
                    <IconButton icon="quote" small label={t('quote')} onClick={format((editor) => editor.increaseQuoteLevel())} />
                    <IconButton icon="link" small label={t('link')} onClick={format(link)} />
                </span>
                <span class="sp" />
                <IconButton icon="trash" label={t('discard')} onClick={() => (void saving.current.then(() => discard(draft.current)), close(one.key))} />
            </footer>
        </section>
    );
}
