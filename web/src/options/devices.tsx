// The devices of a person: what they are, whether they are in step, and what may be asked of them.
import { useEffect, useState } from 'preact/hooks';
import { onChange } from '../jmap/push';
import { clock, dayDistance, formatDate, t, type Key } from '../i18n';
import { Icon, type IconName } from '../ui/icons';
import { Dialog, Menu, type Item } from '../ui/parts';
import { NameDialog } from '../mail/folders';
import { say } from '../undo';
import { get, set } from './own';

interface Device {
    id: string;
    name: string;
    kind: string;
    userAgent: string;
    protocol: string;
    protocolVersion: string;
    firstSeen: string;
    lastSync: string | null;
    state: 'ok' | 'paused' | 'waiting' | 'signedOut' | 'asked' | 'erasing' | 'erased' | 'refused';
    info: Record<string, string>;
}
interface Log {
    id: string;
    entries: { at: string; text: string }[];
}

const staleAfter = 30; // days without a sync before a device counts as not seen lately
const words: Record<Device['state'], Key> = { ok: 'inStep', paused: 'statePaused', waiting: 'stateWaiting', signedOut: 'stateSignedOut', asked: 'stateAsked', erasing: 'stateErasing', erased: 'stateErased', refused: 'stateRefused' };
const age = (one: Device): number => (one.lastSync ? -dayDistance(new Date(one.lastSync)) : 0);
const stale = (one: Device): boolean => one.state === 'ok' && age(one) >= staleAfter;

function seen(iso: string | null): string {
    if (!iso) return t('neverSynced');
    const date = new Date(iso);
    const minutes = Math.floor((Date.now() - date.getTime()) / 60000);
    if (minutes < 2) return t('justNow');
    if (minutes < 60) return t('minutesAgo', { n: minutes });
    const days = -dayDistance(date);
    return days === 0 ? clock(date) : days < 7 ? formatDate(date, { weekday: 'short' }) + ' ' + clock(date) : t('daysAgo', { n: days });
}

function icon(one: Device): IconName {
    const text = one.kind + one.userAgent;
    return /ipad|tablet/i.test(text) ? 'tablet' : /outlook|windows|mac/i.test(text) ? 'laptop' : 'phone';
}

function Row({ one, onAct, onRename, onErase }: { one: Device; onAct(desired: string): void; onRename(): void; onErase(what: 'eraseAccount' | 'resetDevice'): void }) {
    const [open, setOpen] = useState(false);
    const [log, setLog] = useState<Log | null>(null);
    useEffect(() => void (open && get<Log>('DeviceLog', [one.id]).then(([found]) => setLog(found ?? null))), [open]);
    const lost = stale(one);
    const erasable = one.protocol === 'ActiveSync' && Number(one.protocolVersion) >= 16.1;
    const items: (Item | 'line')[] = [
        { label: t('rename'), icon: 'pen', run: onRename },
        { label: t('syncFromStart'), icon: 'sync', detail: t('syncFromStartText'), run: () => onAct('syncFromStart') },
        { label: t('deviceSignOut'), icon: 'lock', detail: t('deviceSignOutText'), run: () => onAct('signOut') },
        { label: t('eraseAccount'), icon: 'trash', danger: true, off: !erasable, detail: t(erasable ? 'eraseAccountText' : 'eraseNeeds'), run: () => onErase('eraseAccount') },
        'line',
        { label: t('resetDevice'), icon: 'phone', danger: true, detail: t('resetDeviceText'), run: () => onErase('resetDevice') },
    ];
    const model = [one.info.Model ?? one.kind, one.userAgent.split('/')[0], `${one.protocol} ${one.protocolVersion}`].filter(Boolean).join(' · ');
    return (
        <li class={'device' + (lost ? ' lost' : '')}>
            <div class="device-row">
                <button class="device-name" aria-expanded={open} onClick={() => setOpen(!open)}><span class="device-icon"><Icon name={icon(one)} /></span><span><b>{one.name}</b><small>{model}</small></span></button>
                <div class={'state ' + (lost || one.state === 'waiting' ? 'warn' : one.state)}><span>{one.state === 'ok' && !lost ? <span class="dot" /> : <Icon name={one.state === 'paused' ? 'pause' : lost ? 'clock' : 'shield'} small />}{t(lost ? 'notSeen' : words[one.state])}</span><small>{seen(one.lastSync)}</small></div>
                <div class="device-acts">
                    {lost ? <button class="btn dan sm" onClick={() => onErase('eraseAccount')}>{t('lostIt')}</button> : one.state === 'ok' ? <button class="btn sec sm" aria-label={`${t('pause')}: ${one.name}`} onClick={() => onAct('pause')}>{t('pause')}</button> : one.state !== 'erased' && <button class="btn soft sm" onClick={() => onAct('none')}><Icon name="play" small />{t(one.state === 'paused' ? 'resume' : 'takeBack')}</button>}
                    <Menu label={t('moreFor', { name: one.name })} items={items} />
                </div>
            </div>
            {open && <div class="device-open"><p>{t('firstSeen', { when: formatDate(new Date(one.firstSeen), { dateStyle: 'medium' }) })}</p>{log?.entries.length ? <ol class="log" aria-label={t('syncLog')}>{log.entries.slice(0, 30).map((entry) => <li key={entry.at + entry.text}><time class="num">{formatDate(new Date(entry.at), { dateStyle: 'short', timeStyle: 'short' })}</time> {entry.text}</li>)}</ol> : <p class="under">{t('logEmpty')}</p>}</div>}
        </li>
    );
}

