// Runs the unit tests: bundles each for node, runs it by node's own runner, and prints `N passed, N failed` last.
import { build } from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { options } from './build.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '.dev', 'test');
rmSync(out, { recursive: true, force: true });
await build({
    ...options,
    target: ['node18'],
    platform: 'node',
    entryPoints: readdirSync(join(here, 'test')).filter((name) => name.endsWith('.test.ts')).map((name) => join(here, 'test', name)),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    inject: [join(here, 'test', 'browser.ts')],
    logLevel: 'warning',
});
const files = readdirSync(out).filter((name) => name.endsWith('.mjs')).map((name) => join(out, name));
const run = spawnSync(process.execPath, ['--test', '--test-reporter=tap', ...files], { encoding: 'utf8' });
process.stdout.write(run.stdout + run.stderr);
const total = (word) => Number(new RegExp(`^# ${word} (\\d+)`, 'm').exec(run.stdout)?.[1] ?? 0);
const passed = total('pass');
console.log(`${passed} passed, ${total('fail') + (passed === 0 ? 1 : 0)} failed`);
process.exitCode = run.status ?? 1;
