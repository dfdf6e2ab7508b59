// Makes a message's HTML harmless and says what was kept from loading: the inner of the three walls around mail.
// The outer two stand in frame.tsx: a frame without scripts, and a policy without network.
import DOMPurify from 'dompurify';

/** What may stand in a style attribute; nothing that loads, covers or moves what is not its own. */
const styles = /^(color|background-color|font(-(family|size|style|weight|variant))?|text-(align|decoration|indent|transform)|line-height|letter-spacing|white-space|word-(break|spacing|wrap)|vertical-align|direction|(margin|padding|border)(-.*)?|width|max-width|min-width|height|max-height|display|list-style-type|table-layout|border-collapse|border-spacing)$/;

export interface Clean {
    body: DocumentFragment;
    /** Hosts of images that were not loaded. */
    hosts: string[];
    images: number;
    /** Of these, the ones that only tell the sender that the message was read. */
    trackers: string[];
}

function host(url: string): string {
    try {
        return new URL(url).host;
    } catch {
        return '';
    }
}

/** Declarations without those that could load something or reach beyond the message. */
export function safeStyle(text: string): [string, string][] {
    return text
        .split(';')
        .map((one): [string, string] => {
            const colon = one.indexOf(':');
            return [one.slice(0, colon).trim().toLowerCase(), one.slice(colon + 1).trim()];
        })
        .filter(([name, value]) => styles.test(name) && value && !/url|image|expression|javascript|\\|\/\*|@/i.test(value) && !(name === 'display' && !/^(none|inline|block|inline-block|table.*)$/.test(value)));
}

/** Cleans HTML; `inline` gives the address of an image inside the message by its Content-ID. */
export function clean(html: string, inline: (cid: string) => string | undefined): Clean {
    const hosts = new Set<string>();
    const trackers = new Set<string>();
    let images = 0;
    const purify = DOMPurify(window);
    purify.addHook('uponSanitizeAttribute', (node, data) => {
        const element = node as Element;
        if (data.attrName === 'style') {
            data.attrName = 'data-style';
            element.setAttribute('data-style', JSON.stringify(safeStyle(data.attrValue)));
            data.keepAttr = false;
        } else if (element.nodeName === 'IMG' && data.attrName === 'src' && !data.attrValue.startsWith('data:image/')) {
            data.keepAttr = false;
            const source = data.attrValue.startsWith('cid:') ? inline(data.attrValue.slice(4)) : undefined;
            if (source) element.setAttribute('data-inline', source);
            else if (/^(https?:)?\/\//i.test(data.attrValue)) {
                const from = host(data.attrValue.replace(/^\/\//, 'https://'));
                const small = Number(element.getAttribute('width') ?? 99) <= 2 || Number(element.getAttribute('height') ?? 99) <= 2;
                images++;
                hosts.add(from);
                if (small || /track|pixel|beacon|open\.|\/o\.gif/i.test(data.attrValue)) trackers.add(from);
            }
        }
    });
    const body = purify.sanitize(html, {
        RETURN_DOM_FRAGMENT: true,
        FORBID_TAGS: ['style', 'form', 'svg', 'math', 'input', 'button', 'select', 'textarea', 'audio', 'video', 'link', 'base', 'iframe'],
        FORBID_ATTR: ['srcset', 'background', 'poster', 'id', 'class', 'ping', 'autofocus'],
        ALLOW_DATA_ATTR: true,
        ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|cid:|data:image\/(?:png|gif|jpe?g|webp);|\/\/|#)/i,
    }) as DocumentFragment;
    for (const link of body.querySelectorAll('a, area')) {
        const to = link.getAttribute('href') ?? '';
        if (!/^(https?:|mailto:|tel:)/i.test(to)) link.removeAttribute('href');
        link.setAttribute('target', '_blank');
        link.setAttribute('rel', 'noopener noreferrer nofollow');
    }
    return { body, hosts: [...hosts], images, trackers: [...trackers] };
}

/** Plain text as paragraphs with links; quotes are folded by the caller. */
export function linkify(text: string): DocumentFragment {
    const out = document.createDocumentFragment();
    let at = 0;
    for (const found of text.matchAll(/https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g)) {
        out.append(text.slice(at, found.index));
        const link = document.createElement('a');
        link.href = found[0].startsWith('http') ? found[0] : 'mailto:' + found[0];
        link.target = '_blank';
        link.rel = 'noopener noreferrer nofollow';
        link.textContent = found[0];
        out.append(link);
        at = found.index + found[0].length;
    }
    out.append(text.slice(at));
    return out;
}
