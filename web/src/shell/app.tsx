// The frame of every screen: the rail, the search, what is in step, and the screen that the address names.
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FunctionComponent } from 'preact';
import { account, online } from '../jmap/client';
import { byRole, follow, loadIdentities, loadMailboxes } from '../jmap/mail';
import { live, onChange } from '../jmap/push';
import { person, signOut, stage } from '../jmap/sign';
import { t, type Key } from '../i18n';
import { bind, isMac } from '../keys';
import { MailScreen } from '../mail/screen';
import { ComposeWindows } from '../compose/windows';
import { compose } from '../compose/state';
import { theme } from '../prefs';
import { follow as followLink, go, path, segments } from '../router';
import { undoLast } from '../undo';
import { Icon, Logo, type IconName } from '../ui/icons';
import { Avatar, Menu, Toasts } from '../ui/parts';
import { Help, Palette, sheet } from './palette';
import { SignIn } from './signin';
import { parseMailto } from '../compose/mailto';

const apps: { name: string; icon: IconName; label: Key }[] = [
    { name: 'mail', icon: 'mail', label: 'mail' },
    { name: 'calendar', icon: 'calendar', label: 'calendar' },
    { name: 'people', icon: 'people', label: 'contacts' },
    { name: 'todo', icon: 'todo', label: 'todo' },
    { name: 'notes', icon: 'note', label: 'notes' },
];
const loaders: Record<string, () => Promise<{ default: FunctionComponent }>> = {
    options: () => import('../options/screen'),
    calendar: () => import('../calendar/screen'),
    people: () => import('../people/screen'),
    todo: () => import('../todo/screen'),
    notes: () => import('../notes/screen'),
};
export const drawerOpen = signal(false);

function Screen() {
    const name = segments.value[0] ?? 'mail';
    const [loaded, setLoaded] = useState<Record<string, FunctionComponent>>({});
    useEffect(() => {
        if (loaders[name] && !loaded[name]) void loaders[name]!().then((found) => setLoaded((all) => ({ ...all, [name]: found.default })));
    }, [name]);
    if (!loaders[name]) return <MailScreen />;
    const Found = loaded[name];
    return Found ? <Found /> : <div class="body"><div class="panel empty" role="status">{t('loading')}</div></div>;
}

function Rail() {
    const current = loaders[segments.value[0] ?? ''] ? segments.value[0] : 'mail';
    const unread = byRole('inbox')?.unreadEmails ?? 0;
    useEffect(() => void (document.title = (unread ? `(${unread}) ` : '') + t((apps.find((one) => one.name === current)?.label ?? 'options') as Key) + ' – Lockstep'), [unread, current]);
    return (
        <nav class="rail" aria-label={t('apps')}>
            <Logo />
            {apps.map((one) => (
                <a key={one.name} href={'/' + one.name} aria-current={one.name === current ? 'page' : undefined} title={t(one.label)}>
                    <Icon name={one.icon} /><span class="lbl">{t(one.label)}</span>
                    {one.name === 'mail' && unread > 0 && <><span class="sr">, {t('nUnread', { n: unread })}</span><span class="badge" aria-hidden="true">{unread > 999 ? '999+' : unread}</span></>}
                </a>
            ))}
            <span class="grow" />
            <a class="hide-m" href="/options/sync" title={t('options')} aria-label={t('options')} aria-current={current === 'options' ? 'page' : undefined}><Icon name="options" /></a>
            <span class="hide-m account"><AccountMenu /></span>
        </nav>
    );
}

function AccountMenu() {
    const who = person.value;
    return (
        <Menu class="account-button" label={t('accountOf', { name: who?.name ?? '' })} items={[
            { label: t('synchronization'), icon: 'sync', run: () => go('/options/sync') },
            { label: t('options'), icon: 'options', run: () => go('/options/appearance') },
            { label: t('themeNext', { name: t(theme.value === 'auto' ? 'themeAuto' : theme.value === 'light' ? 'themeLight' : 'themeDark') }), icon: 'hidden', run: () => (theme.value = theme.value === 'auto' ? 'light' : theme.value === 'light' ? 'dark' : 'auto') },
            { label: t('keys'), icon: 'key', run: () => (sheet.value = 'help') },
            'line',
            { label: t('signOut'), icon: 'out', run: () => void signOut() },
        ]}><Avatar name={who?.name || who?.user || '?'} /><span class="sr">{t('accountOf', { name: who?.name ?? '' })}</span></Menu>
    );
}

