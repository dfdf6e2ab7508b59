// Options > Synchronization: connect a device, what devices keep, and the devices themselves, on one page.
import { useEffect, useState } from 'preact/hooks';
import { person } from '../jmap/sign';
import { t, type Key } from '../i18n';
import { Icon } from '../ui/icons';
import { say } from '../undo';
import { Devices } from './devices';
import { Code, Invite } from './invite';
import { Keep } from './keep';
import { offers, set } from './own';

type Kind = 'apple' | 'android' | 'outlook' | 'mac' | 'other';
const kinds: [Kind, Key][] = [['apple', 'syncApple'], ['android', 'syncAndroid'], ['outlook', 'syncOutlook'], ['mac', 'syncMac'], ['other', 'other']];
const steps: Record<Kind, Key[]> = {
    apple: ['stepAccounts', 'stepExchange', 'stepConfigure', 'stepAppear'],
    android: ['stepAndroid', 'stepConfigure', 'stepAppear'],
    outlook: ['stepOutlook', 'stepAppear'],
    mac: ['stepMac', 'stepAppear'],
    other: ['stepOther'],
};

const scanned: Key[] = ['stepScan', 'stepProfile', 'stepInstall'];

/** Words between <b> and </b> stand out; nothing else is read as markup. */
function Strong({ text }: { text: string }) {
    return <>{text.split(/<\/?b>/).map((part, index) => (index % 2 ? <b key={index}>{part}</b> : part))}</>;
}

function CopyRow({ name, value }: { name: string; value: string }) {
    return <><dt>{name}</dt><dd dir="ltr">{value}</dd><dd><button class="btn sm link" aria-label={`${t('copy')}: ${name}`} onClick={() => void navigator.clipboard.writeText(value).then(() => say(t('copied')))}>{t('copy')}</button></dd></>;
}

function Connect() {
    const [kind, setKind] = useState<Kind>(/Android/.test(navigator.userAgent) ? 'android' : /Macintosh/.test(navigator.userAgent) && !navigator.maxTouchPoints ? 'mac' : 'apple');
    const [password, setPassword] = useState('');
    const here = /iPhone|iPad|Android/.test(navigator.userAgent);
    const invited = offers('onboarding') && (kind === 'apple' || kind === 'android');
    const make = async () => {
        const name = t(kinds.find(([one]) => one === kind)![1]);
        const made = await set('AppPassword', { create: { p: { name } } });
        setPassword(((made?.created?.p as { password?: string } | undefined)?.password ?? ''));
    };
    const key = (event: KeyboardEvent) => {
        const at = kinds.findIndex(([one]) => one === kind);
        const next = event.key === 'ArrowRight' ? at + 1 : event.key === 'ArrowLeft' ? at - 1 : at;
        if (next === at) return;
        setKind(kinds[(next + kinds.length) % kinds.length]![0]);
        requestAnimationFrame(() => document.querySelector<HTMLElement>('.tabs [aria-selected=true]')?.focus());
    };
    return (
        <section class="card" aria-labelledby="connect">
            <h2 id="connect">{t('connectDevice')}</h2>
            <div class="tabs" role="tablist" aria-labelledby="connect" onKeyDown={key}>
                {kinds.map(([one, name]) => <button key={one} role="tab" id={'tab-' + one} aria-selected={one === kind} aria-controls="connect-panel" tabIndex={one === kind ? 0 : -1} onClick={() => setKind(one)}>{t(name)}</button>)}
            </div>
            <div role="tabpanel" id="connect-panel" aria-labelledby={'tab-' + kind}>
                <div class={'connect' + (here ? ' here' : '')}>
                    {invited ? <Invite key={kind} kind={kind === 'apple' ? 'apple' : 'other'} here={here} /> : !here && <div><Code text={location.origin + '/options/sync'} label={t('qrLabel')} /><p class="under">{t('qrUnder')}</p></div>}
                    <ol class="steps">{(invited && kind === 'apple' ? scanned : steps[kind]).map((step) => <li key={step}><span><Strong text={t(step)} /></span></li>)}</ol>
                </div>
                <dl class="by-hand" aria-label={t('byHandType')}>
                    <dt>{t('byHandType')}</dt><dd>{kind === 'mac' || kind === 'other' ? 'IMAP, SMTP' : 'Microsoft Exchange'}</dd><dd />
                    <CopyRow name={t('server')} value={location.host} />
                    <CopyRow name={t('userName')} value={person.value?.user ?? ''} />
                    {password ? <CopyRow name={t('password')} value={password} /> : <><dt>{t('password')}</dt><dd>{t(offers('signin') ? 'onePerDevice' : 'yourPassword')}</dd><dd>{offers('signin') && <button class="btn sm link" onClick={() => void make()}>{t('makeOne')}</button>}</dd></>}
                </dl>
                {offers('signin') && <p class="hint"><Icon name="key" small /><span>{t('ownPassword')}</span></p>}
            </div>
        </section>
    );
}

export function Sync() {
    useEffect(() => void (document.title = t('synchronization') + ' – Lockstep'), []);
    return (
        <>
            <div class="page-head"><h1>{t('synchronization')}</h1><p>{t('syncIntro')}</p></div>
            <div class="two"><Connect />{offers('syncpolicy') && <Keep />}</div>
            {offers('devices') && <Devices />}
        </>
    );
}
