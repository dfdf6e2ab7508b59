// The options: a column of pages, the page that the address names, and the question for the password.
import { useState } from 'preact/hooks';
import { t, type Key } from '../i18n';
import { segments } from '../router';
import { Icon, type IconName } from '../ui/icons';
import { Dialog } from '../ui/parts';
import { Appearance, Away, Identities } from './pages';
import { SignInPage } from './account';
import { asking, offers } from './own';
import { Sync } from './sync';

interface Page {
    name: string;
    label: Key;
    icon: IconName;
    group: Key;
    show(): boolean;
    view: preact.FunctionComponent;
}
const always = () => true;
const pages: Page[] = [
    { name: 'appearance', label: 'appearance', icon: 'user', group: 'optionsYou', show: always, view: Appearance },
    { name: 'signin', label: 'signInTitle', icon: 'lock', group: 'optionsYou', show: () => offers('signin'), view: SignInPage },
    { name: 'identities', label: 'identitiesTitle', icon: 'pen', group: 'mail', show: always, view: Identities },
    { name: 'away', label: 'awayReply', icon: 'send', group: 'mail', show: always, view: Away },
    { name: 'sync', label: 'synchronization', icon: 'sync', group: 'optionsDevices', show: always, view: Sync },
];

function Confirm() {
    const [password, setPassword] = useState('');
    return (
        <Dialog title={t('confirmTitle')} onClose={() => asking.value?.(null)}>
            <form class="form" onSubmit={(event) => (event.preventDefault(), asking.value?.(password))}>
                <label>{t('password')}<input class="field" type="password" autocomplete="current-password" autoFocus required value={password} onInput={(event) => setPassword(event.currentTarget.value)} /></label>
                <div class="row-end"><button type="button" class="btn sec" onClick={() => asking.value?.(null)}>{t('cancel')}</button><button class="btn pri">{t('next')}</button></div>
            </form>
        </Dialog>
    );
}

export default function OptionsScreen() {
    const shown = pages.filter((page) => page.show());
    const current = shown.find((page) => page.name === segments.value[1]) ?? shown.find((page) => page.name === 'sync')!;
    const groups = [...new Set(shown.map((page) => page.group))];
    return (
        <div class="body options">
            <nav class="side" aria-label={t('options')}>
                {groups.map((group) => <div key={group}><div class="nav-head"><h2>{t(group)}</h2></div><ul>{shown.filter((page) => page.group === group).map((page) => <li key={page.name}><a class="nav" href={'/options/' + page.name} aria-current={page === current ? 'page' : undefined}><Icon name={page.icon} small /><span class="name">{t(page.label)}</span></a></li>)}</ul></div>)}
            </nav>
            <main class="panel page" tabIndex={0}><div class="wrap"><current.view /></div></main>
            {asking.value && <Confirm />}
        </div>
    );
}
