// A development server: serves a fresh build on each load and passes everything else to a Lockstep server.
// usage: node dev.mjs [--port 5173] [--server http://127.0.0.1:8080]
import { createServer, request } from 'node:http';
import { existsSync, readFileSync, statSync, watch } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './build.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '.dev');
const argument = (name, fallback) => {
    const at = process.argv.indexOf('--' + name);
    return at < 0 ? fallback : process.argv[at + 1];
};
const server = new URL(argument('server', 'http://127.0.0.1:8080'));
const port = Number(argument('port', '5173'));
const types = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml',
    '.webmanifest': 'application/manifest+json',
};
const policy =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'; " +
    "require-trusted-types-for 'script'; trusted-types dompurify lockstep";

let stale = !process.argv.includes('--built');
if (stale) for (const folder of ['src', 'lang', 'static']) watch(join(here, folder), { recursive: process.platform !== 'linux' }, () => (stale = true));
let building;

async function fresh() {
    if (!stale) return;
    stale = false;
    building ??= bundle(out, { minify: false, sourcemap: 'inline' }).finally(() => (building = undefined));
    await building;
}

function pass(incoming, outgoing) {
    const headers = { ...incoming.headers, host: server.host };
    if (headers.origin) headers.origin = server.origin;
    const onward = request(
        { host: server.hostname, port: server.port, path: incoming.url, method: incoming.method, headers },
        (answer) => {
            outgoing.writeHead(answer.statusCode, answer.headers);
            answer.pipe(outgoing);
        },
    );
    onward.on('error', () => outgoing.writeHead(502).end('The server does not answer.'));
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
}

createServer(async (incoming, outgoing) => {
    const path = new URL(incoming.url, 'http://x').pathname;
    const root = process.argv.includes('--built') ? join(here, 'dist') : out;
    if (incoming.method !== 'GET' || /^\/(jmap|session|s|\.well-known|healthz)(\/|$)/.test(path)) return pass(incoming, outgoing);
    await fresh().catch((error) => console.error(error.message));
    let file = join(root, path.replaceAll('..', ''));
    if (path === '/' || !existsSync(file) || !statSync(file).isFile()) file = join(root, 'index.html');
    outgoing.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy });
    outgoing.end(readFileSync(file));
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port} -> ${server.origin}`));
