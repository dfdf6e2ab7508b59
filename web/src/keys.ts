// The key map: one table feeds the keyboard, the help page, the palette and the tooltips.
import { signal } from '@preact/signals';
import { keysOn } from './prefs';
import type { Key } from './i18n';

export interface Command {
    /** Keys as typed, sequences with a space: "g i", "Shift+U", "Mod+K" (Ctrl, or Cmd on a Mac). */
    keys: string[];
    label: Key;
    group: 'anywhere' | 'list' | 'message' | 'compose' | 'calendar';
    run(): void;
    /** Works while a text field has the focus, and with single keys switched off. */
    always?: boolean;
}

export const commands = signal<Command[]>([]);
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Adds commands of a screen; returns what takes them away again. */
export function bind(added: Command[]): () => void {
    commands.value = [...commands.peek(), ...added];
    return () => (commands.value = commands.peek().filter((command) => !added.includes(command)));
}

/** The name of a pressed key as the table writes it. */
export function pressed(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
    const mod = isMac ? event.metaKey : event.ctrlKey;
    const single = event.key.length === 1;
    const shown = single && (mod || event.altKey || (event.shiftKey && event.key.toLowerCase() !== event.key.toUpperCase())) ? event.key.toUpperCase() : event.key;
    const withShift = event.shiftKey && (!single || shown !== event.key || shown.toLowerCase() !== shown);
    return (mod ? 'Mod+' : '') + (event.altKey ? 'Alt+' : '') + (withShift ? 'Shift+' : '') + shown;
}

let begun = '';
let begunAt = 0;

function typing(target: EventTarget | null): boolean {
    const element = target as HTMLElement | null;
    return !!element?.closest?.('input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable=true]');
}

/** Handles a key press of the window; the newest command of a key wins. */
export function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const name = pressed(event);
    const sequence = begun && Date.now() - begunAt < 1500 ? begun + ' ' + name : name;
    begun = '';
    const inText = typing(event.target);
    const inDialog = !!(event.target as Element).closest?.('dialog, [role=menu]');
    const usable = [...commands.peek()].reverse().filter((one) => one.always || (keysOn.value && !inText && !inDialog));
    const found = usable.find((one) => one.keys.includes(sequence)) ?? usable.find((one) => one.keys.includes(name));
    if (found) {
        event.preventDefault();
        found.run();
    } else if (usable.some((one) => one.keys.some((keys) => keys.startsWith(sequence + ' ')))) {
        begun = sequence;
        begunAt = Date.now();
    }
}

export function showKeys(keys: string): string {
    return keys.replace('Mod+', isMac ? '⌘ ' : 'Ctrl ').replace('Shift+', '⇧ ').replace('Alt+', isMac ? '⌥ ' : 'Alt ');
}
