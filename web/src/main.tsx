// The client's start: theme and language, the session that the browser still has, the keys, the service worker.
import { render } from 'preact';
import { speak } from './i18n';
import { resume } from './jmap/sign';
import { onKey } from './keys';
import { tongue } from './prefs';
import { workerAddress } from './trusted';
import { App } from './shell/app';

void speak(tongue.value || navigator.language);
window.addEventListener('keydown', onKey);
render(<App />, document.getElementById('app')!);
void resume();
if ('serviceWorker' in navigator && isSecureContext) window.addEventListener('load', () => void register());

async function register(): Promise<void> {
    try {
        await navigator.serviceWorker.register(workerAddress());
    } catch {
        // Without it the client works, it only does not open offline.
    }
}
