// The time grid of a day and of a week. Every drag has its equal on the keyboard: on a focused event Alt with the arrows
// moves it, with Shift as well it grows and shrinks.
import { useEffect, useRef } from 'preact/hooks';
import { calendarOf, type Occurrence } from '../jmap/calendar';
import { clock, formatDate, t } from '../i18n';
import { homeCalendar } from './acts';
import { choose, classesOf, Marks, Spoken, timesOf, titleOf } from './event';
import { drag, follow, snap } from './drag';
import { bars, sideBySide } from './pack';
import { askScope } from './scope';
import { addDays, clockText, dayMinutes, daysBetween, sameDay, startOfDay } from './times';
import { cursor, editing, eventsOn, isLong, now, range, setView, view, visible } from './view';

const minutesOf = (date: Date, day: Date): number => (sameDay(date, day) ? date.getHours() * 60 + date.getMinutes() : date < day ? 0 : dayMinutes);
const place = (from: number, to: number) => ({ top: `${(from / dayMinutes) * 100}%`, height: `${((to - from) / dayMinutes) * 100}%` });

export function newEvent(start: Date, end: Date, allDay = false): void {
    editing.value = { event: null, draft: { ...homeCalendar(), title: '', start, end, allDay, place: '', description: '', guests: [], rule: null, alert: allDay ? null : 10, free: false } };
}

function moveByKey(event: Occurrence, pressed: KeyboardEvent): void {
    const up = pressed.key === 'ArrowUp' ? -1 : pressed.key === 'ArrowDown' ? 1 : 0;
    const across = pressed.key === 'ArrowLeft' ? -1 : pressed.key === 'ArrowRight' ? 1 : 0;
    if (!pressed.altKey || (!up && !across) || !calendarOf(event)?.mayWrite) return;
    pressed.preventDefault();
    const shift = (date: Date, minutes: number) => new Date(date.getTime() + minutes * 60_000);
    if (pressed.shiftKey && up) {
        const end = shift(event.end, up * snap);
        if (end > event.start) askScope(event, event.start, end);
    } else if (up) askScope(event, shift(event.start, up * snap), shift(event.end, up * snap));
    else askScope(event, addDays(event.start, across), addDays(event.end, across));
}

function Timed({ event, day, left, width, grid, first, days }: { event: Occurrence; day: Date; left: number; width: number; grid: HTMLElement | null; first: Date; days: number }) {
    const from = minutesOf(event.start, day);
    const to = Math.max(from + 20, minutesOf(event.end, day));
    const mayWrite = !!calendarOf(event)?.mayWrite;
    const press = (kind: 'move' | 'resize') => (down: PointerEvent) => {
        down.stopPropagation();
        const element = (down.currentTarget as Element).closest('.ev')!;
        if (!grid || !mayWrite || down.pointerType === 'touch') return;
        down.preventDefault();
        (element as HTMLElement).focus();
        follow(down, grid, first, days, { kind, event }, (result) => askScope(event, result.start, result.end), () => choose(event, element));
    };
    const short = to - from < 45;
    return (
        <div
            role="button"
            tabIndex={0}
            class={`ev ${classesOf(event)} ${short ? 'short' : ''} ${mayWrite ? '' : 'fixed'}`}
            style={{ ...place(from, to), insetInlineStart: `calc(${left * 100}% + 3px)`, width: `calc(${width * 100}% - 6px)` }}
            onPointerDown={press('move')}
            onClick={(click) => (!mayWrite || (click as unknown as PointerEvent).pointerType === 'touch' || click.detail === 0) && choose(event, click.currentTarget)}
            onKeyDown={(pressed) => (pressed.key === 'Enter' || pressed.key === ' ' ? (pressed.preventDefault(), choose(event, pressed.currentTarget)) : moveByKey(event, pressed))}
        >
            <b>{titleOf(event)}</b>
            <Spoken event={event} times={short} />
            {!short && <span>{event.place ? `${timesOf(event)} · ${event.place}` : timesOf(event)}</span>}
            {to - from > 60 && <Marks event={event} />}
            {mayWrite && <i class="grip" aria-hidden="true" onPointerDown={press('resize')} />}
        </div>
    );
}

function Ghost({ day }: { day: Date }) {
    const now = drag.value;
    if (!now || !(now.start < addDays(day, 1) && now.end > day)) return null;
    const from = minutesOf(now.start, day);
    return (
        <div class="ev drag" style={{ ...place(from, Math.max(from + snap, minutesOf(now.end, day))), insetInlineStart: '3px', width: 'calc(100% - 6px)' }}>
            <b>{now.event ? titleOf(now.event) : t('calNew')}</b>
            <span>{`${formatDate(now.start, { weekday: 'short' })} ${clock(now.start)} – ${clock(now.end)}`}</span>
        </div>
    );
}

