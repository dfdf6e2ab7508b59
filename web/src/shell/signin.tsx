// The sign-in page: address and password, the second factor only when it is asked for.
import { useEffect, useRef, useState } from 'preact/hooks';
import { t, type Key } from '../i18n';
import { signIn } from '../jmap/sign';
import { Logo } from '../ui/icons';

const reasons: Record<string, Key> = { wrong: 'signWrong', codeWrong: 'signCodeWrong', off: 'signOff', unreachable: 'unreachable', badRequest: 'signWrong' };

export function SignIn() {
    const [user, setUser] = useState('');
    const [password, setPassword] = useState('');
    const [code, setCode] = useState('');
    const [shared, setShared] = useState(false);
    const [asks, setAsks] = useState(false);
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState('');
    const first = useRef<HTMLInputElement>(null);
    useEffect(() => first.current?.focus(), [asks]);
    const submit = async (event: Event) => {
        event.preventDefault();
        setBusy(true);
        setError('');
        const refused = await signIn(user.trim(), password, code.trim(), !shared).catch(() => ({ error: 'unreachable', retryAfter: 0 }));
        setBusy(false);
        if (!refused) return;
        if (refused.error === 'codeNeeded') return setAsks(true);
        setError(refused.error === 'tooMany' ? t('signTooMany', { n: refused.retryAfter ?? 60 }) : t(reasons[refused.error] ?? 'unreachable'));
    };
    return (
        <main class="sign">
            <form class="sign-card" onSubmit={submit} aria-label={t('signIn')}>
                <Logo size={52} />
                <h1>{t('signIn')}</h1>
                {asks ? (
                    <label>{t('code')}<input ref={first} class="field" name="code" inputMode="numeric" autocomplete="one-time-code" maxLength={10} value={code} onInput={(event) => setCode(event.currentTarget.value)} required /></label>
                ) : (
                    <>
                        <label>{t('address')}<input ref={first} class="field" type="email" name="username" autocomplete="username" value={user} onInput={(event) => setUser(event.currentTarget.value)} required /></label>
                        <label>{t('password')}<input class="field" type="password" name="password" autocomplete="current-password" value={password} onInput={(event) => setPassword(event.currentTarget.value)} required /></label>
                        <label class="check"><input type="checkbox" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />{t('sharedComputer')}</label>
                    </>
                )}
                <p class="sign-error" role="alert">{error}</p>
                <button class="btn pri big" disabled={busy}>{busy ? t('signingIn') : t('signIn')}</button>
            </form>
        </main>
    );
}
