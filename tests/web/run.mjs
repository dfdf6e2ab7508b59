// Drives the web client in Chromium against a real server with sample data, from sign-in to sign-out.
// usage: run.mjs SERVER [PICTURES] [--through-dev] (web/dev.mjs serves web/dist before a server built without it); prints `N passed, N failed` last. Invariants: loopback only; the server and its data end with the run.
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createServer } from 'node:net';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const need = createRequire(join(root, 'web/package.json'));
const { chromium } = need('playwright-core');
const axe = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');
const server = resolve(process.argv[2] ?? 'build/release/lockstep');
const pictures = process.argv[3] ?? join(root, 'build/web-pictures');
const { cases } = await import(pathToFileURL(join(root, 'tests/web/cases.mjs')));

const freePort = () =>
    new Promise((done) => {
        const probe = createServer().listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => done(port));
        });
    });

async function start(data) {
    const made = spawnSync(server, ['--data', data, 'demo'], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error('demo: ' + made.stderr);
    const http = await freePort();
    const settings = [`listen.http=127.0.0.1:${http}`, `listen.https=127.0.0.1:${await freePort()}`, `listen.smtp=127.0.0.1:${await freePort()}`, 'domain.default=example.org'];
    for (const name of ['imap', 'imaps', 'submission', 'submissions']) settings.push(`listen.${name}=127.0.0.1:${await freePort()}`);
    const process_ = spawn(server, ['--data', data, 'serve', ...settings.flatMap((one) => ['--set', one])], { stdio: ['ignore', 'pipe', 'pipe'] });
    await new Promise((done, failed) => {
        let said = '';
        const hear = (chunk) => (said += chunk).includes('ready ') && done();
        process_.stdout.on('data', hear);
        process_.stderr.on('data', hear);
        process_.on('exit', () => failed(new Error('the server ended: ' + said)));
    });
    if (!process.argv.includes('--through-dev')) return { process: process_, base: `http://127.0.0.1:${http}` };
    const port = await freePort();
    const front = spawn(process.execPath, [join(root, 'web/dev.mjs'), '--built', '--port', String(port), '--server', `http://127.0.0.1:${http}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((done) => front.stdout.once('data', done));
    return { process: process_, front, base: `http://127.0.0.1:${port}` };
}

const data = mkdtempSync(join(tmpdir(), 'lockstep-web-'));
mkdirSync(pictures, { recursive: true });
let passed = 0;
let failed = 0;
let running;
let browser;
try {
    running = await start(data);
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    for (const [name, run] of cases) {
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Berlin' });
        const page = await context.newPage();
        page.setDefaultTimeout(15000);
        const faults = [];
        page.on('pageerror', (error) => faults.push(error.message));
        try {
            await run({ page, context, base: running.base, axe, pictures, signIn: () => signIn(page, running.base) });
            if (faults.length) throw new Error('errors in the page: ' + faults.join('; '));
            passed++;
            console.log('ok      ' + name);
        } catch (error) {
            failed++;
            console.log('FAILED  ' + name + '\n' + String(error.stack ?? error).split('\n').slice(0, 8).join('\n'));
            await page.screenshot({ path: join(pictures, 'failed-' + failed + '.png') }).catch(() => {});
        }
        await context.close();
    }
} catch (error) {
    failed++;
    console.log(String(error.stack ?? error));
} finally {
    await browser?.close();
    running?.process.removeAllListeners('exit');
    running?.front?.kill('SIGTERM');
    running?.process.kill('SIGTERM');
    rmSync(data, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

async function signIn(page, base) {
    await page.goto(base + '/mail');
    await page.fill('input[name=username]', 'anna@example.org');
    await page.fill('input[name=password]', 'lockstep');
    await page.click('.sign-card button');
    await page.waitForSelector('.msg:not(.blank)');
}
