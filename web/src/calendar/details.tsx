// The card beside a chosen event: when, where, who, their free time, and what may be done with it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { calendarOf, mine, occurrences, type Occurrence } from '../jmap/calendar';
import { clock, formatDate, t, type Key } from '../i18n';
import { Icon } from '../ui/icons';
import { IconButton } from '../ui/parts';
import { answer, busyTimes, getBase, type Busy } from './acts';
import { hueOf, timesOf, titleOf } from './event';
import { linkify } from '../mail/clean';
import { askRemove } from './scope';
import { addDays, daysBetween, sameDay, startOfDay } from './times';
import { chosen, editing } from './view';

const statusNames: Record<string, Key> = { accepted: 'calAccepted', tentative: 'calMaybe', declined: 'calDeclined', 'needs-action': 'calOpen' };
const firstHour = 8;
const lastHour = 18;

/** Bars of the working day for each guest, with this event's time framed. */
export function FreeBusy({ people, start, end }: { people: { name: string; email: string }[]; start: Date; end: Date }) {
    const [busy, setBusy] = useState<Record<string, Busy[] | null>>({});
    const day = startOfDay(start);
    useEffect(() => {
        let ended = false;
        for (const one of people)
            void busyTimes(one.email, day, addDays(day, 1)).then((times) => !ended && setBusy((before) => ({ ...before, [one.email]: times })));
        return () => void (ended = true);
    }, [day.getTime(), people.map((one) => one.email).join()]);
    const share = (date: Date) => Math.min(1, Math.max(0, ((date.getTime() - day.getTime()) / 3_600_000 - firstHour) / (lastHour - firstHour)));
    const bar = (from: Date, to: Date) => ({ insetInlineStart: `${share(from) * 100}%`, width: `${(share(to) - share(from)) * 100}%` });
    return (
        <div class="fb">
            {people.slice(0, 8).map((one) => {
                const times = busy[one.email];
                const clash = times?.some((time) => time.from < end && time.to > start);
                const said = times === undefined ? '' : times === null ? t('calUnknown') : clash ? t('calIsBusy') : t('calIsFree');
                return (
                    <>
                        <span>{one.name}</span>
                        <span class={'bar' + (times === null ? ' unknown' : '')} role="img" aria-label={said} title={said}>
                            {times?.map((time) => <i key={time.from.getTime()} class={time.from < end && time.to > start ? 'clash' : ''} style={bar(time.from, time.to)} />)}
                            <u style={bar(start, end)} />
                        </span>
                    </>
                );
            })}
        </div>
    );
}

function whenText(event: Occurrence): string {
    const day = formatDate(event.start, { weekday: 'long', day: 'numeric', month: 'long' });
    if (!event.allDay) return sameDay(event.start, event.end) ? `${day}, ${timesOf(event)}` : `${day}, ${clock(event.start)} – ${formatDate(event.end, { day: 'numeric', month: 'long' })}, ${clock(event.end)}`;
    const last = addDays(event.end, -1);
    return daysBetween(event.start, last) > 0 ? `${day} – ${formatDate(last, { weekday: 'long', day: 'numeric', month: 'long' })}` : day;
}

async function edit(event: Occurrence): Promise<void> {
    const base = await getBase(event);
    const alert = Object.values((base.alerts ?? {}) as Record<string, { trigger?: { offset?: string } }>)[0]?.trigger?.offset;
    const minutes = alert === undefined ? null : Number(/(\d+)M/.exec(alert)?.[1] ?? 0) + 60 * Number(/(\d+)H/.exec(alert)?.[1] ?? 0) + 1440 * Number(/(\d+)D/.exec(alert)?.[1] ?? 0);
    chosen.value = null;
    editing.value = {
        event,
        draft: {
            accountId: event.accountId,
            calendarId: event.calendarId,
            title: event.title,
            start: event.start,
            end: event.end,
            allDay: event.allDay,
            place: event.place,
            description: event.description,
            guests: event.participants.filter((one) => !one.owner).map((one) => ({ name: one.name, email: one.email, key: one.key, status: one.status })),
            rule: (base.recurrenceRule as Record<string, unknown> | undefined) ?? null,
            alert: minutes,
            free: event.free,
        },
    };
}

