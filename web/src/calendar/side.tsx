// The calendar's side: a month to jump in, and which calendars are shown.
import { useState } from 'preact/hooks';
import { calendars, type Calendar } from '../jmap/calendar';
import { formatDate, t, type Key } from '../i18n';
import { IconButton } from '../ui/parts';
import { addDays, sameDay, startOfWeek, weekNumber } from './times';
import { cursor, firstDay, hidden, now, range, toggle } from './view';

function MiniMonth() {
    const [shift, setShift] = useState(0);
    const month = new Date(cursor.value.getFullYear(), cursor.value.getMonth() + shift, 1);
    const first = startOfWeek(month, firstDay.value);
    const end = addDays(range.value.from, range.value.days);
    const weeks = Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (_, day) => addDays(first, week * 7 + day)));
    return (
        <div class="mini">
            <header>
                <b>{formatDate(month, { month: 'long', year: 'numeric' })}</b>
                <IconButton icon="left" small label={t('calBack')} onClick={() => setShift(shift - 1)} />
                <IconButton icon="right" small label={t('calOn')} onClick={() => setShift(shift + 1)} />
            </header>
            <div class="names" aria-hidden="true">
                <i />
                {weeks[0]!.map((day) => <span key={day.getDay()}>{formatDate(day, { weekday: 'narrow' })}</span>)}
            </div>
            {weeks.map((week) => (
                <div key={week[0]!.getTime()} class="week">
                    <i aria-hidden="true">{weekNumber(week[3]!)}</i>
                    {week.map((day) => (
                        <button type="button" key={day.getTime()} class={[day.getMonth() === month.getMonth() ? '' : 'other', day >= range.value.from && day < end && range.value.days < 40 ? 'in' : '', sameDay(day, now.value) ? 'today' : ''].join(' ')} aria-label={formatDate(day, { day: 'numeric', month: 'long', year: 'numeric' })} aria-current={sameDay(day, now.value) ? 'date' : undefined} onClick={() => (setShift(0), (cursor.value = day))}>
                            {day.getDate()}
                        </button>
                    ))}
                </div>
            ))}
        </div>
    );
}

function Group({ name, list }: { name: Key; list: Calendar[] }) {
    if (!list.length) return null;
    return (
        <fieldset class="cals">
            <legend>{t(name)}</legend>
            {list.map((one) => {
                const key = one.accountId + '/' + one.id;
                return (
                    <label key={key} class={`e${one.hue}`}>
                        <input type="checkbox" checked={!hidden.value.has(key)} onChange={() => toggle(key)} />
                        <span>{one.owner ? (one.name === 'Calendar' ? one.owner : `${one.owner}: ${one.name}`) : one.name}</span>
                        {!one.mayWrite && <small>{t(one.mayRead ? 'calReadOnly' : 'calFreeBusy')}</small>}
                    </label>
                );
            })}
        </fieldset>
    );
}

export function Side() {
    return (
        <div class="cal-side">
            <MiniMonth />
            <Group name="calMine" list={calendars.value.filter((one) => one.own)} />
            <Group name="calShared" list={calendars.value.filter((one) => !one.own)} />
        </div>
    );
}
