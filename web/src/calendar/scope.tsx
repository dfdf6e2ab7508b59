// The question that a change of a repeating event asks: this one, this and the following, or all.
import { signal } from '@preact/signals';
import { Dialog } from '../ui/parts';
import type { Occurrence } from '../jmap/calendar';
import { t } from '../i18n';
import { remove, reschedule, type Scope } from './acts';

interface Question {
    title: string;
    run(scope: Scope): void;
}
const question = signal<Question | null>(null);

/** Asks, unless there is only one answer. */
export function withScope(event: Occurrence, title: string, run: (scope: Scope) => void): void {
    if (event.baseId) question.value = { title, run };
    else run('this');
}

export const askScope = (event: Occurrence, start: Date, end: Date): void => withScope(event, t('calMoveWhich'), (scope) => void reschedule(event, start, end, scope));
export const askRemove = (event: Occurrence): void => withScope(event, t('calRemoveWhich'), (scope) => void remove(event, scope));

export function ScopeQuestion() {
    const asked = question.value;
    if (!asked) return null;
    const choose = (scope: Scope) => {
        question.value = null;
        asked.run(scope);
    };
    return (
        <Dialog title={asked.title} class="narrow" onClose={() => (question.value = null)}>
            <div class="choices">
                <button type="button" class="btn sec" onClick={() => choose('this')}>
                    {t('calThis')}
                </button>
                <button type="button" class="btn sec" onClick={() => choose('following')}>
                    {t('calFollowing')}
                </button>
                <button type="button" class="btn sec" onClick={() => choose('all')}>
                    {t('calAll')}
                </button>
            </div>
        </Dialog>
    );
}
