// What was done and how it is taken back: one stack for every reversible act, and the toasts that offer it.
import { signal } from '@preact/signals';

export interface Toast {
    id: number;
    text: string;
    action?: { label: string; run(): void };
    second?: { label: string; run(): void };
    /** When set, a ring counts down to this time (milliseconds since 1970). */
    until?: number;
    bad?: boolean;
}

const held = 50;
export const toasts = signal<Toast[]>([]);
const stack: { text: string; undo(): Promise<void> | void }[] = [];
let count = 0;

export function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Says something for a while (milliseconds); the newest message replaces the ones that can no longer matter. */
export function say(text: string, more: Partial<Toast> = {}, lasts = 6000): number {
    const id = ++count;
    toasts.value = [...toasts.value.filter((toast) => toast.until), { id, text, ...more }].slice(-3);
    setTimeout(() => dismiss(id), more.until ? more.until - Date.now() : lasts);
    return id;
}

export function complain(text: string): void {
    say(text, { bad: true }, 9000);
}

/** Notes an act that was done, and says so with the offer to take it back. */
export function done(text: string, undoLabel: string, undo: () => Promise<void> | void): void {
    stack.push({ text, undo });
    if (stack.length > held) stack.shift();
    const id = say(text, {
        action: {
            label: undoLabel,
            run: () => {
                dismiss(id);
                void undoLast();
            },
        },
    });
}

export async function undoLast(): Promise<void> {
    const last = stack.pop();
    if (last) await last.undo();
}
