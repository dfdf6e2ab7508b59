// To-do: lists of one's own and of the groups; what is due stands first.
import { computed, signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { fromLocal, localDay, addDays, startOfDay } from '../calendar/times';
import { dayDistance, formatDate, t, type Key } from '../i18n';
import { Shelf, type Held } from '../jmap/shelf';
import type { Json } from '../jmap/types';
import { bind } from '../keys';
import { Icon } from '../ui/icons';
import { FolderList } from '../ui/folders';
import { IconButton } from '../ui/parts';

interface Task {
    title?: string;
    description?: string;
    due?: string;
    progress: string;
    priority?: number;
    recurrenceRule?: Json;
}
const shelf = new Shelf<Task>('urn:lockstep:jmap:tasks', 'TaskList', 'Task', 'taskListId');
const list = signal('');
const open = signal('');
const showDone = signal(false);

const isDone = (task: Task): boolean => task.progress === 'completed' || task.progress === 'cancelled';
const shown = computed(() => shelf.items.value.filter((item) => !list.value || item.folder === list.value));
const groups = computed(() => {
    const now = localDay(new Date());
    const soon = localDay(addDays(startOfDay(new Date()), 7));
    const names: [Key, (due: string) => boolean][] = [
        ['todoLate', (due) => !!due && due < now],
        ['todoToday', (due) => due === now],
        ['todoWeek', (due) => !!due && due > now && due <= soon],
        ['todoLater', (due) => due > soon],
        ['todoSomeday', (due) => !due],
    ];
    const tasks = shown.value.filter((item) => !isDone(item.data)).sort((a, b) => (a.data.due ?? '~').localeCompare(b.data.due ?? '~') || (a.data.priority || 5) - (b.data.priority || 5) || (a.data.title ?? '').localeCompare(b.data.title ?? ''));
    return names.map(([name, test]) => ({ name, tasks: tasks.filter((item) => test((item.data.due ?? '').slice(0, 10))) })).filter((group) => group.tasks.length);
});

function dueText(due: string): string {
    const date = fromLocal(due);
    const distance = dayDistance(date);
    if (distance === 0) return t('calToday');
    if (distance === 1) return t('todoTomorrow');
    if (distance === -1) return t('todoYesterday');
    return formatDate(date, { weekday: 'short', day: 'numeric', month: 'short' });
}

function Row({ item }: { item: Held<Task> }) {
    const task = item.data;
    const folder = shelf.folderOf(item);
    const done = isDone(task);
    const late = !done && !!task.due && task.due.slice(0, 10) < localDay(new Date());
    return (
        <li class={'task' + (done ? ' done' : '') + (open.value === item.key ? ' sel' : '')}>
            <input type="checkbox" checked={done} disabled={!folder?.mayWrite} aria-label={t('todoDoneIs', { name: task.title ?? '' })} onChange={() => void shelf.change(item, { progress: done ? 'needs-action' : 'completed' })} />
            <button type="button" class="what" onClick={() => (open.value = item.key)}>
                <b>{task.title || t('calNoTitle')}</b>
                {task.description && <span>{task.description.split('\n')[0]}</span>}
            </button>
            {(task.priority ?? 5) < 5 && task.priority !== 0 && task.priority !== undefined && <span class="chip warn">{t('todoHigh')}</span>}
            {task.recurrenceRule && <Icon name="repeat" small label={t('calRepeats')} />}
            {!list.value && folder?.owner && <span class="chip">{folder.owner}</span>}
            {task.due && <span class={'due num' + (late ? ' late' : '')}>{dueText(task.due)}</span>}
        </li>
    );
}

function Card({ item }: { item: Held<Task> }) {
    const task = item.data;
    const mayWrite = !!shelf.folderOf(item)?.mayWrite;
    const change = (patch: Json) => void shelf.change(item, patch);
    return (
        <section class="panel task-card" aria-label={task.title}>
            <header>
                <label class="check">
                    <input type="checkbox" checked={isDone(task)} disabled={!mayWrite} onChange={() => change({ progress: isDone(task) ? 'needs-action' : 'completed' })} /> {t('todoDone')}
                </label>
                {mayWrite && <IconButton icon="trash" label={t('todoRemove')} onClick={() => ((open.value = ''), void shelf.remove(item, t('todoRemoved')))} />}
                <IconButton icon="close" label={t('close')} onClick={() => (open.value = '')} />
            </header>
            <label class="fl">
                <span>{t('calTitle')}</span>
                <input type="text" class="big" value={task.title ?? ''} disabled={!mayWrite} maxLength={255} onChange={(input) => change({ title: input.currentTarget.value })} />
            </label>
            <label class="fl">
                <span>{t('todoDue')}</span>
                <input type="date" value={(task.due ?? '').slice(0, 10)} disabled={!mayWrite} onChange={(input) => change(input.currentTarget.value ? { due: input.currentTarget.value + 'T00:00:00', showWithoutTime: true } : { due: null })} />
            </label>
            <label class="fl">
                <span>{t('todoPriority')}</span>
                <select value={task.priority ? (task.priority < 5 ? '1' : task.priority > 5 ? '9' : '5') : '5'} disabled={!mayWrite} onChange={(input) => change({ priority: Number(input.currentTarget.value) })}>
                    <option value="1">{t('todoHigh')}</option>
                    <option value="5">{t('todoNormal')}</option>
                    <option value="9">{t('todoLow')}</option>
                </select>
            </label>
            <label class="fl">
                <span>{t('calText')}</span>
                <textarea rows={8} value={task.description ?? ''} disabled={!mayWrite} onChange={(input) => change({ description: input.currentTarget.value })} />
            </label>
        </section>
    );
}

export default function Screen() {
    const input = useRef<HTMLInputElement>(null);
    const [text, setText] = useState('');
    useEffect(() => void shelf.open(), []);
    useEffect(() => bind([{ keys: ['c'], label: 'todoNew', group: 'list', run: () => input.current?.focus() }]), []);
    const chosen = shelf.items.value.find((item) => item.key === open.value);
    const finished = shown.value.filter((item) => isDone(item.data));
    const home = shelf.home(list.value);
    const add = (submit: Event) => {
        submit.preventDefault();
        const title = text.trim();
        if (!title || !home) return;
        setText('');
        void shelf.create(home, { title, progress: 'needs-action' });
    };
    return (
        <div class={'body lists' + (chosen ? ' with-card' : '')}>
            <aside class="side">
                <FolderList label={t('todoLists')} all={t('todoAll')} folders={shelf.folders.value} chosen={list} count={(key) => shelf.items.value.filter((item) => (!key || item.folder === key) && !isDone(item.data)).length} />
            </aside>
            <main class="panel todo" aria-busy={shelf.loading.value}>
                <header class="ch">
                    <h1>{list.value ? (shelf.folders.value.find((one) => one.key === list.value)?.name ?? '') : t('todoAll')}</h1>
                </header>
                {home && (
                    <form class="add" onSubmit={add}>
                        <Icon name="plus" small />
                        <input ref={input} type="text" value={text} maxLength={255} placeholder={t('todoNew')} aria-label={t('todoNew')} onInput={(event) => setText(event.currentTarget.value)} />
                    </form>
                )}
                <div class="scroller" tabIndex={0} role="region" aria-label={t('todoLists')}>
                    {groups.value.map((group) => (
                        <section key={group.name}>
                            <h2>{t(group.name)}</h2>
                            <ul>
                                {group.tasks.map((item) => (
                                    <Row key={item.key} item={item} />
                                ))}
                            </ul>
                        </section>
                    ))}
                    {!groups.value.length && <p class="empty">{t(shelf.loading.value ? 'calLoading' : shelf.failed.value ? 'calNotLoaded' : 'todoNothing')}</p>}
                    {finished.length > 0 && (
                        <section>
                            <button type="button" class="btn ghost sm" aria-expanded={showDone.value} onClick={() => (showDone.value = !showDone.value)}>
                                {t('todoFinished', { n: finished.length })}
                            </button>
                            {showDone.value && (
                                <ul>
                                    {finished.map((item) => (
                                        <Row key={item.key} item={item} />
                                    ))}
                                </ul>
                            )}
                        </section>
                    )}
                </div>
            </main>
            {chosen && <Card key={chosen.key} item={chosen} />}
        </div>
    );
}
