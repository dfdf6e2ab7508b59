// A month of six weeks, and the list of the days to come.
import { formatDate, t, clock } from '../i18n';
import { Icon } from '../ui/icons';
import { choose, classesOf, hueOf, Marks, Spoken, timesOf, titleOf } from './event';
import { newEvent } from './grid';
import { addDays, sameDay, weekNumber } from './times';
import { cursor, eventsOn, isLong, now, range, setView } from './view';

const most = 4;

export function Month() {
    const { from } = range.value;
    const weeks = Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (_, day) => addDays(from, week * 7 + day)));
    return (
        <div class="month" role="grid" aria-label={formatDate(cursor.value, { month: 'long', year: 'numeric' })}>
            <div role="row" class="names">
                <span role="columnheader" aria-label={t('calWeek')} />
                {weeks[0]!.map((day) => (
                    <span role="columnheader" key={day.getDay()}>
                        {formatDate(day, { weekday: 'short' })}
                    </span>
                ))}
            </div>
            {weeks.map((week) => (
                <div role="row" key={week[0]!.getTime()} class="week">
                    <span role="rowheader">{weekNumber(week[3]!)}</span>
                    {week.map((day) => {
                        const events = eventsOn(day);
                        return (
                            <div role="gridcell" key={day.getTime()} class={(day.getMonth() === cursor.value.getMonth() ? '' : 'other ') + (sameDay(day, now.value) ? 'today' : '')} onDblClick={() => newEvent(new Date(day.getFullYear(), day.getMonth(), day.getDate(), 9), new Date(day.getFullYear(), day.getMonth(), day.getDate(), 10))}>
                                <button type="button" class="date" onClick={() => ((cursor.value = day), setView('day'))}>
                                    {day.getDate()}
                                    <span class="sr">{formatDate(day, { weekday: 'long', month: 'long' })}</span>
                                </button>
                                {events.slice(0, events.length > most ? most - 1 : most).map((event) => (
                                    <button type="button" key={event.key} class={`line ${isLong(event) ? 'long' : ''} ${classesOf(event)}`} onClick={(click) => choose(event, click.currentTarget)}>
                                        {!isLong(event) && <i>{clock(event.start)}</i>} {titleOf(event)}
                                        <Spoken event={event} />
                                    </button>
                                ))}
                                {events.length > most && (
                                    <button type="button" class="more" onClick={() => ((cursor.value = day), setView('day'))}>
                                        {t('calMore', { n: events.length - most + 1 })}
                                    </button>
                                )}
                            </div>
                        );
                    })}
                </div>
            ))}
        </div>
    );
}

export function Agenda() {
    const { from, days } = range.value;
    const list = Array.from({ length: days }, (_, index) => addDays(from, index)).map((day) => ({ day, events: eventsOn(day) }));
    const filled = list.filter((one) => one.events.length);
    if (!filled.length) return <p class="empty">{t('calNothing')}</p>;
    return (
        <div class="agenda" tabIndex={0} role="region" aria-label={t('calList')}>
            {filled.map(({ day, events }) => (
                <section key={day.getTime()}>
                    <h2 class={sameDay(day, now.value) ? 'today' : ''}>
                        <b>{day.getDate()}</b> {formatDate(day, { weekday: 'long' })} <span>{formatDate(day, { month: 'long' })}</span>
                    </h2>
                    {events.map((event) => (
                        <button type="button" key={event.key} class={`entry ${classesOf(event)}`} onClick={(click) => choose(event, click.currentTarget)}>
                            <i class={`bar e${hueOf(event)}`} />
                            <span class="num">{timesOf(event)}</span>
                            <b>{titleOf(event)}</b>
                            <Spoken event={event} />
                            {event.place && (
                                <span class="where">
                                    <Icon name="pin" small /> {event.place}
                                </span>
                            )}
                            <Marks event={event} />
                        </button>
                    ))}
                </section>
            ))}
        </div>
    );
}
