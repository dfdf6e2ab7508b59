// An event as it is drawn in every view, and what it is called when it is read out.
import { calendarOf, mine, type Occurrence } from '../jmap/calendar';
import { clock, formatDate, t } from '../i18n';
import { Icon } from '../ui/icons';
import { chosen, now } from './view';

export const hueOf = (event: Occurrence): number => calendarOf(event)?.hue ?? 1;
export const titleOf = (event: Occurrence): string => event.title || (event.raw.title === undefined && event.raw.freeBusyStatus ? t('calBusy') : t('calNoTitle'));

export function classesOf(event: Occurrence): string {
    const answer = mine(event)?.status;
    const open = event.tentative || answer === 'tentative' || (answer === 'needs-action' && !event.isOrigin);
    return [`e${hueOf(event)}`, open ? 'tent' : '', event.end < now.value ? 'past' : '', answer === 'declined' ? 'declined' : '', chosen.value?.event.key === event.key ? 'sel' : ''].join(' ');
}

export function timesOf(event: Occurrence): string {
    return event.allDay ? t('calAllDay') : `${clock(event.start)}–${clock(event.end)}`;
}

/** What is read out after the words that are shown: the day, and the time and state where they are only drawn. */
export function Spoken({ event, times }: { event: Occurrence; times?: boolean }) {
    const day = formatDate(event.start, { weekday: 'long', day: 'numeric', month: 'long' });
    return <span class="sr">{['', times ? timesOf(event) : '', day, event.tentative ? t('calTentative') : ''].filter((text, index) => index === 0 || text).join(', ')}</span>;
}

export function Marks({ event }: { event: Occurrence }) {
    const guests = event.participants.length;
    if (!guests && !event.baseId && !event.secret) return null;
    return (
        <span class="marks">
            {event.secret && <Icon name="lock" small label={t('calPrivate')} />}
            {guests > 1 && (
                <>
                    <Icon name="people" small /> {guests}
                </>
            )}
            {event.baseId && <Icon name="repeat" small label={t('calRepeats')} />}
        </span>
    );
}

export function choose(event: Occurrence, element: Element): void {
    chosen.value = { event, at: element.getBoundingClientRect() };
}