export function Details() {
    const open = chosen.value;
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => {
        if (!open) return;
        const before = document.activeElement as HTMLElement | null;
        box.current?.querySelector<HTMLElement>('button')?.focus();
        const away = (down: PointerEvent) => box.current?.contains(down.target as Node) || (chosen.value = null);
        const key = (pressed: KeyboardEvent) => pressed.key === 'Escape' && (pressed.stopPropagation(), (chosen.value = null), before?.focus());
        const timer = setTimeout(() => window.addEventListener('pointerdown', away));
        window.addEventListener('keydown', key, true);
        return () => (clearTimeout(timer), window.removeEventListener('pointerdown', away), window.removeEventListener('keydown', key, true));
    }, [open?.event.key]);
    if (!open) return null;
    const event = occurrences.value.find((one) => one.key === open.event.key) ?? open.event;
    const width = 340;
    const beside = open.at.right + width + 12 < innerWidth ? open.at.right + 8 : Math.max(8, open.at.left - width - 8);
    const top = Math.max(8, Math.min(open.at.top, innerHeight - 420));
    const calendar = calendarOf(event);
    const me = mine(event);
    const organizer = event.participants.find((one) => one.owner);
    const others = event.participants.filter((one) => one !== me);
    return (
        <div class="pop" ref={box} role="dialog" aria-label={titleOf(event)} style={innerWidth > 760 ? { left: `${beside}px`, top: `${top}px`, width: `${width}px` } : undefined}>
            <header>
                <i class={`sw e${hueOf(event)}`} />
                <h2>{titleOf(event)}</h2>
                {calendar?.mayWrite && event.isOrigin && <IconButton icon="pen" label={t('calEdit')} onClick={() => void edit(event)} />}
                {calendar?.mayWrite && <IconButton icon="trash" label={t('calRemove')} onClick={() => ((chosen.value = null), askRemove(event))} />}
                <IconButton icon="close" label={t('close')} onClick={() => (chosen.value = null)} />
            </header>
            <dl>
                <dt><Icon name="clock" small /></dt>
                <dd>{whenText(event)}{event.tentative ? ` · ${t('calTentative')}` : ''}</dd>
                {(event.place || event.link) && (
                    <>
                        <dt><Icon name="pin" small /></dt>
                        <dd>
                            {event.place} {/^https?:/.test(event.link) && <a href={event.link} target="_blank" rel="noopener noreferrer">{t('calJoin')}</a>}
                        </dd>
                    </>
                )}
                <dt><Icon name="calendar" small /></dt>
                <dd>{calendar ? (calendar.owner ? `${calendar.name} · ${calendar.owner}` : calendar.name) : ''}</dd>
                {organizer && organizer !== me && (
                    <>
                        <dt><Icon name="user" small /></dt>
                        <dd>{t('calBy', { name: organizer.name })}</dd>
                    </>
                )}
            </dl>
            {event.description && <p class="text" ref={(element) => element?.replaceChildren(linkify(event.description))} />}
            {others.length > 0 && (
                <ul class="guests">
                    {others.map((one) => (
                        <li key={one.key}>
                            <span>{one.name}</span>
                            <small class={one.status}>{t(statusNames[one.status] ?? 'calOpen')}</small>
                        </li>
                    ))}
                </ul>
            )}
            {others.length > 0 && !event.allDay && <FreeBusy people={others} start={event.start} end={event.end} />}
            {me && !event.isOrigin && (
                <div class="rsvp">
                    <span>{t('calGoing')}</span>
                    {(['accepted', 'tentative', 'declined'] as const).map((status) => (
                        <button type="button" key={status} class={'btn sm ' + (me.status === status ? 'soft' : 'sec')} aria-pressed={me.status === status} onClick={() => void answer(event, status)}>
                            {t(status === 'accepted' ? 'calYes' : status === 'tentative' ? 'calMaybe' : 'calNo')}
                        </button>
                    ))}
                </div>
            )}
        </div>
    );
}
