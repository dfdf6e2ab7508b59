// The command palette and the key help: both are views of the one table in keys.ts.
import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { mailboxes } from '../jmap/mail';
import { t, type Key } from '../i18n';
import { commands, showKeys } from '../keys';
import { folderName } from '../mail/acts';
import { go } from '../router';
import { Dialog } from '../ui/parts';

export const sheet = signal<'palette' | 'help' | null>(null);
const close = () => (sheet.value = null);

export function Palette() {
    const [text, setText] = useState('');
    const [at, setAt] = useState(0);
    const seen = new Set<string>();
    const entries = [
        ...[...commands.value].reverse().filter((one) => !seen.has(one.label) && seen.add(one.label)).map((one) => ({ name: t(one.label), keys: one.keys[0] ?? '', run: one.run })),
        ...mailboxes.value.map((box) => ({ name: t('goTo', { name: folderName(box.id) }), keys: '', run: () => go('/mail/' + box.id) })),
    ].filter((one) => text.toLowerCase().split(/\s+/).every((word) => one.name.toLowerCase().includes(word)));
    const pick = (index: number) => (close(), setTimeout(() => entries[index]?.run()));
    const key = (event: KeyboardEvent) => {
        if (event.key === 'ArrowDown') setAt(Math.min(entries.length - 1, at + 1));
        else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
        else if (event.key === 'Enter') pick(at);
        else return;
        event.preventDefault();
    };
    return (
        <Dialog title={t('commands')} class="palette" bare onClose={close}>
            <input class="palette-input" autoFocus role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={'p-' + at} aria-label={t('commands')} placeholder={t('paletteHint')} value={text} onInput={(event) => (setText(event.currentTarget.value), setAt(0))} onKeyDown={key} />
            <div class="palette-list" role="listbox" id="palette-list" aria-label={t('commands')}>
                {entries.slice(0, 40).map((one, index) => (
                    <div key={one.name} role="option" id={'p-' + index} aria-selected={index === at} onClick={() => pick(index)} onMouseMove={() => setAt(index)}>{one.name}{one.keys && <kbd class="kbd">{showKeys(one.keys)}</kbd>}</div>
                ))}
            </div>
        </Dialog>
    );
}

export function Help() {
    const groups: [Key, string][] = [['anywhere', 'anywhere'], ['keysList', 'list'], ['keysMessage', 'message'], ['calendar', 'calendar']];
    return (
        <Dialog title={t('keys')} class="wide" onClose={close}>
            <div class="help">
                {groups.map(([title, group]) => {
                    const rows = commands.value.filter((one, index, all) => one.group === group && all.findIndex((other) => other.label === one.label) === index);
                    return rows.length > 0 && <section key={group}><h3>{t(title)}</h3><dl>{rows.map((one) => <><dt>{t(one.label)}</dt><dd>{one.keys.slice(0, 2).map((keys) => <kbd class="kbd">{showKeys(keys)}</kbd>)}</dd></>)}</dl></section>;
                })}
            </div>
        </Dialog>
    );
}
