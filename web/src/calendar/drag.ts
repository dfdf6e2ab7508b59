// Dragging in the time grid: an event is moved or made longer, or an empty stretch is drawn for a new one. A press that
// does not move is a click. Everything snaps to a quarter of an hour; Escape gives up.
import { signal } from '@preact/signals';
import type { Occurrence } from '../jmap/calendar';
import { addDays, dayMinutes } from './times';

export const snap = 15;

export interface Drag {
    kind: 'move' | 'resize' | 'draw';
    event: Occurrence | null;
    start: Date;
    end: Date;
}
/** What is being dragged, as it would be when it is let go now. */
export const drag = signal<Drag | null>(null);

/** Where in the grid a pointer is. */
export interface Spot {
    day: number;
    minutes: number;
}

export function spotOf(grid: HTMLElement, days: number, x: number, y: number): Spot {
    const box = grid.getBoundingClientRect();
    const across = document.documentElement.dir === 'rtl' ? box.right - x : x - box.left;
    return {
        day: Math.min(days - 1, Math.max(0, Math.floor((across / box.width) * days))),
        minutes: Math.min(dayMinutes, Math.max(0, ((y - box.top) / box.height) * dayMinutes)),
    };
}

const snapped = (minutes: number): number => Math.round(minutes / snap) * snap;

export function at(first: Date, spot: Spot): Date {
    const day = addDays(first, spot.day);
    return new Date(day.getFullYear(), day.getMonth(), day.getDate(), 0, snapped(spot.minutes));
}

function later(date: Date, days: number, minutes: number): Date {
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, date.getHours(), date.getMinutes() + minutes);
}

/** Follows the pointer until it is let go; `drop` hears the end of a real drag, `click` of one that went nowhere. */
export function follow(down: PointerEvent, grid: HTMLElement, first: Date, days: number, begin: Omit<Drag, 'start' | 'end'>, drop: (result: Drag) => void, click: () => void): void {
    if (down.button !== 0) return;
    const from = spotOf(grid, days, down.clientX, down.clientY);
    const event = begin.event;
    let moved = false;
    const result = (to: Spot): Drag => {
        const dayShift = to.day - from.day;
        const shift = snapped(to.minutes - from.minutes);
        if (begin.kind === 'move' && event) return { ...begin, start: later(event.start, dayShift, shift), end: later(event.end, dayShift, shift) };
        if (begin.kind === 'resize' && event) {
            const end = later(event.end, 0, shift);
            return { ...begin, start: event.start, end: end.getTime() - event.start.getTime() < snap * 60_000 ? later(event.start, 0, snap) : end };
        }
        const a = at(first, { ...from, minutes: Math.floor(from.minutes / snap) * snap });
        const b = at(first, { day: from.day, minutes: to.minutes });
        return { ...begin, start: a < b ? a : b, end: a < b ? b : a };
    };
    const move = (pointer: PointerEvent) => {
        if (!moved && Math.hypot(pointer.clientX - down.clientX, pointer.clientY - down.clientY) < 5) return;
        moved = true;
        drag.value = result(spotOf(grid, days, pointer.clientX, pointer.clientY));
    };
    const stop = () => {
        window.removeEventListener('pointermove', move);
        window.removeEventListener('pointerup', up);
        window.removeEventListener('pointercancel', stop);
        window.removeEventListener('keydown', key, true);
        drag.value = null;
    };
    const up = () => {
        const last = drag.peek();
        stop();
        if (moved && last && last.end > last.start) drop(last);
        else if (!moved) click();
    };
    const key = (pressed: KeyboardEvent) => {
        if (pressed.key !== 'Escape') return;
        pressed.stopPropagation();
        moved = true;
        stop();
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', stop);
    window.addEventListener('keydown', key, true);
}
