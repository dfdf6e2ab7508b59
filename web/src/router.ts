// The address bar: which screen is shown is the path, so that every screen can be linked, reloaded and gone back from.
import { computed, signal } from '@preact/signals';

export const path = signal(location.pathname + location.search);
export const segments = computed(() => path.value.split('?')[0]!.split('/').filter(Boolean).map(decodeURIComponent));

export function go(to: string, replace = false): void {
    if (to === path.peek()) return;
    history[replace ? 'replaceState' : 'pushState'](null, '', to);
    path.value = to;
}

window.addEventListener('popstate', () => (path.value = location.pathname + location.search));

/** A click on a link of ours changes the screen without loading a page. */
export function follow(event: MouseEvent): void {
    const link = (event.target as Element).closest?.('a');
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (/^\/(jmap|session|s|\.well-known)(\/|$)/.test(link.pathname)) return;
    event.preventDefault();
    go(link.pathname + link.search);
}
