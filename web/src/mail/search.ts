// What is typed into the search field as a filter of Email/query: words, and from: to: subject: in: has:file is:unread before: after:.
import { mailboxes } from '../jmap/mail';
import type { Json } from '../jmap/types';
import { folderName } from './acts';

export function searchFilter(text: string): Json | null {
    const conditions: Json[] = [];
    const words: string[] = [];
    for (const found of text.matchAll(/(?:(\w+):)?(?:"([^"]*)"|(\S+))/g)) {
        const name = (found[1] ?? '').toLowerCase();
        const value = found[2] ?? found[3] ?? '';
        const date = /^\d{4}-\d\d-\d\d$/.test(value) ? value + 'T00:00:00Z' : null;
        if (['from', 'to', 'cc', 'subject', 'body'].includes(name)) conditions.push({ [name]: value });
        else if (name === 'has' && /^(file|attachment)s?$/.test(value)) conditions.push({ hasAttachment: true });
        else if (name === 'is' && value === 'unread') conditions.push({ notKeyword: '$seen' });
        else if (name === 'is' && /^(starred|flagged)$/.test(value)) conditions.push({ hasKeyword: '$flagged' });
        else if ((name === 'before' || name === 'after') && date) conditions.push({ [name]: date });
        else if (name === 'in') {
            const box = mailboxes.peek().find((one) => one.role === value || one.name.toLowerCase() === value.toLowerCase() || folderName(one.id).toLowerCase() === value.toLowerCase());
            if (box) conditions.push({ inMailbox: box.id });
        } else words.push(name ? `${name}:${value}` : value);
    }
    if (words.length) conditions.push({ text: words.join(' ') });
    if (!conditions.length) return null;
    return conditions.length === 1 ? conditions[0]! : { operator: 'AND', conditions };
}
