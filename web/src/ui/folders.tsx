// The side of to-do, notes and people: all, one's own folders, and those of others.
import type { Signal } from '@preact/signals';
import { t } from '../i18n';
import type { Folder } from '../jmap/shelf';

export function FolderList(props: { label: string; all: string; folders: Folder[]; chosen: Signal<string>; count(key: string): number }) {
    const line = (key: string, name: string, note = '') => (
        <button type="button" key={key} class="nav" aria-current={props.chosen.value === key ? 'true' : undefined} onClick={() => (props.chosen.value = key)}>
            <span class="name">{name}</span>
            {note && <small>{note}</small>}
            <span class="c">{props.count(key) || ''}</span>
        </button>
    );
    const others = props.folders.filter((one) => !one.own);
    return (
        <nav class="folder-list" aria-label={props.label}>
            {line('', props.all)}
            {props.folders.filter((one) => one.own).map((one) => line(one.key, one.name))}
            {others.length > 0 && <div class="nav-head"><h2>{t('calShared')}</h2></div>}
            {others.map((one) => line(one.key, others.filter((other) => other.owner === one.owner).length > 1 ? `${one.owner}: ${one.name}` : one.owner, one.mayWrite ? '' : t('calReadOnly')))}
        </nav>
    );
}
