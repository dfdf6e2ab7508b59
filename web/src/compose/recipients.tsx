// A field of recipients: chips, suggestions from the address books and from earlier mail, pasting of whole lists.
import { useEffect, useRef, useState } from 'preact/hooks';
import { account, call, can } from '../jmap/client';
import { emails } from '../jmap/mail';
import type { Address, Json } from '../jmap/types';
import { t } from '../i18n';
import { Avatar } from '../ui/parts';

/** "Ann Lee <ann@example.org>, bob@example.org" as addresses; null for what is none. */
export function parseAddresses(text: string): Address[] {
    return text
        .split(/[,;\n]+(?=(?:[^"]*"[^"]*")*[^"]*$)/)
        .map((one) => /^\s*(?:"?([^"<]*?)"?\s*<)?\s*([^\s<>"]+@[^\s<>"]+\.?[^\s<>"]*)\s*>?\s*$/.exec(one))
        .filter((found): found is RegExpExecArray => !!found)
        .map((found) => ({ name: found[1]?.trim() || null, email: found[2]! }));
}

interface Card {
    name?: { full?: string };
    emails?: Record<string, { address: string }>;
}

async function suggest(text: string): Promise<Address[]> {
    const found = new Map<string, Address>();
    const needle = text.toLowerCase();
    if (can(account(), 'urn:ietf:params:jmap:contacts')) {
        const query = call<{ ids: string[] }>('ContactCard/query', { accountId: account(), filter: { text }, limit: 8 } as Json);
        const got = await call<{ list: Card[] }>('ContactCard/get', { accountId: account(), '#ids': query.ref('/ids'), properties: ['name', 'emails'] }).catch(() => ({ list: [] as Card[] }));
        for (const card of got.list) for (const one of Object.values(card.emails ?? {})) found.set(one.address.toLowerCase(), { name: card.name?.full ?? null, email: one.address });
    }
    for (const email of emails.values())
        for (const one of [...(email.from ?? []), ...(email.to ?? []), ...(email.cc ?? [])])
            if ((one.email + ' ' + (one.name ?? '')).toLowerCase().includes(needle) && !found.has(one.email.toLowerCase())) found.set(one.email.toLowerCase(), one);
    return [...found.values()].slice(0, 8);
}

export function Recipients({ label, value, onChange, focus }: { label: string; value: Address[]; onChange(next: Address[]): void; focus?: boolean }) {
    const [text, setText] = useState('');
    const [offers, setOffers] = useState<Address[]>([]);
    const [at, setAt] = useState(0);
    const input = useRef<HTMLInputElement>(null);
    const id = 'r-' + label;
    useEffect(() => void (focus && input.current?.focus()), []);
    useEffect(() => {
        if (text.trim().length < 2) return setOffers([]);
        let late = false;
        const timer = setTimeout(() => void suggest(text.trim()).then((got) => late || (setOffers(got.filter((one) => !value.some((has) => has.email === one.email))), setAt(0))), 120);
        return () => ((late = true), clearTimeout(timer));
    }, [text]);
    const add = (list: Address[]) => (onChange([...value, ...list.filter((one) => !value.some((has) => has.email.toLowerCase() === one.email.toLowerCase()))]), setText(''), setOffers([]));
    const commit = () => {
        const parsed = parseAddresses(text);
        if (parsed.length) add(parsed);
    };
    const key = (event: KeyboardEvent) => {
        if (event.key === 'ArrowDown' && offers.length) setAt((at + 1) % offers.length);
        else if (event.key === 'ArrowUp' && offers.length) setAt((at + offers.length - 1) % offers.length);
        else if ((event.key === 'Enter' || event.key === 'Tab') && offers[at] && text) add([offers[at]!]);
        else if ((event.key === 'Enter' || event.key === ',' || event.key === ';') && text) commit();
        else if (event.key === 'Backspace' && !text && value.length) onChange(value.slice(0, -1));
        else if (event.key === 'Escape' && offers.length) setOffers([]);
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    return (
        <div class="recipients" onClick={() => input.current?.focus()}>
            <label for={id}>{label}</label>
            <div class="chips">
                {value.map((one) => (
                    <span class="person" key={one.email} title={one.email}>{one.name || one.email}<button type="button" aria-label={t('removeName', { name: one.name || one.email })} onClick={() => onChange(value.filter((other) => other !== one))}>×</button></span>
                ))}
                <input ref={input} id={id} value={text} autocomplete="off" role="combobox" aria-expanded={offers.length > 0} aria-controls={id + '-list'} aria-autocomplete="list" aria-activedescendant={offers.length ? `${id}-${at}` : undefined}
                    onInput={(event) => setText(event.currentTarget.value)} onKeyDown={key} onBlur={() => setTimeout(() => (commit(), setOffers([])), 150)}
                    onPaste={(event) => { const parsed = parseAddresses(event.clipboardData?.getData('text') ?? ''); if (parsed.length) (event.preventDefault(), add(parsed)); }} />
            </div>
            <div class="offers" role="listbox" id={id + '-list'} aria-label={t('suggestions')} hidden={!offers.length}>
                {offers.map((one, index) => (
                    <div key={one.email} id={`${id}-${index}`} role="option" aria-selected={index === at} onMouseDown={(event) => (event.preventDefault(), add([one]))}><Avatar name={one.name || one.email} size={26} /><span>{one.name || one.email}<small>{one.email}</small></span></div>
                ))}
            </div>
        </div>
    );
}
