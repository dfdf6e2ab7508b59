// Notes: one's own pads and those of groups. What is written is saved by itself; a note is never made twice.
import { computed, signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t, shortTime } from '../i18n';
import { Shelf, type Held } from '../jmap/shelf';
import { bind } from '../keys';
import { Icon } from '../ui/icons';
import { FolderList } from '../ui/folders';
import { IconButton } from '../ui/parts';

interface Note {
    title?: string;
    bodyText?: string;
    bodyHtml?: string;
    updated?: string;
    keywords?: Record<string, boolean>;
}
const shelf = new Shelf<Note>('urn:lockstep:jmap:notes', 'NoteBook', 'Note', 'noteBookId');
const book = signal('');
const open = signal('');
const words = signal('');
const saveDelay = 800;

const shown = computed(() => {
    const wanted = words.value.trim().toLowerCase();
    return shelf.items.value
        .filter((item) => (!book.value || item.folder === book.value) && (!wanted || `${item.data.title ?? ''} ${item.data.bodyText ?? ''}`.toLowerCase().includes(wanted)))
        .sort((a, b) => (b.data.updated ?? '').localeCompare(a.data.updated ?? ''));
});

function Page({ item }: { item: Held<Note> }) {
    const folder = shelf.folderOf(item);
    const [title, setTitle] = useState(item.data.title ?? '');
    const [text, setText] = useState(item.data.bodyText ?? '');
    const [state, setState] = useState<'' | 'saving' | 'saved'>('');
    const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; save(): Promise<void> } | null>(null);
    // What somebody else writes comes in, unless something is being written here.
    useEffect(() => {
        if (waiting.current) return;
        setTitle(item.data.title ?? '');
        setText(item.data.bodyText ?? '');
    }, [item.data.updated]);
    useEffect(
        () => () => {
            if (!waiting.current) return;
            clearTimeout(waiting.current.timer);
            void waiting.current.save();
        },
        [],
    );
    const write = (patch: { title?: string; bodyText?: string }) => {
        const next = { title, bodyText: text, ...patch };
        if (patch.title !== undefined) setTitle(patch.title);
        if (patch.bodyText !== undefined) setText(patch.bodyText);
        if (waiting.current) clearTimeout(waiting.current.timer);
        const save = async () => {
            waiting.current = null;
            setState('saving');
            const changed = { ...(next.title !== (item.data.title ?? '') ? { title: next.title } : {}), ...(next.bodyText !== (item.data.bodyText ?? '') ? { bodyText: next.bodyText } : {}) };
            setState(!Object.keys(changed).length || (await shelf.change(item, changed)) ? 'saved' : '');
        };
        waiting.current = { save, timer: setTimeout(() => void save(), saveDelay) };
        setState('saving');
    };
    return (
        <section class="panel note-page" aria-label={title}>
            <header>
                <IconButton icon="left" class="only-narrow" label={t('calBack')} onClick={() => (open.value = '')} />
                <small role="status">{state === 'saving' ? t('noteSaving') : state === 'saved' ? t('noteSaved') : folder ? (folder.owner || folder.name) : ''}</small>
                {folder?.mayWrite && <IconButton icon="trash" label={t('noteRemove')} onClick={() => ((open.value = ''), void shelf.remove(item, t('noteRemoved')))} />}
            </header>
            <input type="text" class="title" value={title} maxLength={255} readOnly={!folder?.mayWrite} placeholder={t('calTitle')} aria-label={t('calTitle')} onInput={(input) => write({ title: input.currentTarget.value })} />
            <textarea class="text" value={text} readOnly={!folder?.mayWrite} aria-label={t('noteText')} placeholder={t('noteHint')} onInput={(input) => write({ bodyText: input.currentTarget.value })} />
        </section>
    );
}

export default function Screen() {
    useEffect(() => void shelf.open(), []);
    const home = shelf.home(book.value);
    const begin = async () => {
        if (!home) return;
        const key = await shelf.create(home, { title: t('noteNew'), bodyText: '' });
        if (key) open.value = key;
    };
    useEffect(() => bind([{ keys: ['c'], label: 'noteNew', group: 'list', run: () => void begin() }]), [home?.key]);
    const chosen = shelf.items.value.find((item) => item.key === open.value);
    return (
        <div class={'body notes' + (chosen ? ' with-card' : '')}>
            <aside class="side">
                <button type="button" class="btn pri compose-button" disabled={!home} onClick={() => void begin()}>
                    <Icon name="plus" small /> {t('noteNew')} <span class="kbd" aria-hidden="true">c</span>
                </button>
                <FolderList label={t('noteBooks')} all={t('noteAll')} folders={shelf.folders.value} chosen={book} count={(key) => shelf.items.value.filter((item) => !key || item.folder === key).length} />
            </aside>
            <main class="panel note-list" aria-busy={shelf.loading.value}>
                <header class="ch">
                    <h1>{t('notes')}</h1>
                    <input type="search" value={words.value} placeholder={t('noteFind')} aria-label={t('noteFind')} onInput={(input) => (words.value = input.currentTarget.value)} />
                </header>
                <ul class="scroller" tabIndex={0} aria-label={t('noteBooks')}>
                    {shown.value.map((item) => (
                        <li key={item.key}>
                            <button type="button" class={open.value === item.key ? 'sel' : ''} aria-current={open.value === item.key ? 'true' : undefined} onClick={() => (open.value = item.key)}>
                                <b>{item.data.title || t('calNoTitle')}</b>
                                <span>{(item.data.bodyText ?? '').replace(/\s+/g, ' ').slice(0, 140)}</span>
                                <small>
                                    {item.data.updated && shortTime(new Date(item.data.updated))}
                                    {Object.keys(item.data.keywords ?? {}).map((word) => (
                                        <i class="chip" key={word}>{word}</i>
                                    ))}
                                    {!shelf.folderOf(item)?.own && <i class="chip">{shelf.folderOf(item)?.owner}</i>}
                                </small>
                            </button>
                        </li>
                    ))}
                </ul>
                {!shown.value.length && <p class="empty">{t(shelf.loading.value ? 'calLoading' : shelf.failed.value ? 'calNotLoaded' : 'noteNothing')}</p>}
            </main>
            {chosen ? <Page key={chosen.key} item={chosen} /> : <div class="panel note-page empty hide-m">{t('noteChoose')}</div>}
        </div>
    );
}
