// The calendar: its header, the view that is chosen, the card of an event, and the keys.
import { useEffect } from 'preact/hooks';
import { calendars, failed, loadCalendars, loading, occurrences, reload, showRange, zone } from '../jmap/calendar';
import { formatDate, t } from '../i18n';
import { bind } from '../keys';
import { Icon } from '../ui/icons';
import { IconButton, Segments } from '../ui/parts';
import { Details } from './details';
import { Editor } from './editor';
import { Grid, newEvent } from './grid';
import { Agenda, Month } from './month';
import { ScopeQuestion } from './scope';
import { Side } from './side';
import { addDays, startOfDay, weekNumber } from './times';
import { cursor, range, setView, step, view, type View } from './view';

function heading(): { main: string; rest: string } {
    const { from, days } = range.value;
    const last = addDays(from, days - 1);
    if (view.value === 'day') return { main: formatDate(from, { weekday: 'long', day: 'numeric', month: 'long' }), rest: String(from.getFullYear()) };
    if (view.value === 'month') return { main: formatDate(cursor.value, { month: 'long' }), rest: String(cursor.value.getFullYear()) };
    const main = from.getMonth() === last.getMonth() ? `${from.getDate()}–${formatDate(last, { day: 'numeric', month: 'long' })}` : `${formatDate(from, { day: 'numeric', month: 'short' })} – ${formatDate(last, { day: 'numeric', month: 'short' })}`;
    return { main, rest: view.value === 'week' ? `${last.getFullYear()} · ${t('calWeekN', { n: weekNumber(addDays(from, 3)) })}` : String(last.getFullYear()) };
}

function beginNew(): void {
    const now = new Date();
    const day = cursor.peek();
    const hour = startOfDay(now).getTime() === day.getTime() ? Math.min(22, now.getHours() + 1) : 9;
    const start = new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour);
    newEvent(start, new Date(start.getTime() + 3_600_000));
}

export default function Screen() {
    const { from, days } = range.value;
    useEffect(() => void loadCalendars(), []);
    useEffect(() => void showRange(from, addDays(from, days)), [from.getTime(), days]);
    useEffect(
        () =>
            bind([
                { keys: ['c'], label: 'calNew', group: 'calendar', run: beginNew },
                { keys: ['t'], label: 'calToday', group: 'calendar', run: () => (cursor.value = startOfDay(new Date())) },
                { keys: ['j'], label: 'calOn', group: 'calendar', run: () => step(1) },
                { keys: ['k'], label: 'calBack', group: 'calendar', run: () => step(-1) },
                ...(['day', 'week', 'month', 'list'] as View[]).map((name) => ({ keys: [name[0]!], label: ({ day: 'calViewDay', week: 'calViewWeek', month: 'calViewMonth', list: 'calViewList' } as const)[name], group: 'calendar' as const, run: () => setView(name) })),
            ]),
        [],
    );
    const { main, rest } = heading();
    return (
        <div class="body cal-body">
            <aside class="side" aria-label={t('calCalendars')}>
                <button type="button" class="btn pri compose-button" onClick={beginNew}>
                    <Icon name="plus" small /> {t('calNew')} <span class="kbd" aria-hidden="true">c</span>
                </button>
                <Side />
            </aside>
            <main class="panel cal" aria-busy={loading.value}>
                <header class="ch">
                    <h1>
                        {main} <span>{rest}</span>
                    </h1>
                    <IconButton icon="left" label={t('calBack')} onClick={() => step(-1)} />
                    <button type="button" class="btn sec sm" onClick={() => (cursor.value = startOfDay(new Date()))}>
                        {t('calToday')}
                    </button>
                    <IconButton icon="right" label={t('calOn')} onClick={() => step(1)} />
                    <span class="grow" />
                    <span class="zone hide-m">
                        <Icon name="globe" small /> {zone.replace(/^.*\//, '').replace(/_/g, ' ')}
                    </span>
                    <Segments label={t('calView')} value={view.value} choices={[['day', t('calViewDay')], ['week', t('calViewWeek')], ['month', t('calViewMonth')], ['list', t('calViewList')]]} onChange={setView} />
                </header>
                {failed.value && !occurrences.value.length ? (
                    <p class="empty">
                        {t('calNotLoaded')} <button type="button" class="btn sec sm" onClick={() => void reload()}>{t('calAgain')}</button>
                    </p>
                ) : view.value === 'month' ? (
                    <Month />
                ) : view.value === 'list' ? (
                    <Agenda />
                ) : (
                    <Grid key={view.value} />
                )}
            </main>
            <button type="button" class="fab" aria-label={t('calNew')} onClick={beginNew}>
                <Icon name="plus" />
            </button>
            <Details />
            <Editor />
            <ScopeQuestion />
            <p class="sr" role="status">{loading.value && !calendars.value.length ? t('calLoading') : ''}</p>
        </div>
    );
}
