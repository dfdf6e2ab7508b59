// People: address books of one's own, of groups, and the office's; a list by name and the chosen card.
import { computed, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { formatDate, t } from '../i18n';
import { blobUrl } from '../jmap/client';
import { Shelf, type Held } from '../jmap/shelf';
import { bind } from '../keys';
import { compose } from '../compose/state';
import { Icon } from '../ui/icons';
import { FolderList } from '../ui/folders';
import { Avatar, IconButton } from '../ui/parts';
import { addressText, company, fullName, note, photo, sortKey, title, type Card } from './card';
import { CardForm } from './form';

const shelf = new Shelf<Card>('urn:ietf:params:jmap:contacts', 'AddressBook', 'ContactCard', 'addressBookIds');
const book = signal('');
const open = signal('');
const words = signal('');
const editing = signal<{ item: Held<Card> | null } | null>(null);

const shown = computed(() => {
    const wanted = words.value.trim().toLocaleLowerCase();
    return shelf.items.value
        .filter((item) => !book.value || item.folder === book.value)
        .filter((item) => !wanted || `${fullName(item.data)} ${company(item.data)} ${Object.values(item.data.emails ?? {}).map((one) => one.address)} ${Object.values(item.data.phones ?? {}).map((one) => one.number)}`.toLocaleLowerCase().includes(wanted))
        .sort((a, b) => sortKey(a.data).localeCompare(sortKey(b.data)));
});

function Face({ item, size }: { item: Held<Card>; size: number }) {
    const picture = photo(item.data);
    if (!picture) return <Avatar name={fullName(item.data)} size={size} />;
    return <img class="avatar" alt="" width={size} height={size} src={blobUrl(item.accountId, picture.blobId, 'photo', picture.mediaType)} />;
}

function date(value: { year?: number; month?: number; day?: number; utc?: string }): string {
    if (value.utc) return formatDate(new Date(value.utc), { day: 'numeric', month: 'long', year: 'numeric' });
    const day = new Date(value.year ?? 2000, (value.month ?? 1) - 1, value.day ?? 1);
    return formatDate(day, { day: 'numeric', month: 'long', ...(value.year ? { year: 'numeric' } : {}) });
}

function Details({ item }: { item: Held<Card> }) {
    const card = item.data;
    const folder = shelf.folderOf(item);
    const where = (one: { contexts?: Record<string, boolean>; features?: Record<string, boolean> }) =>
        one.features?.mobile ? t('peopleMobile') : one.contexts?.work ? t('peopleWork') : one.contexts?.private ? t('peopleHome') : '';
    const emails = Object.values(card.emails ?? {});
    return (
        <section class="panel contact" aria-label={fullName(card)}>
            <header>
                <IconButton icon="left" class="only-narrow" label={t('calBack')} onClick={() => (open.value = '')} />
                <span class="grow" />
                {folder?.mayWrite && <IconButton icon="pen" label={t('peopleEdit')} onClick={() => (editing.value = { item })} />}
                {folder?.mayWrite && <IconButton icon="trash" label={t('peopleRemove')} onClick={() => ((open.value = ''), void shelf.remove(item, t('peopleRemoved')))} />}
            </header>
            <div class="face">
                <Face item={item} size={88} />
                <div>
                    <h2>{fullName(card) || t('calNoTitle')}</h2>
                    <p>{[title(card), company(card)].filter(Boolean).join(' · ')}</p>
                    {emails[0] && (
                        <button type="button" class="btn soft sm" onClick={() => compose({ to: [{ name: fullName(card), email: emails[0]!.address }] })}>
                            <Icon name="mail" small /> {t('peopleWrite')}
                        </button>
                    )}
                </div>
            </div>
            <dl>
                {emails.map((one) => (
                    <>
                        <dt>{where(one) || t('peopleEmail')}</dt>
                        <dd><a href={'mailto:' + one.address} onClick={(click) => (click.preventDefault(), compose({ to: [{ name: fullName(card), email: one.address }] }))}>{one.address}</a></dd>
                    </>
                ))}
                {Object.values(card.phones ?? {}).map((one) => (
                    <>
                        <dt>{where(one) || t('peoplePhone')}</dt>
                        <dd><a href={'tel:' + one.number.replace(/[^\d+]/g, '')}>{one.number}</a></dd>
                    </>
                ))}
                {Object.values(card.addresses ?? {}).map((one) => (
                    <>
                        <dt>{where(one) || t('peopleAddress')}</dt>
                        <dd>{addressText(one)}</dd>
                    </>
                ))}
                {Object.values(card.anniversaries ?? {}).map((one) => (
                    <>
                        <dt>{t(one.kind === 'birth' ? 'peopleBirthday' : 'peopleAnniversary')}</dt>
                        <dd>{date(one.date)}</dd>
                    </>
                ))}
                {Object.values(card.links ?? {}).filter((one) => /^https?:/.test(one.uri)).map((one) => (
                    <>
                        <dt>{t('peopleLink')}</dt>
                        <dd><a href={one.uri} target="_blank" rel="noopener noreferrer">{one.uri}</a></dd>
                    </>
                ))}
                {note(card) && (
                    <>
                        <dt>{t('calText')}</dt>
                        <dd class="text">{note(card)}</dd>
                    </>
                )}
                <dt>{t('peopleBook')}</dt>
                <dd>{folder ? (folder.owner || folder.name) : ''}</dd>
            </dl>
            {Object.keys(card.keywords ?? {}).length > 0 && <p class="words">{Object.keys(card.keywords!).map((word) => <span class="chip" key={word}>{word}</span>)}</p>}
        </section>
    );
}

export default function Screen() {
    useEffect(() => void shelf.open(), []);
    useEffect(() => bind([{ keys: ['c'], label: 'peopleNew', group: 'list', run: () => (editing.value = { item: null }) }]), []);
    const chosen = shelf.items.value.find((item) => item.key === open.value);
    const writable = shelf.folders.value.filter((one) => one.mayWrite);
    let letter = '';
    return (
        <div class={'body notes people' + (chosen ? ' with-card' : '')}>
            <aside class="side">
                <button type="button" class="btn pri compose-button" disabled={!writable.length} onClick={() => (editing.value = { item: null })}>
                    <Icon name="plus" small /> {t('peopleNew')} <span class="kbd" aria-hidden="true">c</span>
                </button>
                <FolderList label={t('peopleBooks')} all={t('peopleAll')} folders={shelf.folders.value} chosen={book} count={(key) => shelf.items.value.filter((item) => !key || item.folder === key).length} />
            </aside>
            <main class="panel note-list" aria-busy={shelf.loading.value}>
                <header class="ch">
                    <h1>{t('contacts')}</h1>
                    <input type="search" value={words.value} placeholder={t('peopleFind')} aria-label={t('peopleFind')} onInput={(input) => (words.value = input.currentTarget.value)} />
                </header>
                <ul class="scroller" tabIndex={0} aria-label={t('contacts')}>
                    {shown.value.map((item) => {
                        const first = [...sortKey(item.data)][0]?.toLocaleUpperCase() ?? '';
                        const head = first !== letter;
                        letter = first;
                        return (
                            <li key={item.key}>
                                {head && <span class="letter" aria-hidden="true">{first}</span>}
                                <button type="button" class={'who' + (open.value === item.key ? ' sel' : '')} aria-current={open.value === item.key ? 'true' : undefined} onClick={() => (open.value = item.key)}>
                                    <Face item={item} size={34} />
                                    <span>
                                        <b>{fullName(item.data) || t('calNoTitle')}</b>
                                        <small>{[title(item.data), company(item.data)].filter(Boolean).join(' · ') || Object.values(item.data.emails ?? {})[0]?.address}</small>
                                    </span>
                                </button>
                            </li>
                        );
                    })}
                </ul>
                {!shown.value.length && <p class="empty">{t(shelf.loading.value ? 'calLoading' : shelf.failed.value ? 'calNotLoaded' : 'peopleNothing')}</p>}
            </main>
            {chosen ? <Details key={chosen.key} item={chosen} /> : <div class="panel contact empty hide-m">{t('peopleChoose')}</div>}
            {editing.value && (
                <CardForm
                    card={editing.value.item?.data ?? null}
                    books={writable}
                    book={shelf.home(book.value)?.key ?? ''}
                    onClose={() => (editing.value = null)}
                    onSave={(patch, where) => {
                        const item = editing.value?.item;
                        editing.value = null;
                        const target = writable.find((one) => one.key === where);
                        if (item) void (Object.keys(patch).length && shelf.change(item, patch));
                        else if (target) void shelf.create(target, patch).then((key) => key && (open.value = key));
                    }}
                />
            )}
        </div>
    );
}
