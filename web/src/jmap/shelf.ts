// A shelf: all objects of one type (tasks, notes, cards) in all the folders that this person sees, kept in step.
// Invariants: `items` holds what the server said last, or what was just done and is on its way; a refused act is put
// back and told. Folders and items of different accounts have ids of their own, so both are known by `key`.
import { batch, signal } from '@preact/signals';
import { call, session } from './client';
import { onChange } from './push';
import type { Changes, Id, Json } from './types';
import { t } from '../i18n';
import { complain, done } from '../undo';

export interface Folder {
    key: string;
    accountId: Id;
    id: Id;
    name: string;
    /** Whose it is, when it is not one's own. */
    owner: string;
    own: boolean;
    mayWrite: boolean;
    isDefault: boolean;
}
export interface Held<T> {
    key: string;
    accountId: Id;
    folder: string;
    data: T & { id: Id };
}
interface SetAnswer {
    created?: Record<string, Json>;
    notCreated?: Record<string, Json>;
    notUpdated?: Record<string, Json>;
    notDestroyed?: Record<string, Json>;
}
const page = 500;

export class Shelf<T extends object> {
    readonly folders = signal<Folder[]>([]);
    readonly items = signal<Held<T>[]>([]);
    readonly loading = signal(true);
    readonly failed = signal(false);
    private readonly states = new Map<Id, string>();
    private started = false;

    /** `within` is the property of an object that names its folder: one id, or a set of ids. */
    constructor(
        private readonly capability: string,
        private readonly folderType: string,
        private readonly type: string,
        private readonly within: string,
    ) {}

    private accounts(): [Id, { name: string; isPersonal: boolean }][] {
        return Object.entries(session.peek()?.accounts ?? {}).filter(([, one]) => this.capability in one.accountCapabilities);
    }

    /** Loads everything once, and follows it from then on. */
    async open(): Promise<void> {
        if (this.started) return;
        this.started = true;
        onChange((accountId, states) => {
            if (states[this.folderType]) void this.loadFolders();
            if (states[this.type]) void this.follow(accountId);
        });
        await this.load();
    }

    async load(): Promise<void> {
        this.failed.value = false;
        try {
            const [, ...all] = await Promise.all([this.loadFolders(), ...this.accounts().map(([id]) => this.all(id))]);
            batch(() => {
                this.items.value = all.flat();
                this.loading.value = false;
            });
        } catch {
            this.loading.value = false;
            this.failed.value = true;
        }
    }

    private async loadFolders(): Promise<void> {
        const lists = await Promise.all(
            this.accounts().map(async ([accountId, account]) => {
                const answer = await call<{ list: Json[] }>(this.folderType + '/get', { accountId });
                return answer.list.map((one): Folder => {
                    const rights = (one.myRights ?? {}) as Record<string, boolean>;
                    return {
                        key: accountId + '/' + (one.id as string),
                        accountId,
                        id: one.id as Id,
                        name: one.name as string,
                        owner: account.isPersonal ? '' : account.name,
                        own: account.isPersonal,
                        mayWrite: !!(rights.mayWrite || rights.mayWriteAll || rights.mayWriteOwn),
                        isDefault: account.isPersonal && !!one.isDefault,
                    };
                });
            }),
        );
        this.folders.value = lists.flat();
    }

    private hold(accountId: Id, data: T & { id: Id }): Held<T> {
        const value = (data as Json)[this.within];
        const folder = typeof value === 'string' ? value : (Object.keys((value ?? {}) as Json)[0] ?? '');
        return { key: accountId + '/' + data.id, accountId, folder: accountId + '/' + folder, data };
    }

    private async all(accountId: Id): Promise<Held<T>[]> {
        const out: Held<T>[] = [];
        for (let position = 0; ; position += page) {
            const found = call<{ ids: Id[] }>(this.type + '/query', { accountId, position, limit: page });
            const got = await call<{ state: string; list: (T & { id: Id })[] }>(this.type + '/get', { accountId, '#ids': found.ref('/ids') });
            // The first state: what changes while the pages are read is then told as a change.
            if (position === 0) this.states.set(accountId, got.state);
            out.push(...got.list.map((one) => this.hold(accountId, one)));
            if (got.list.length < page) return out;
        }
    }

    private async follow(accountId: Id): Promise<void> {
        try {
            for (let more = true; more; ) {
                const changes = await call<Changes>(this.type + '/changes', { accountId, sinceState: this.states.get(accountId), maxChanges: page });
                const ids = [...changes.created, ...changes.updated];
                const got = ids.length ? (await call<{ list: (T & { id: Id })[] }>(this.type + '/get', { accountId, ids })).list : [];
                const touched = new Set([...ids, ...changes.destroyed].map((id) => accountId + '/' + id));
                this.items.value = [...this.items.peek().filter((one) => !touched.has(one.key)), ...got.map((one) => this.hold(accountId, one))];
                this.states.set(accountId, changes.newState);
                more = changes.hasMoreChanges;
            }
        } catch {
            await this.load();
        }
    }

    folderOf(item: Held<T>): Folder | undefined {
        return this.folders.value.find((one) => one.key === item.folder);
    }

    /** Where something new goes: the chosen folder if it may be written, else the default one. */
    home(chosen?: string): Folder | undefined {
        const all = this.folders.peek().filter((one) => one.mayWrite);
        return all.find((one) => one.key === chosen) ?? all.find((one) => one.isDefault) ?? all.find((one) => one.own) ?? all[0];
    }

    private async set(accountId: Id, args: Json): Promise<SetAnswer> {
        const answer = await call<SetAnswer>(this.type + '/set', { accountId, ...args });
        const refused = Object.values({ ...answer.notCreated, ...answer.notUpdated, ...answer.notDestroyed })[0];
        if (refused) throw new Error((refused.description as string) || t('calRefused'));
        return answer;
    }

    private trouble(error: unknown): void {
        complain(error instanceof Error && error.message ? error.message : t('calRefused'));
        void this.load();
    }

    /** Makes an object in a folder; answers its key, none when it was refused. */
    async create(folder: Folder, data: Json): Promise<string | null> {
        try {
            const value = this.within.endsWith('s') ? { [folder.id]: true } : folder.id;
            const answer = await this.set(folder.accountId, { create: { n: { ...data, [this.within]: value } } });
            await this.follow(folder.accountId);
            return folder.accountId + '/' + (answer.created?.n?.id as string);
        } catch (error) {
            this.trouble(error);
            return null;
        }
    }

    /** Changes properties at once here, then at the server. True when the server took it. */
    async change(item: Held<T>, patch: Json): Promise<boolean> {
        const whole = Object.fromEntries(Object.entries(patch).filter(([name]) => !name.includes('/')));
        this.items.value = this.items.peek().map((one) => (one.key === item.key ? this.hold(one.accountId, { ...one.data, ...whole }) : one));
        try {
            await this.set(item.accountId, { update: { [item.data.id]: patch } });
            return true;
        } catch (error) {
            this.trouble(error);
            return false;
        }
    }

    /** Removes; the undo makes it again in its folder. */
    async remove(item: Held<T>, said: string): Promise<void> {
        this.items.value = this.items.peek().filter((one) => one.key !== item.key);
        try {
            await this.set(item.accountId, { destroy: [item.data.id] });
            const { id: _, updated: __, created: ___, prodId: ____, ...rest } = item.data as Json;
            done(said, t('undo'), async () => {
                try {
                    await this.set(item.accountId, { create: { n: rest } });
                } catch (error) {
                    this.trouble(error);
                }
            });
        } catch (error) {
            this.trouble(error);
        }
    }
}
