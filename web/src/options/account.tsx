// Password and sign-in: the password, where one is signed in, and the passwords of programs and phones.
import { useEffect, useState } from 'preact/hooks';
import { account, call } from '../jmap/client';
import { formatDate, t } from '../i18n';
import { complain, say } from '../undo';
import { get, set } from './own';

interface Browser {
    id: string;
    created: string;
    lastSeen: string;
    userAgent: string;
    isCurrent: boolean;
}
interface AppPassword {
    id: string;
    name: string;
}

export function SignInPage() {
    const [browsers, setBrowsers] = useState<Browser[]>([]);
    const [programs, setPrograms] = useState<AppPassword[]>([]);
    const [current, setCurrent] = useState('');
    const [wanted, setWanted] = useState('');
    const load = () => {
        void get<Browser>('WebSession').then(setBrowsers, () => setBrowsers([]));
        void get<AppPassword>('AppPassword').then(setPrograms, () => setPrograms([]));
    };
    useEffect(load, []);
    const change = async (event: Event) => {
        event.preventDefault();
        try {
            await call('Password/set', { accountId: account(), current, new: wanted });
            setCurrent('');
            setWanted('');
            say(t('saved'));
        } catch (error) {
            complain(t('actFailed', { why: (error as Error).message }));
        }
        load();
    };
    const name = (agent: string) => [/Edg|OPR|Firefox|Chrome|Safari/.exec(agent)?.[0] ?? agent.split(' ')[0], /Windows|Mac OS|iPhone|iPad|Android|Linux/.exec(agent)?.[0]].filter(Boolean).join(', ');
    return (
        <>
            <div class="page-head"><h1>{t('signInTitle')}</h1></div>
            <form class="card form" onSubmit={(event) => void change(event)}>
                <label>{t('currentPassword')}<input class="field" type="password" autocomplete="current-password" required value={current} onInput={(event) => setCurrent(event.currentTarget.value)} /></label>
                <label>{t('newPassword')}<input class="field" type="password" autocomplete="new-password" required minLength={8} value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} /></label>
                <div class="row-end"><button class="btn pri">{t('save')}</button></div>
            </form>
            <section class="card"><h2>{t('sessionsTitle')}</h2>
                <ul>{browsers.map((one) => <li class="line" key={one.id}><span>{name(one.userAgent)} {one.isCurrent && <span class="chip">{t('thisOne')}</span>}<small>{formatDate(new Date(one.lastSeen), { dateStyle: 'medium', timeStyle: 'short' })}</small></span>{!one.isCurrent && <button class="btn sec sm" onClick={() => void set('WebSession', { destroy: [one.id] }).then(load)}>{t('revoke')}</button>}</li>)}</ul>
            </section>
            <section class="card"><h2>{t('appPasswords')}</h2>
                {programs.length === 0 && <p class="under">{t('noAppPasswords')}</p>}
                <ul>{programs.map((one) => <li class="line" key={one.id}><span>{one.name}</span><button class="btn dan sm" onClick={() => void set('AppPassword', { destroy: [one.id] }).then(load)}>{t('delete')}</button></li>)}</ul>
            </section>
        </>
    );
}
