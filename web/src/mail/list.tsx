// The list of messages: an ARIA grid of which only the rows near the window exist, with one tab stop and arrow keys.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { emails, list, rev, seeRow, threads } from '../jmap/mail';
import type { Email, Id } from '../jmap/types';
import { dayDistance, formatDate, shortTime, t } from '../i18n';
import { Avatar, IconButton, Segments } from '../ui/parts';
import { Icon } from '../ui/icons';
import { folderName, moveToRole, remove, setKeyword, whole } from './acts';
import { afterRemoval, chosen, cursor, filter, openId, openRow, place, searched } from './view';
import { byId, byRole } from '../jmap/mail';
import { layout } from '../prefs';

const overscan = 8;

export function people(email: Email): string {
    const outgoing = email.keywords.$draft || !!(byRole('sent') && email.mailboxIds[byRole('sent')!.id]);
    const shown = (outgoing ? email.to : email.from) ?? [];
    const names = shown.map((one) => one.name || one.email);
    return names.length ? names.slice(0, 3).join(', ') + (names.length > 3 ? ` +${names.length - 3}` : '') : t(outgoing ? 'noRecipient' : 'noSender');
}

function dayName(email: Email): string {
    const date = new Date(email.receivedAt);
    const distance = dayDistance(date);
    if (distance === 0) return t('today');
    if (distance === -1) return t('yesterday');
    if (distance > -7 && distance < 0) return formatDate(date, { weekday: 'long' });
    return formatDate(date, { month: 'long', year: 'numeric' });
}

export function choose(id: Id, on = !chosen.peek().has(id)): void {
    const next = new Set(chosen.peek());
    if (on) next.add(id);
    else next.delete(id);
    chosen.value = next;
}

function Row({ id, row, top, day, height }: { id: Id | undefined; row: number; top: number; day: string; height: number }) {
    const email = id ? emails.get(id) : undefined;
    if (!email) return <div class="msg blank" role="row" aria-rowindex={row + 1} style={{ top: top + 'px', height: height + 'px' }}><span role="gridcell" class="sr">{t('loading')}</span></div>;
    const unread = !email.keywords.$seen;
    const count = list.value?.query.collapse ? (threads.get(email.threadId)?.length ?? 1) : 1;
    const selected = openId.value === email.id;
    const act = (run: (ids: Id[]) => void) => (event: MouseEvent) => (event.stopPropagation(), run(whole([email.id], place.value)), afterRemoval([email.id]));
    const name = people(email);
    return (
        <div
            class={'msg' + (unread ? ' unread' : '') + (email.keywords.$deleted ? ' struck' : '') + (row === cursor.value ? ' cursor' : '')}
            role="row" aria-rowindex={row + 1} aria-selected={selected || chosen.value.has(email.id)} tabIndex={row === cursor.value ? 0 : -1}
            data-row={row} style={{ top: top + 'px', height: height + 'px' }} draggable
            onDragStart={(event) => {
                if (!chosen.peek().has(email.id)) chosen.value = new Set([email.id]);
                event.dataTransfer?.setData('application/x-lockstep-mail', JSON.stringify([...chosen.peek()]));
                const ghost = document.createElement('div');
                ghost.className = 'drag-ghost';
                ghost.textContent = t('nMessages', { n: chosen.peek().size });
                document.body.append(ghost);
                event.dataTransfer?.setDragImage(ghost, -12, -8);
                setTimeout(() => ghost.remove());
            }}
            onDragEnd={() => chosen.value.size === 1 && (chosen.value = new Set())}
            onClick={(event) => (event.metaKey || event.ctrlKey ? (choose(email.id), (cursor.value = row)) : event.shiftKey ? range(row) : openRow(row))}
        >
            {day && <span class="day" aria-hidden="true">{day}</span>}
            <span class="pick" role="gridcell">
                <Avatar name={name} />
                <input type="checkbox" tabIndex={-1} aria-label={t('selectMessage', { subject: email.subject ?? '' })} checked={chosen.value.has(email.id)} onClick={(event) => event.stopPropagation()} onChange={() => choose(email.id)} />
            </span>
            <span class="who" role="gridcell">
                {unread && <span class="sr">{t('unread')}. </span>}
                <b>{name}</b>
                {count > 1 && <span class="count"><span class="sr">{t('nMessages', { n: count })}</span><span aria-hidden="true">{count}</span></span>}
            </span>
            <span class="marks" role="gridcell">
                {email.keywords.$answered && <Icon name="reply" small label={t('answered')} />}
                {email.hasAttachment && <Icon name="clip" small label={t('hasFiles')} />}
                {email.keywords.$flagged && <span class="star"><Icon name="star" small filled label={t('starred')} /></span>}
                <time dateTime={email.receivedAt}>{shortTime(new Date(email.receivedAt))}</time>
            </span>
            <span class="text" role="gridcell">
                <span class="subject">{email.subject || t('noSubject')}</span>
                <span class="preview">
                    {place.value === 'search' && <span class="chip">{Object.keys(email.mailboxIds).map(folderName)[0]}</span>}
                    {email.preview}
                </span>
            </span>
            <span class="hover" role="gridcell">
                <IconButton small tabIndex={-1} icon="archive" label={t('archiveAct')} onClick={act((ids) => moveToRole(ids, 'archive', 'archivedN'))} />
                <IconButton small tabIndex={-1} icon="star" label={t(email.keywords.$flagged ? 'unstar' : 'star')} onClick={(event) => (event.stopPropagation(), void setKeyword([email.id], '$flagged', !email.keywords.$flagged))} />
                <IconButton small tabIndex={-1} icon="mail" label={t(unread ? 'markRead' : 'markUnread')} onClick={(event) => (event.stopPropagation(), void setKeyword(whole([email.id], place.value), '$seen', unread))} />
                <IconButton small tabIndex={-1} icon="trash" label={t('delete')} onClick={act(remove)} />
            </span>
        </div>
    );
}

