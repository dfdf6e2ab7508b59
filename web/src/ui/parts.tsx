// Small parts that every screen uses: buttons, avatars, dialogs, menus, toasts.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icons';
import { t } from '../i18n';
import { dismiss, toasts, type Toast } from '../undo';

/** A button that shows an icon only; the label is what is read out and shown on hover. */
export function IconButton(props: { icon: IconName; label: string; onClick(event: MouseEvent): void; small?: boolean; pressed?: boolean; filled?: boolean; class?: string; tabIndex?: number; disabled?: boolean }) {
    return (
        <button type="button" class={'ib ' + (props.class ?? '')} aria-label={props.label} title={props.label} aria-pressed={props.pressed} tabIndex={props.tabIndex} disabled={props.disabled} onClick={props.onClick}>
            <Icon name={props.icon} small={props.small} filled={props.filled} />
        </button>
    );
}

const shades = ['#2f6f9f', '#7a4fa3', '#a2542f', '#37774b', '#5b6470', '#9a3b5c', '#6a6a1f', '#0c6b62', '#8a4b2d', '#4a5aa8'];

export function Avatar({ name, size = 34 }: { name: string; size?: number }) {
    let hash = 0;
    for (const letter of name.toLowerCase()) hash = (hash * 31 + letter.codePointAt(0)!) >>> 0;
    const words = name.replace(/[^\p{L}\p{N} ]/gu, ' ').trim().split(/\s+/);
    const initials = ([...(words[0] ?? '?')][0] ?? '?') + (words.length > 1 ? ([...words[words.length - 1]!][0] ?? '') : '');
    return (
        <span class="avatar" aria-hidden="true" style={{ background: shades[hash % shades.length], width: size + 'px', height: size + 'px', fontSize: size * 0.37 + 'px' }}>
            {initials.toUpperCase()}
        </span>
    );
}

/** A modal dialog; Escape and a click beside it close it. */
export function Dialog(props: { title: string; onClose(): void; children: ComponentChildren; class?: string; bare?: boolean }) {
    const element = useRef<HTMLDialogElement>(null);
    useEffect(() => {
        const before = document.activeElement as HTMLElement | null;
        element.current?.showModal();
        return () => before?.isConnected && before.focus();
    }, []);
    return (
        <dialog ref={element} class={'dialog ' + (props.class ?? '')} aria-label={props.title} onCancel={(event) => (event.preventDefault(), props.onClose())} onMouseDown={(event) => event.target === element.current && props.onClose()}>
            {!props.bare && (
                <header>
                    <h2>{props.title}</h2>
                    <IconButton icon="close" label={t('close')} onClick={props.onClose} />
                </header>
            )}
            {props.children}
        </dialog>
    );
}

export interface Item {
    label: string;
    icon?: IconName;
    detail?: string;
    danger?: boolean;
    off?: boolean;
    run(): void;
}

/** A button that opens a menu; arrows move in it, a letter finds an item, Escape closes it. */
export function Menu(props: { label: string; icon?: IconName; items: (Item | 'line')[]; children?: ComponentChildren; class?: string; small?: boolean }) {
    const [open, setOpen] = useState(false);
    const root = useRef<HTMLDivElement>(null);
    const trigger = useRef<HTMLButtonElement>(null);
    const entries = () => [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]:not([aria-disabled=true])') ?? [])];
    useEffect(() => {
        if (!open) return;
        entries()[0]?.focus();
        const away = (event: PointerEvent) => root.current?.contains(event.target as Node) || setOpen(false);
        window.addEventListener('pointerdown', away);
        return () => window.removeEventListener('pointerdown', away);
    }, [open]);
    const close = () => (setOpen(false), trigger.current?.focus());
    const key = (event: KeyboardEvent) => {
        const all = entries();
        const at = all.indexOf(document.activeElement as HTMLElement);
        const move = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
        if (move !== undefined) all[(move + all.length) % all.length]?.focus();
        else if (event.key === 'Escape') close();
        else if (event.key.length === 1) all.find((one) => one.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    return (
        <div class="menu-root" ref={root}>
            <button type="button" ref={trigger} class={props.class ?? 'ib'} aria-label={props.children ? undefined : props.label} title={props.label} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
                {props.children ?? <Icon name={props.icon ?? 'more'} small={props.small} />}
            </button>
            {open && (
                <div class="menu" role="menu" aria-label={props.label} onKeyDown={key}>
                    {props.items.map((item) =>
                        item === 'line' ? (
                            <hr />
                        ) : (
                            <button type="button" role="menuitem" tabIndex={-1} class={item.danger ? 'danger' : ''} aria-disabled={item.off} onClick={() => item.off || (close(), item.run())}>
                                {item.icon ? <Icon name={item.icon} small /> : <span />}
                                <span>{item.label}</span>
                                {item.detail && <small>{item.detail}</small>}
                            </button>
                        ),
                    )}
                </div>
            )}
        </div>
    );
}

function OneToast({ toast }: { toast: Toast }) {
    const [now, setNow] = useState(Date.now());
    useEffect(() => {
        if (!toast.until) return;
        const timer = setInterval(() => setNow(Date.now()), 250);
        return () => clearInterval(timer);
    }, [toast.until]);
    const left = toast.until ? Math.max(0, Math.ceil((toast.until - now) / 1000)) : 0;
    return (
        <div class={'toast' + (toast.bad ? ' bad' : '')}>
            {toast.until && (
                <svg class="ring" viewBox="0 0 20 20" aria-hidden="true">
                    <circle cx="10" cy="10" r="8" />
                    <circle cx="10" cy="10" r="8" pathLength={10} stroke-dasharray={`${Math.min(10, left)} 10`} />
                </svg>
            )}
            <span>{toast.text.replace('{left}', String(left))}</span>
            {toast.action && <button onClick={toast.action.run}>{toast.action.label}</button>}
            {toast.second && <button class="quiet" onClick={toast.second.run}>{toast.second.label}</button>}
            <IconButton icon="close" small label={t('close')} onClick={() => dismiss(toast.id)} />
        </div>
    );
}

export function Toasts() {
    return (
        <div class="toasts" role="status" aria-live="polite">
            {toasts.value.map((toast) => (
                <OneToast key={toast.id} toast={toast} />
            ))}
        </div>
    );
}

export function Segments<T extends string>(props: { label: string; value: T; choices: [T, string][]; onChange(value: T): void }) {
    return (
        <div class="seg" role="group" aria-label={props.label}>
            {props.choices.map(([value, name]) => (
                <button type="button" key={value} aria-pressed={value === props.value} onClick={() => props.onChange(value)}>
                    {name}
                </button>
            ))}
        </div>
    );
}
