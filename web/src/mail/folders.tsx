// The folders beside the list: messages are dropped on them, folders are dropped into folders, and a menu does the same by keyboard.
import { useState } from 'preact/hooks';
import { account, session } from '../jmap/client';
import { byRole, mailboxes } from '../jmap/mail';
import type { Mailbox } from '../jmap/types';
import { t } from '../i18n';
import { Icon, type IconName } from '../ui/icons';
import { Dialog, Menu } from '../ui/parts';
import { changeMailbox, createMailbox, folderName, move, whole } from './acts';
import { address, afterRemoval, place } from './view';
import { compose } from '../compose/state';

const icons: Record<string, IconName> = { inbox: 'inbox', drafts: 'pen', sent: 'send', archive: 'archive', trash: 'trash', junk: 'hidden' };
const order = ['inbox', 'starred', 'drafts', 'sent', 'archive', 'detained', 'junk', 'trash'];
export const drawer = { close: () => {} };

export function NameDialog({ title, value = '', onDone, onClose }: { title: string; value?: string; onDone(name: string): void; onClose(): void }) {
    const [name, setName] = useState(value);
    return (
        <Dialog title={title} onClose={onClose}>
            <form class="form" onSubmit={(event) => (event.preventDefault(), name.trim() && (onDone(name.trim()), onClose()))}>
                <label>{t('name')}<input class="field" value={name} onInput={(event) => setName(event.currentTarget.value)} autoFocus maxLength={255} required /></label>
                <div class="row-end"><button type="button" class="btn sec" onClick={onClose}>{t('cancel')}</button><button class="btn pri">{t('save')}</button></div>
            </form>
        </Dialog>
    );
}

function Folder({ box, depth, onEdit }: { box: Mailbox; depth: number; onEdit(what: 'rename' | 'create', box: Mailbox): void }) {
    const [over, setOver] = useState(false);
    const detained = box.name === '[Detained]';
    const count = detained ? box.totalEmails : box.role === 'drafts' ? box.totalEmails : box.unreadEmails;
    const drop = (event: DragEvent) => {
        setOver(false);
        const mail = event.dataTransfer?.getData('application/x-lockstep-mail');
        const folder = event.dataTransfer?.getData('application/x-lockstep-folder');
        event.preventDefault();
        if (mail) {
            const ids = whole(JSON.parse(mail) as string[], place.peek());
            void move(ids, box.id).then(() => afterRemoval(ids));
        } else if (folder && folder !== box.id) void changeMailbox(folder, { parentId: box.id });
    };
    return (
        <li class={'folder' + (over ? ' over' : '')} onDragOver={(event) => (event.preventDefault(), setOver(true))} onDragLeave={() => setOver(false)} onDrop={drop}>
            <a class="nav" href={address(box.id)} aria-current={place.value === box.id ? 'page' : undefined} style={{ paddingInlineStart: 10 + depth * 16 + 'px' }}
                draggable={box.myRights.mayRename} onDragStart={(event) => event.dataTransfer?.setData('application/x-lockstep-folder', box.id)} onClick={() => drawer.close()}>
                <Icon name={detained ? 'shield' : (icons[box.role ?? ''] ?? 'folder')} small />
                <span class="name">{folderName(box.id)}</span>
                {count > 0 && (detained ? <span class="held">{t('nHeld', { n: count })}</span> : <span class="c">{count.toLocaleString()}</span>)}
            </a>
            {!box.role && !detained && (
                <Menu small label={t('folderMenu', { name: box.name })} items={[
                    { label: t('rename'), icon: 'pen', off: !box.myRights.mayRename, run: () => onEdit('rename', box) },
                    { label: t('newFolderIn', { name: box.name }), icon: 'plus', off: !box.myRights.mayCreateChild, run: () => onEdit('create', box) },
                    { label: t('moveToTop'), icon: 'folder', off: !box.parentId || !box.myRights.mayRename, run: () => void changeMailbox(box.id, { parentId: null }) },
                    'line',
                    { label: t('deleteFolder'), icon: 'trash', danger: true, off: !box.myRights.mayDelete, run: () => void changeMailbox(box.id, null) },
                ]} />
            )}
        </li>
    );
}

export function Folders() {
    const [edit, setEdit] = useState<{ what: 'rename' | 'create'; box: Mailbox | null } | null>(null);
    const all = mailboxes.value;
    const special = (box: Mailbox) => !!box.role || box.name === '[Detained]';
    const tree = (parent: string | null, depth: number): preact.JSX.Element[] =>
        all.filter((box) => box.parentId === parent && !special(box)).flatMap((box) => [<Folder key={box.id} box={box} depth={depth} onEdit={(what, one) => setEdit({ what, box: one })} />, ...tree(box.id, depth + 1)]);
    const shared = Object.entries(session.value?.accounts ?? {}).filter(([id]) => id !== account());
    return (
        <nav class="side" aria-label={t('mailboxes')}>
            <button class="btn pri compose-button" onClick={() => (drawer.close(), compose({}))}><Icon name="pen" small />{t('newMessage')}<span class="kbd" aria-hidden="true">c</span></button>
            <ul>
                {order.map((role) => {
                    const box = byRole(role);
                    if (role === 'starred') return <li class="folder" key="starred"><a class="nav" href="/mail/starred" aria-current={place.value === 'starred' ? 'page' : undefined} onClick={() => drawer.close()}><Icon name="star" small /><span class="name">{t('starred')}</span></a></li>;
                    return box && <Folder key={box.id} box={box} depth={0} onEdit={() => {}} />;
                })}
            </ul>
            <div class="nav-head"><h2>{t('folders')}</h2><button class="ib tiny" aria-label={t('newFolder')} title={t('newFolder')} onClick={() => setEdit({ what: 'create', box: null })}><Icon name="plus" small /></button></div>
            <ul>{tree(null, 0)}</ul>
            {shared.length > 0 && <><div class="nav-head"><h2>{t('sharedWithYou')}</h2></div><ul>{shared.map(([id, one]) => <li key={id} class="nav plain"><Icon name="people" small /><span class="name">{one.name}</span></li>)}</ul></>}
            {edit && <NameDialog title={t(edit.what === 'rename' ? 'rename' : 'newFolder')} value={edit.what === 'rename' ? edit.box!.name : ''} onClose={() => setEdit(null)}
                onDone={(name) => void (edit.what === 'rename' ? changeMailbox(edit.box!.id, { name }) : createMailbox(name, edit.box?.id ?? null))} />}
        </nav>
    );
}
