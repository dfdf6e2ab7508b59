// The mail screen: folders, list and conversation in the layout that was chosen, and its keys.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { emails, list } from '../jmap/mail';
import type { Id } from '../jmap/types';
import { t } from '../i18n';
import { bind } from '../keys';
import { layout } from '../prefs';
import { go } from '../router';
import { Dialog } from '../ui/parts';
import { Icon } from '../ui/icons';
import { answer, compose } from '../compose/state';
import { destroy, inTrash, moveToRole, remove, setKeyword, whole } from './acts';
import { Folders } from './folders';
import { choose, MessageList, range } from './list';
import { Reader } from './reader';
import { address, afterRemoval, chosen, cursor, meant, openId, openRow, place, step } from './view';

const doomed = signal<Id[]>([]);
/** Asks before messages are destroyed for good. */
export const askDestroy = (ids: Id[]): void => void (doomed.value = ids);

function withMeant(run: (ids: Id[]) => void, leaves: boolean): () => void {
    return () => {
        const ids = meant();
        if (!ids.length) return;
        run(whole(ids, place.peek()));
        if (leaves) afterRemoval(ids);
    };
}

function mailKeys() {
    const one = (run: (id: Id) => void) => () => meant()[0] && run(meant()[0]!);
    const atRow = () => list.peek()?.ids.peek()[cursor.peek()];
    return bind([
        { keys: ['j', 'ArrowDown'], label: 'older', group: 'list', run: () => step(1, true) },
        { keys: ['k', 'ArrowUp'], label: 'newer', group: 'list', run: () => step(-1, true) },
        { keys: ['Shift+ArrowDown'], label: 'extend', group: 'list', run: () => range(cursor.peek() + 1) },
        { keys: ['Shift+ArrowUp'], label: 'extend', group: 'list', run: () => range(Math.max(0, cursor.peek() - 1)) },
        { keys: ['Enter', 'o'], label: 'open', group: 'list', run: () => openRow(cursor.peek()) },
        { keys: ['x', ' '], label: 'select', group: 'list', run: () => atRow() && choose(atRow()!) },
        { keys: ['* a'], label: 'selectAll', group: 'list', run: () => (chosen.value = new Set((list.peek()?.ids.peek() ?? []).filter((id): id is Id => !!id))) },
        { keys: ['* n'], label: 'selectNone', group: 'list', run: () => (chosen.value = new Set()) },
        { keys: ['* u'], label: 'selectUnread', group: 'list', run: () => (chosen.value = new Set((list.peek()?.ids.peek() ?? []).filter((id): id is Id => !!id && !emails.get(id)?.keywords.$seen))) },
        { keys: ['u', 'Escape'], label: 'back', group: 'list', run: () => (chosen.peek().size ? (chosen.value = new Set()) : go(address(place.peek()))) },
        { keys: ['e'], label: 'archiveAct', group: 'message', run: withMeant((ids) => moveToRole(ids, 'archive', 'archivedN'), true) },
        { keys: ['#', 'Delete'], label: 'delete', group: 'message', run: () => { const ids = whole(meant(), place.peek()); if (inTrash(ids)) askDestroy(ids); else withMeant(remove, true)(); } },
        { keys: ['!'], label: 'junkAct', group: 'message', run: withMeant((ids) => moveToRole(ids, 'junk', 'junkedN'), true) },
        { keys: ['s'], label: 'star', group: 'message', run: withMeant((ids) => void setKeyword(ids.slice(0, 1), '$flagged', !emails.get(ids[0]!)?.keywords.$flagged), false) },
        { keys: ['Shift+U'], label: 'markUnread', group: 'message', run: withMeant((ids) => (void setKeyword(ids, '$seen', false), go(address(place.peek()))), false) },
        { keys: ['Shift+I'], label: 'markRead', group: 'message', run: withMeant((ids) => void setKeyword(ids, '$seen', true), false) },
        { keys: ['r'], label: 'reply', group: 'message', run: one((id) => answer(emails.get(id)!, 'sender')) },
        { keys: ['a'], label: 'replyAll', group: 'message', run: one((id) => answer(emails.get(id)!, 'all')) },
        { keys: ['f'], label: 'forward', group: 'message', run: one((id) => answer(emails.get(id)!, 'forward')) },
        { keys: ['c'], label: 'newMessage', group: 'anywhere', run: () => compose({}) },
    ]);
}

export function MailScreen() {
    useEffect(mailKeys, []);
    const ids = doomed.value;
    return (
        <div class={'body mail layout-' + layout.value + (openId.value ? ' reading' : '')}>
            <Folders />
            <MessageList />
            <Reader />
            <button class="fab" aria-label={t('newMessage')} onClick={() => compose({})}><Icon name="pen" /></button>
            {ids.length > 0 && (
                <Dialog title={t('destroyTitle', { n: ids.length })} onClose={() => askDestroy([])}>
                    <p>{t('destroyText')}</p>
                    <div class="row-end"><button class="btn sec" onClick={() => askDestroy([])}>{t('cancel')}</button><button class="btn dan" onClick={() => (void destroy(ids), afterRemoval(ids), askDestroy([]))}>{t('destroy')}</button></div>
                </Dialog>
            )}
        </div>
    );
}