function Top() {
    const input = useRef<HTMLInputElement>(null);
    const asked = new URLSearchParams(path.value.split('?')[1] ?? '').get('q') ?? '';
    const [text, setText] = useState(asked);
    useEffect(() => setText(asked), [asked]);
    useEffect(() => bind([{ keys: ['/'], label: 'search', group: 'anywhere', run: () => input.current?.focus() }]), []);
    const run = () => go(text.trim() ? '/mail/search?q=' + encodeURIComponent(text.trim()) : '/mail');
    return (
        <header class="top">
            <button class="ib only-narrow" aria-label={t('menu')} aria-expanded={drawerOpen.value} onClick={() => (drawerOpen.value = !drawerOpen.value)}><Icon name="menu" /></button>
            <form class="search" role="search" onSubmit={(event) => (event.preventDefault(), run())}>
                <Icon name="search" small />
                <input ref={input} type="search" value={text} placeholder={t('searchHint')} aria-label={t('search')} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={(event) => event.key === 'Escape' && (setText(''), asked && go('/mail'), input.current?.blur())} />
                <span class="kbd" aria-hidden="true">/</span>
            </form>
            <span class="sp hide-m" />
            <span class="sync hide-m" role="status"><span class={'dot' + (live.value && online.value ? '' : ' off')} />{t(!online.value ? 'offline' : live.value ? 'inStep' : 'connecting')}</span>
            <button class="kbd hide-m" onClick={() => (sheet.value = 'palette')}>{isMac ? '⌘ K' : 'Ctrl K'}  {t('commands')}</button>
            <span class="only-phone"><AccountMenu /></span>
        </header>
    );
}

function places() {
    const to = (keys: string, label: Key, where: () => string) => ({ keys: [keys], label, group: 'anywhere' as const, run: () => go(where()) });
    const box = (role: string) => () => '/mail/' + (byRole(role)?.id ?? '');
    return bind([
        { keys: ['Mod+K'], label: 'commands', group: 'anywhere', always: true, run: () => (sheet.value = sheet.peek() ? null : 'palette') },
        { keys: ['?'], label: 'keys', group: 'anywhere', run: () => (sheet.value = 'help') },
        { keys: ['z', 'Mod+Z'], label: 'undo', group: 'anywhere', run: () => void undoLast() },
        to('g i', 'inbox', box('inbox')), to('g s', 'starred', () => '/mail/starred'), to('g d', 'drafts', box('drafts')), to('g t', 'sent', box('sent')), to('g a', 'archive', box('archive')), to('g x', 'detained', box('detained')),
        to('g ,', 'options', () => '/options/sync'),
        to('g c', 'calendar', () => '/calendar'), to('g p', 'contacts', () => '/people'), to('g o', 'todo', () => '/todo'), to('g n', 'notes', () => '/notes'),
    ]);
}

function Inside() {
    useEffect(() => {
        void loadMailboxes();
        void loadIdentities();
        const query = new URLSearchParams(location.search);
        if (query.has('compose')) compose({});
        if (query.has('mailto')) compose(parseMailto(query.get('mailto')!));
        const unbind = places();
        const end = onChange((id, states) => void (id === account() && follow(states)));
        return () => (unbind(), end());
    }, []);
    useEffect(() => void (drawerOpen.value = false), [path.value]);
    return (
        <div class={'app' + (drawerOpen.value ? ' drawer' : '')} onClick={followLink}>
            <Rail />
            <div class="frame"><Top /><Screen /></div>
            {drawerOpen.value && <div class="veil" onClick={() => (drawerOpen.value = false)} />}
            <ComposeWindows />
            <Toasts />
            {sheet.value === 'palette' && <Palette />}
            {sheet.value === 'help' && <Help />}
        </div>
    );
}

export function App() {
    if (stage.value === 'in') return <Inside />;
    if (stage.value === 'out') return <SignIn />;
    return <main class="sign"><div class="sign-card"><Logo size={52} /><p>{t(stage.value === 'unreachable' ? 'unreachable' : 'loading')}</p>{stage.value === 'unreachable' && <button class="btn pri" onClick={() => location.reload()}>{t('tryAgain')}</button>}</div></main>;
}
