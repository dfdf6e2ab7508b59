// The frame in which a message's HTML is shown: no scripts (sandbox), no network (policy), no styles but checked ones.
// The page inherits the application's own policy as well; styles are set through the object model, which it allows.
import { useEffect, useRef } from 'preact/hooks';
import type { Clean } from './clean';
import { request } from '../jmap/client';
import { emptyFrame } from '../trusted';

const base = `
:root{color-scheme:light}
html,body{margin:0;padding:0;background:transparent}
body{font:15px/1.58 Inter,"Segoe UI",system-ui,-apple-system,Roboto,"Noto Sans",sans-serif;color:#181d1a;overflow-wrap:anywhere;overflow-x:auto;overflow-y:hidden}
img{max-width:100%;height:auto} a{color:#0c6b62} table{max-width:100%} p{margin:0 0 .8em} pre{white-space:pre-wrap;font:inherit;margin:0}
blockquote{margin:8px 0;padding:0 0 0 12px;border-inline-start:2px solid #cdd2cb;color:#474f4a}`;
const darkBase = `:root{color-scheme:dark} body{color:#e9eeeb} a{color:#5cc7b8} blockquote{border-color:#36403c;color:#b7c1bb}`;

function luminance(color: string): number | null {
    const parts = /rgba?\((\d+), (\d+), (\d+)/.exec(color);
    return parts ? (0.2126 * +parts[1]! + 0.7152 * +parts[2]! + 0.0722 * +parts[3]!) / 255 : null;
}

function style(root: Element, dark: boolean): void {
    for (const element of root.querySelectorAll<HTMLElement>('[data-style]')) {
        for (const [name, value] of JSON.parse(element.dataset.style!) as [string, string][]) element.style.setProperty(name, value);
        element.removeAttribute('data-style');
    }
    if (!dark) return;
    // In the dark, what the sender coloured for white paper would be unreadable: such colours give way to ours.
    for (const element of root.querySelectorAll<HTMLElement>('*')) {
        element.removeAttribute('bgcolor');
        element.style.removeProperty('background-color');
        const ink = luminance(element.style.color);
        if (element.style.color && (ink === null || ink < 0.5)) element.style.removeProperty('color');
        if (element.nodeName === 'FONT') element.removeAttribute('color');
    }
}

export function MailFrame({ content, dark, title, onEscape }: { content: Clean | DocumentFragment; dark: boolean; title: string; onEscape(event: KeyboardEvent): void }) {
    const frame = useRef<HTMLIFrameElement>(null);
    useEffect(() => {
        const element = frame.current!;
        const blobs: string[] = [];
        let watch: ResizeObserver | undefined;
        const fill = () => {
            const page = element.contentDocument;
            const view = element.contentWindow as (Window & typeof globalThis) | null;
            if (!page?.body || !view) return;
            const sheet = new view.CSSStyleSheet();
            sheet.replaceSync(base + (dark ? darkBase : ''));
            page.adoptedStyleSheets = [sheet];
            page.documentElement.lang = document.documentElement.lang;
            page.title = title;
            const body = 'body' in content ? content.body : content;
            page.body.replaceChildren(page.importNode(body, true));
            style(page.body, dark);
            for (const image of page.querySelectorAll<HTMLImageElement>('img')) {
                if (!image.alt) image.alt = '';
                if (!image.src && !image.dataset.inline) image.remove();
            }
            for (const image of page.querySelectorAll<HTMLImageElement>('img[data-inline]'))
                void request(image.dataset.inline!)
                    .then((answer) => answer.blob())
                    .then((blob) => blobs.push((image.src = URL.createObjectURL(blob))));
            watch = new ResizeObserver(() => (element.style.height = Math.ceil(page.documentElement.getBoundingClientRect().height) + 2 + 'px'));
            watch.observe(page.documentElement);
            page.addEventListener('keydown', onEscape);
        };
        element.addEventListener('load', fill);
        element.srcdoc = emptyFrame();
        return () => {
            element.removeEventListener('load', fill);
            watch?.disconnect();
            for (const url of blobs) URL.revokeObjectURL(url);
        };
    }, [content, dark]);
    return <iframe ref={frame} class="mail-frame" title={title} sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" />;
}