export function Devices() {
    const [all, setAll] = useState<Device[] | null>(null);
    const [rename, setRename] = useState<Device | null>(null);
    const [erase, setErase] = useState<{ one: Device; what: 'eraseAccount' | 'resetDevice' } | null>(null);
    const load = () => get<Device>('Device').then(setAll, () => setAll([]));
    useEffect(() => {
        void load();
        const timer = setInterval(() => document.visibilityState === 'visible' && void load(), 15000);
        const end = onChange(() => void load());
        return () => (clearInterval(timer), end());
    }, []);
    const act = async (ids: string[], patch: Record<string, string>) => {
        if (await set('Device', { update: Object.fromEntries(ids.map((id) => [id, patch])) })) say(t('saved'));
        await load();
    };
    const count = (test: (one: Device) => boolean) => (all ?? []).filter(test).length;
    const running = (all ?? []).filter((one) => one.state === 'ok');
    const parts: [number, Key][] = [[count((one) => one.state === 'ok' && !stale(one)), 'nInStep'], [count((one) => one.state === 'paused'), 'nPaused'], [count(stale), 'nNotSeen']];
    return (
        <section class="card devices" aria-labelledby="devices">
            <div class="devices-head"><h2 id="devices">{t('devicesTitle')}</h2><p class="num">{parts.filter(([n]) => n).map(([n, key]) => t(key, { n })).join(' · ')}</p>{running.length > 1 && <button class="btn sec sm" onClick={() => void act(running.map((one) => one.id), { desired: 'pause' })}><Icon name="pause" small />{t('pauseAll')}</button>}</div>
            {all?.length === 0 && <p class="under none-yet">{t('noDevices')}</p>}
            <ul>{(all ?? []).map((one) => <Row key={one.id} one={one} onAct={(desired) => void act([one.id], { desired })} onRename={() => setRename(one)} onErase={(what) => setErase({ one, what })} />)}</ul>
            {rename && <NameDialog title={t('rename')} value={rename.name} onClose={() => setRename(null)} onDone={(name) => void act([rename.id], { name })} />}
            {erase && <Dialog title={t(erase.what === 'eraseAccount' ? 'eraseAsk' : 'resetAsk', { name: erase.one.name })} onClose={() => setErase(null)}>
                <p>{t(erase.what === 'eraseAccount' ? 'eraseAccountText' : 'resetDeviceText')}</p>
                <div class="row-end"><button class="btn sec" onClick={() => setErase(null)}>{t('cancel')}</button><button class="btn dan" onClick={() => (void act([erase.one.id], { desired: erase.what }), setErase(null))}>{t(erase.what)}</button></div>
            </Dialog>}
        </section>
    );
}