function AllDay({ first, days }: { first: Date; days: number }) {
    const spans = visible.value.filter(isLong).map((event) => ({
        event,
        from: daysBetween(first, event.start),
        to: Math.max(daysBetween(first, event.start) + 1, daysBetween(first, event.end) + (event.allDay || event.end.getHours() + event.end.getMinutes() === 0 ? 0 : 1)),
    }));
    return (
        <div class="allday">
            <span>{t('calAllDay')}</span>
            {bars(spans, days).map(({ item, row, first: a, last, before, after }) => (
                <button
                    type="button"
                    key={item.event.key}
                    class={`ad ${classesOf(item.event)} ${before ? 'before' : ''} ${after ? 'after' : ''}`}
                    style={{ gridColumn: `${a + 2} / ${last + 3}`, gridRow: row + 1 }}
                    onClick={(click) => choose(item.event, click.currentTarget)}
                >
                    {titleOf(item.event)}
                    <Spoken event={item.event} />
                </button>
            ))}
        </div>
    );
}

export function Grid() {
    const { from: first, days } = range.value;
    const columns = useRef<HTMLDivElement>(null);
    const scroll = useRef<HTMLDivElement>(null);
    useEffect(() => {
        const box = scroll.current;
        if (box) box.scrollTop = (box.scrollHeight / 24) * 7.5;
    }, []);
    const list = Array.from({ length: days }, (_, index) => addDays(first, index));
    const draw = (down: PointerEvent) => {
        if (!columns.current || down.pointerType === 'touch' || (down.target as Element).closest('.ev')) return;
        down.preventDefault();
        const grid = columns.current;
        const none = { kind: 'draw' as const, event: null };
        follow(down, grid, first, days, none, (result) => newEvent(result.start, result.end), () => {
            const box = grid.getBoundingClientRect();
            const across = document.documentElement.dir === 'rtl' ? box.right - down.clientX : down.clientX - box.left;
            const day = addDays(first, Math.floor((across / box.width) * days));
            const minutes = Math.floor((((down.clientY - box.top) / box.height) * dayMinutes) / 30) * 30;
            const start = new Date(day.getFullYear(), day.getMonth(), day.getDate(), 0, minutes);
            newEvent(start, new Date(start.getTime() + 3_600_000));
        });
    };
    return (
        <div class="cal-grid" style={{ '--days': days }}>
            <div class="days">
                <span />
                {list.map((day) => (
                    <button type="button" key={day.getTime()} class={(sameDay(day, now.value) ? 'today ' : '') + (day.getDay() % 6 === 0 ? 'we' : '')} aria-current={sameDay(day, now.value) ? 'date' : undefined} onClick={() => ((cursor.value = day), setView(view.value === 'day' ? 'week' : 'day'))}>
                        {formatDate(day, { weekday: 'short' })} <b>{day.getDate()}</b>
                        <span class="sr">{formatDate(day, { month: 'long' })}</span>
                    </button>
                ))}
            </div>
            <AllDay first={first} days={days} />
            <div class="scroll" ref={scroll} tabIndex={0} role="region" aria-label={t('calGrid')}>
                <div class="hours" aria-hidden="true">
                    {Array.from({ length: 23 }, (_, hour) => (
                        <i key={hour} style={{ top: `${((hour + 1) / 24) * 100}%` }}>
                            {clockText((hour + 1) * 60)}
                        </i>
                    ))}
                </div>
                <div class="cols" ref={columns} onPointerDown={draw}>
                    {list.map((day) => (
                        <div key={day.getTime()} class={'col' + (day.getDay() % 6 === 0 ? ' off' : '')}>
                            <div class="out" style={place(0, 8 * 60)} />
                            <div class="out" style={place(18 * 60, dayMinutes)} />
                            {sideBySide(
                                eventsOn(day)
                                    .filter((event) => !isLong(event) && (event.end > startOfDay(day) || sameDay(event.start, day)))
                                    .map((event) => ({ event, from: minutesOf(event.start, day), to: Math.max(minutesOf(event.start, day) + 20, minutesOf(event.end, day)) })),
                            ).map(({ item, left, width }) => (
                                <Timed key={item.event.key} event={item.event} day={day} left={left} width={width} grid={columns.current} first={first} days={days} />
                            ))}
                            <Ghost day={day} />
                            {sameDay(day, now.value) && <div class="now" style={{ top: `${((now.value.getHours() * 60 + now.value.getMinutes()) / dayMinutes) * 100}%` }} />}
                        </div>
                    ))}
                </div>
            </div>
        </div>
    );
}
