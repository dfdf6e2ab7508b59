// Pages of the options that need no capability of our own: looks and reading, identities, the away reply.
import { useEffect, useState } from 'preact/hooks';
import { account, call } from '../jmap/client';
import { identities, loadIdentities } from '../jmap/mail';
import type { SetAnswer } from '../jmap/types';
import { languages, speak, t } from '../i18n';
import { conversations, keysOn, layout, sendDelay, theme, tongue } from '../prefs';
import { Segments } from '../ui/parts';
import { complain, say } from '../undo';

export function Appearance() {
    return (
        <>
            <div class="page-head"><h1>{t('appearance')}</h1></div>
            <section class="card">
                <div class="line"><span>{t('theme')}</span><Segments label={t('theme')} value={theme.value} choices={[['auto', t('themeAuto')], ['light', t('themeLight')], ['dark', t('themeDark')]]} onChange={(value) => (theme.value = value)} /></div>
                <label class="line"><span>{t('language')}</span><select value={tongue.value || document.documentElement.lang} onChange={(event) => ((tongue.value = event.currentTarget.value), void speak(tongue.value))}>{Object.entries(languages).map(([tag, one]) => <option key={tag} value={tag}>{one.name}</option>)}</select></label>
                <div class="line"><span>{t('mailLayout')}</span><Segments label={t('mailLayout')} value={layout.value} choices={[['right', t('layoutRight')], ['below', t('layoutBelow')], ['list', t('layoutList')]]} onChange={(value) => (layout.value = value)} /></div>
                <label class="line"><span>{t('undoSend')}</span><select value={sendDelay.value} onChange={(event) => (sendDelay.value = +event.currentTarget.value)}>{[0, 5, 10, 20, 30].map((n) => <option key={n} value={n}>{n ? t('seconds', { n }) : t('off')}</option>)}</select></label>
                <label class="line check"><span>{t('asConversations')}</span><input type="checkbox" role="switch" class="switch" checked={conversations.value} onChange={() => (conversations.value = !conversations.value)} /></label>
                <label class="line check"><span>{t('singleKeys')}</span><input type="checkbox" role="switch" class="switch" checked={keysOn.value} onChange={() => (keysOn.value = !keysOn.value)} /></label>
            </section>
        </>
    );
}

export function Identities() {
    const save = async (id: string, patch: Record<string, string>) => {
        const answer = await call<SetAnswer>('Identity/set', { accountId: account(), update: { [id]: patch } });
        const refused = answer.notUpdated?.[id];
        if (refused) complain(t('actFailed', { why: refused.description ?? refused.type }));
        else say(t('saved'));
        await loadIdentities();
    };
    return (
        <>
            <div class="page-head"><h1>{t('identitiesTitle')}</h1></div>
            {identities.value.map((one) => (
                <section class="card form" key={one.id}>
                    <h2>{one.email}</h2>
                    <label>{t('name')}<input class="field" value={one.name} onChange={(event) => void save(one.id, { name: event.currentTarget.value })} /></label>
                    <label>{t('signature')}<textarea class="field" value={one.textSignature} onChange={(event) => void save(one.id, { textSignature: event.currentTarget.value })} /></label>
                </section>
            ))}
        </>
    );
}

interface Vacation {
    isEnabled: boolean;
    fromDate: string | null;
    toDate: string | null;
    subject: string | null;
    textBody: string | null;
}

export function Away() {
    const [one, setOne] = useState<Vacation | null>(null);
    const load = () => call<{ list: Vacation[] }>('VacationResponse/get', { accountId: account(), ids: ['singleton'] }).then((got) => setOne(got.list[0] ?? null), () => setOne(null));
    useEffect(() => void load(), []);
    if (!one) return <p role="status">{t('loading')}</p>;
    const save = async (event: Event) => {
        event.preventDefault();
        const answer = await call<SetAnswer>('VacationResponse/set', { accountId: account(), update: { singleton: { isEnabled: one.isEnabled, fromDate: one.fromDate, toDate: one.toDate, subject: one.subject, textBody: one.textBody } } });
        const refused = answer.notUpdated?.singleton;
        if (refused) complain(t('actFailed', { why: refused.description ?? refused.type }));
        else say(t('saved'));
    };
    const date = (value: string | null) => (value ?? '').slice(0, 10);
    const stamp = (value: string) => (value ? value + 'T00:00:00Z' : null);
    return (
        <>
            <div class="page-head"><h1>{t('awayReply')}</h1></div>
            <form class="card form" onSubmit={(event) => void save(event)}>
                <label class="line check"><span>{t('awayOn')}</span><input type="checkbox" role="switch" class="switch" checked={one.isEnabled} onChange={() => setOne({ ...one, isEnabled: !one.isEnabled })} /></label>
                <div class="two"><label>{t('fromDate')}<input class="field" type="date" value={date(one.fromDate)} onChange={(event) => setOne({ ...one, fromDate: stamp(event.currentTarget.value) })} /></label><label>{t('toDate')}<input class="field" type="date" value={date(one.toDate)} onChange={(event) => setOne({ ...one, toDate: stamp(event.currentTarget.value) })} /></label></div>
                <label>{t('subject')}<input class="field" value={one.subject ?? ''} onInput={(event) => setOne({ ...one, subject: event.currentTarget.value || null })} /></label>
                <label>{t('awayText')}<textarea class="field" rows={7} value={one.textBody ?? ''} onInput={(event) => setOne({ ...one, textBody: event.currentTarget.value })} /></label>
                <div class="row-end"><button class="btn pri">{t('save')}</button></div>
            </form>
        </>
    );
}
