// A code for a new device: a link that is good once and for ten minutes. Behind it one button gives the device its
// settings with a password of its own.
import { useEffect, useState } from 'preact/hooks';
import { encode } from 'uqr';
import { t } from '../i18n';
import { set } from './own';

export function Code({ text, label }: { text: string; label: string }) {
    const code = encode(text, { ecc: 'M', border: 2 });
    const path = code.data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
    return <svg class="qr" viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label={label} shape-rendering="crispEdges"><rect width={code.size} height={code.size} fill="#fff" /><path d={path} fill="#10201c" /></svg>;
}

interface Link {
    url: string;
    until: number;
}

async function invite(kind: 'apple' | 'other'): Promise<Link | null> {
    const made = (await set('DeviceInvite', { create: { i: { kind } } }))?.created?.i as { url?: string; expires?: string } | undefined;
    return made?.url && made.expires ? { url: made.url, until: Date.parse(made.expires) } : null;
}

export function Invite({ kind, here }: { kind: 'apple' | 'other'; here: boolean }) {
    const [link, setLink] = useState<Link | null>(null);
    const [now, setNow] = useState(Date.now());
    const fetchLink = () => void invite(kind).then((made) => (setNow(Date.now()), setLink(made)));
    useEffect(() => {
        setLink(null);
        fetchLink();
    }, [kind]);
    useEffect(() => {
        const timer = setInterval(() => setNow(Date.now()), 1000);
        return () => clearInterval(timer);
    }, []);
    const left = link ? Math.max(0, Math.ceil((link.until - now) / 1000)) : 0;
    const again = <button type="button" class="btn sec sm" onClick={fetchLink}>{t('inviteNew')}</button>;
    if (!link || left === 0) return <div class="invite"><div class="qr blank" />{link ? <p class="under">{t('inviteOver')}</p> : null}{again}</div>;
    if (here) return <div class="invite"><a class="btn pri" href={link.url}>{t('inviteHere')}</a></div>;
    return (
        <div class="invite">
            <Code text={link.url} label={t('qrLabel')} />
            <p class="under num">{t('inviteOnce', { left: `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` })}</p>
        </div>
    );
}
