// What devices keep: days of mail, days of the calendar with a count of what lies inside, address books, to-dos and notes.
// Saved at once, with undo; the count is asked for while one still drags.
import { useEffect, useRef, useState } from 'preact/hooks';
import { account, call } from '../jmap/client';
import type { Id, Json } from '../jmap/types';
import { formatDate, t } from '../i18n';
import { done } from '../undo';
import { get, set } from './own';

type Choice = null | 'all' | 'none' | { only: Id[] } | { except: Id[] };
interface Policy {
    id: string;
    mailDays: number | 'all' | null;
    daysBefore: number | 'all' | null;
    daysAfter: number | 'all' | null;
    addressBooks: Choice;
    taskLists: Choice;
    noteBooks: Choice;
}
interface Row {
    collectionId: Id;
    name: string;
    class: number;
    isShown: boolean;
    inside: number;
    total: number;
}
interface Book {
    id: Id;
    name: string;
}

const mailChoices: (number | 'all')[] = [3, 7, 14, 30, 90, 180, 'all'];
const most = 3650;
/** The slider is logarithmic, so that a week and a year are both easy to point at. */
const toSlider = (days: number): number => Math.round((Math.log1p(days) / Math.log1p(most)) * 100);
const toDays = (at: number): number => Math.round(Math.expm1((at / 100) * Math.log1p(most)));
const keeps = (choice: Choice, id: Id): boolean => (choice === null || choice === 'all' ? true : choice === 'none' ? false : 'only' in choice ? choice.only.includes(id) : !choice.except.includes(id));
const number = (value: number | 'all' | null): number => (value === 'all' ? most : (value ?? most));
const dayFrom = (days: number): string => formatDate(new Date(Date.now() + days * 86400000), { day: 'numeric', month: 'short' });

export function Keep() {
    const [policy, setPolicy] = useState<Policy | null>(null);
    const [books, setBooks] = useState<Book[]>([]);
    const [counts, setCounts] = useState<Row[]>([]);
    const [dragged, setDragged] = useState<{ before: number; after: number } | null>(null);
    const timer = useRef(0);
    const preview = (days: Json) => {
        clearTimeout(timer.current);
        timer.current = window.setTimeout(() => void call<{ list: Row[] }>('SyncPolicy/preview', { accountId: account(), ...days }).then((got) => setCounts(got.list), () => setCounts([])), 150);
    };
    const load = () => get<Policy>('SyncPolicy', ['singleton']).then(([one]) => {
        if (!one) return;
        setPolicy(one);
        preview({ mailDays: one.mailDays, daysBefore: one.daysBefore, daysAfter: one.daysAfter });
    });
    useEffect(() => {
        void load();
        void call<{ list: Book[] }>('AddressBook/get', { accountId: account(), ids: null, properties: ['name'] }).then((got) => setBooks(got.list), () => setBooks([]));
    }, []);
    if (!policy) return <section class="card"><h2>{t('whatKeep')}</h2><p role="status">{t('loading')}</p></section>;
    const save = async (patch: Partial<Policy>) => {
        const before = Object.fromEntries(Object.keys(patch).map((key) => [key, policy[key as keyof Policy]]));
        setPolicy({ ...policy, ...patch });
        setDragged(null);
        if (!(await set('SyncPolicy', { update: { singleton: patch } }))) return void load();
        done(t('saved'), t('undo'), async () => (await set('SyncPolicy', { update: { singleton: before } }), await load()));
        await load();
    };
    const before = dragged?.before ?? number(policy.daysBefore);
    const after = dragged?.after ?? number(policy.daysAfter);
    const drag = (next: { before: number; after: number }) => (setDragged(next), preview({ mailDays: policy.mailDays, daysBefore: next.before, daysAfter: next.after }));
    const toChoice = (days: number): number | 'all' => (days >= most ? 'all' : Math.max(0, Math.trunc(days) || 0));
    const calendars = counts.filter((row) => row.class === 2);
    const sum = (of: 'inside' | 'total') => calendars.reduce((all, row) => all + row[of], 0);
    const toggle = (id: Id) => {
        const kept = books.map((book) => book.id).filter((one) => keeps(policy.addressBooks, one) !== (one === id));
        void save({ addressBooks: kept.length === books.length ? 'all' : kept.length ? { only: kept } : 'none' });
    };
    const others = policy.taskLists !== 'none' || policy.noteBooks !== 'none';
    const days = (label: string, value: number, set_: (next: number) => void) => (
        <label class="days-field"><input class="field num" type="number" min={0} max={most} value={value >= most ? '' : value} placeholder="∞" aria-label={label} onChange={(event) => set_(event.currentTarget.value === '' ? most : +event.currentTarget.value)} /> {label}</label>
    );
    return (
        <section class="card" aria-labelledby="keep">
            <h2 id="keep">{t('whatKeep')}</h2>
            <label class="line"><span>{t('mail')}</span>
                <select value={String(policy.mailDays ?? 'all')} onChange={(event) => void save({ mailDays: event.currentTarget.value === 'all' ? 'all' : +event.currentTarget.value })}>
                    {[...new Set([...mailChoices, policy.mailDays ?? 'all'])].map((one) => <option key={one} value={String(one)}>{one === 'all' ? t('allOfIt') : t('nDays', { n: one })}</option>)}
                </select>
            </label>
            <div class="window">
                <div class="line"><span>{t('appointments')}</span>
                    {days(t('daysBefore'), before, (value) => void save({ daysBefore: toChoice(value) }))}
                    {days(t('daysAfter'), after, (value) => void save({ daysAfter: toChoice(value) }))}
                </div>
                <div class="timeline">
                    <input type="range" class="before" min={0} max={100} value={100 - toSlider(before)} aria-label={t('daysBefore')} aria-valuetext={t('nDays', { n: before })}
                        onInput={(event) => drag({ before: toDays(100 - +event.currentTarget.value), after })} onChange={() => void save({ daysBefore: toChoice(before) })} />
                    <input type="range" min={0} max={100} value={toSlider(after)} aria-label={t('daysAfter')} aria-valuetext={t('nDays', { n: after })}
                        onInput={(event) => drag({ before, after: toDays(+event.currentTarget.value) })} onChange={() => void save({ daysAfter: toChoice(after) })} />
                    <span>{before >= most ? t('allOfIt') : dayFrom(-before)}</span><b>{t('today')}</b><span>{after >= most ? t('allOfIt') : dayFrom(after)}</span>
                </div>
                {calendars.length > 0 && <p class="under" role="status">{t('insideOf', { n: sum('inside'), total: sum('total') })}</p>}
            </div>
            <h3>{t('addressBooks')}</h3>
            {books.map((book) => <label key={book.id} class="line check"><input type="checkbox" checked={keeps(policy.addressBooks, book.id)} onChange={() => toggle(book.id)} /><span>{book.name}</span><span class="num">{counts.find((row) => row.collectionId === book.id)?.total ?? ''}</span></label>)}
            <label class="line check"><span>{t('todoAndNotes')}</span><input type="checkbox" role="switch" class="switch" checked={others} onChange={() => void save(others ? { taskLists: 'none', noteBooks: 'none' } : { taskLists: 'all', noteBooks: 'all' })} /></label>
        </section>
    );
}
