// The form of a card.
import { useState } from 'preact/hooks';
import { t, type Key } from '../i18n';
import type { Folder } from '../jmap/shelf';
import { Dialog, IconButton } from '../ui/parts';
import { fieldsOf, patchOf, places, type Card, type Fields } from './card';
import type { Json } from '../jmap/types';

const placeNames: Record<string, Key> = { work: 'peopleWork', private: 'peopleHome', mobile: 'peopleMobile', '': 'peopleOther' };
const nothing: Fields = { given: '', surname: '', company: '', title: '', emails: [{ key: '', text: '', place: 'work' }], phones: [{ key: '', text: '', place: 'mobile' }], note: '' };

export function CardForm(props: { card: Card | null; books: Folder[]; book: string; onClose(): void; onSave(patch: Json, book: string): void }) {
    const [fields, setFields] = useState<Fields>(() => (props.card ? fieldsOf(props.card) : nothing));
    const [book, setBook] = useState(props.book);
    const set = (change: Partial<Fields>) => setFields({ ...fields, ...change });
    const empty = ![fields.given, fields.surname, fields.company, ...fields.emails.map((one) => one.text)].some((text) => text.trim());
    const line = (name: 'given' | 'surname' | 'company' | 'title', label: Key, first = false) => (
        <div class="fl">
            <label for={'card-' + name}>{t(label)}</label>
            <input id={'card-' + name} type="text" maxLength={255} autofocus={first} value={fields[name]} onInput={(input) => set({ [name]: input.currentTarget.value })} />
        </div>
    );
    const many = (name: 'emails' | 'phones', label: Key, type: 'email' | 'tel') => (
        <fieldset class="wide many">
            <legend>{t(label)}</legend>
            {fields[name].map((one, index) => {
                const put = (change: Partial<typeof one>) => set({ [name]: fields[name].map((other, at) => (at === index ? { ...other, ...change } : other)) });
                return (
                    <div key={index}>
                        <select aria-label={t('peopleKind')} value={one.place} onChange={(input) => put({ place: input.currentTarget.value })}>
                            {places.filter((place) => type === 'tel' || place !== 'mobile').map((place) => <option key={place} value={place}>{t(placeNames[place]!)}</option>)}
                        </select>
                        <input type="text" inputMode={type} aria-label={t(label)} value={one.text} onInput={(input) => put({ text: input.currentTarget.value })} />
                        <IconButton icon="close" small label={t('peopleTakeOut')} onClick={() => set({ [name]: fields[name].filter((_, at) => at !== index) })} />
                    </div>
                );
            })}
            <button type="button" class="btn ghost sm" onClick={() => set({ [name]: [...fields[name], { key: '', text: '', place: 'work' }] })}>
                {t('peopleAdd')}
            </button>
        </fieldset>
    );
    return (
        <Dialog title={props.card ? t('peopleEdit') : t('peopleNew')} class="event-form" onClose={props.onClose}>
            <form onSubmit={(submit) => (submit.preventDefault(), empty || props.onSave(patchOf(props.card, fields), book))}>
                {line('given', 'peopleGiven', true)}
                {line('surname', 'peopleSurname')}
                {line('company', 'peopleCompany')}
                {line('title', 'peopleTitle')}
                {many('emails', 'peopleEmail', 'email')}
                {many('phones', 'peoplePhone', 'tel')}
                <div class="fl wide">
                    <label for="card-note">{t('calText')}</label>
                    <textarea id="card-note" rows={3} value={fields.note} onInput={(input) => set({ note: input.currentTarget.value })} />
                </div>
                {!props.card && props.books.length > 1 && (
                    <div class="fl wide">
                        <label for="card-book">{t('peopleBook')}</label>
                        <select id="card-book" value={book} onChange={(input) => setBook(input.currentTarget.value)}>
                            {props.books.map((one) => <option key={one.key} value={one.key}>{one.owner ? `${one.owner}: ${one.name}` : one.name}</option>)}
                        </select>
                    </div>
                )}
                <footer>
                    <button type="button" class="btn ghost" onClick={props.onClose}>{t('cancel')}</button>
                    <button type="submit" class="btn pri" disabled={empty}>{t('save')}</button>
                </footer>
            </form>
        </Dialog>
    );
}