export function range(to: number): void {
    const ids = list.peek()?.ids.peek() ?? [];
    const [low, high] = [Math.min(cursor.value, to), Math.max(cursor.value, to)];
    chosen.value = new Set([...chosen.value, ...ids.slice(low, high + 1).filter((id): id is Id => !!id)]);
    cursor.value = to;
}

function Rows() {
    rev.value;
    const shown = list.value!;
    const total = Math.max(0, shown.total.value);
    const ids = shown.ids.value;
    const height = layout.value === 'list' && innerWidth > 1000 ? 44 : 76;
    const head = 30;
    const scroller = useRef<HTMLDivElement>(null);
    const [top, setTop] = useState(0);
    const [view, setView] = useState(800);
    // A heading opens each new day among the rows that are loaded; rows not loaded yet have none, so places stay put.
    const heads: number[] = [];
    let last = '';
    const wide = height === 44;
    if (!wide) for (let row = 0; row < Math.min(total, 400); row++) {
        const email = ids[row] ? emails.get(ids[row]!) : undefined;
        const day = email ? dayName(email) : last;
        if (day !== last) heads.push(row);
        last = day;
    }
    const offset = (row: number) => row * height + heads.filter((one) => one < row).length * head;
    const first = Math.max(0, Math.floor(top / height) - overscan - heads.length);
    const end = Math.min(total, Math.ceil((top + view) / height) + overscan);
    useLayoutEffect(() => {
        const watch = new ResizeObserver(([entry]) => setView(entry!.contentRect.height));
        watch.observe(scroller.current!);
        return () => watch.disconnect();
    }, []);
    useEffect(() => {
        seeRow(first);
        shown.want(first, end);
    }, [first, end, shown, total]);
    useLayoutEffect(() => {
        const box = scroller.current!;
        const y = offset(cursor.value);
        if (y < box.scrollTop) box.scrollTop = y;
        else if (y + height + head > box.scrollTop + box.clientHeight) box.scrollTop = y + height + head - box.clientHeight;
        if (box.contains(document.activeElement)) box.querySelector<HTMLElement>(`[data-row="${cursor.value}"]`)?.focus({ preventScroll: true });
    }, [cursor.value]);
    return (
        <div class="list" ref={scroller} onScroll={() => setTop(scroller.current!.scrollTop)}>
            <div role="grid" aria-label={t('messages')} aria-rowcount={total} aria-multiselectable="true" class="rows" style={{ height: total * height + heads.length * head + 'px' }}>
                {Array.from({ length: Math.max(0, end - first) }, (_, index) => {
                    const row = first + index;
                    const opens = heads.includes(row);
                    const email = ids[row] ? emails.get(ids[row]!) : undefined;
                    return <Row key={ids[row] ?? row} id={ids[row]} row={row} top={offset(row)} height={height + (opens ? head : 0)} day={opens && email ? dayName(email) : ''} />;
                })}
            </div>
        </div>
    );
}

export function MessageList() {
    const shown = list.value;
    const total = shown?.total.value ?? -1;
    const box = byId(place.value);
    const title = place.value === 'search' ? t('searchFor', { text: searched.value }) : place.value === 'starred' ? t('starred') : folderName(place.value);
    const sub = place.value === 'search' ? (total < 0 ? t('searching') : t('nResults', { n: total })) : box?.unreadEmails ? t('nUnread', { n: box.unreadEmails }) : total > 0 ? t('nMessages', { n: total }) : '';
    return (
        <section class="panel mid" aria-label={title}>
            <div class="list-head">
                <h1>{title}</h1>
                <span class="sub num" role="status">{sub}</span>
                <Segments label={t('show')} value={filter.value} choices={[['all', t('all')], ['unread', t('unread')], ['files', t('files')]]} onChange={(value) => (filter.value = value)} />
            </div>
            {chosen.value.size > 0 && (
                <div class="chosen" role="toolbar" aria-label={t('nChosen', { n: chosen.value.size })}>
                    <b>{t('nChosen', { n: chosen.value.size })}</b>
                    <button class="btn sm ghost" onClick={() => (chosen.value = new Set())}>{t('none')}</button>
                </div>
            )}
            {!shown || total < 0 ? (
                <div class="empty" role="status">{shown?.failed.value ? t('listFailed') : t('loading')}</div>
            ) : total === 0 ? (
                <div class="empty"><Icon name={place.value === 'search' ? 'search' : 'inbox'} /><p>{place.value === 'search' ? t('nothingFound') : box?.role === 'inbox' ? t('inboxEmpty') : t('folderEmpty')}</p></div>
            ) : (
                <Rows key={JSON.stringify(shown.query)} />
            )}
        </section>
    );
}
