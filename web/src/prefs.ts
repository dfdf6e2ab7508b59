// Choices of this browser (theme, layout, keys), kept in its local storage; they hold nothing of the mail.
import { effect, signal, type Signal } from '@preact/signals';

function kept<T>(name: string, first: T): Signal<T> {
    let value = first;
    try {
        const found = localStorage.getItem('lockstep.' + name);
        if (found !== null) value = JSON.parse(found) as T;
    } catch {
        value = first;
    }
    const held = signal(value);
    effect(() => {
        try {
            localStorage.setItem('lockstep.' + name, JSON.stringify(held.value));
        } catch {
            // A browser that keeps nothing still works; the choice lasts as long as the page.
        }
    });
    return held;
}

export const theme = kept<'auto' | 'light' | 'dark'>('theme', 'auto');
export const layout = kept<'right' | 'below' | 'list'>('layout', 'right');
export const keysOn = kept('keys', true);
export const tongue = kept('language', '');
export const sendDelay = kept('sendDelay', 10);
export const conversations = kept('conversations', true);
export const imageSenders = kept<string[]>('imageSenders', []);

const dark = matchMedia('(prefers-color-scheme: dark)');
const systemDark = signal(dark.matches);
dark.addEventListener('change', () => (systemDark.value = dark.matches));
effect(() => {
    document.documentElement.dataset.theme = theme.value === 'auto' ? (systemDark.value ? 'dark' : 'light') : theme.value;
});
export const isDark = (): boolean => (theme.value === 'auto' ? systemDark.value : theme.value === 'dark');
