// A mailto: link as the start of a message (RFC 6068); files cannot be named by it.
import { parseAddresses } from './recipients';
import type { Writing } from './state';

export function parseMailto(link: string): Partial<Writing> {
    const [to = '', query = ''] = link.replace(/^mailto:/i, '').split('?');
    const fields = new Map(query.split('&').map((one) => one.split('=')).map(([name = '', value = '']): [string, string] => [name.toLowerCase(), decodeURIComponent(value)]));
    return {
        to: parseAddresses([decodeURIComponent(to), fields.get('to') ?? ''].filter(Boolean).join(',')),
        cc: parseAddresses(fields.get('cc') ?? ''),
        bcc: parseAddresses(fields.get('bcc') ?? ''),
        subject: fields.get('subject') ?? '',
        quote: fields.get('body') ?? '',
    };
}
