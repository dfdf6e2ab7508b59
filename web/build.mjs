// Builds the web client into dist/: bundled, split, hashed, and compressed beside each file.
import { build } from 'esbuild';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');

export const options = {
    absWorkingDir: here,
    bundle: true,
    charset: 'utf8',
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    legalComments: 'none',
};

/** Every file below a folder, in a fixed order. */
function files(folder) {
    return readdirSync(folder)
        .sort()
        .flatMap((name) => {
            const path = join(folder, name);
            return statSync(path).isDirectory() ? files(path) : [path];
        });
}

/** Writes the page that loads the entry's script and style. */
export function page(script, style) {
    return readFileSync(join(here, 'static/index.html'), 'utf8').replace('%SCRIPT%', script).replace('%STYLE%', style);
}

export async function bundle(outdir, extra = {}) {
    rmSync(outdir, { recursive: true, force: true });
    mkdirSync(outdir, { recursive: true });
    const result = await build({
        ...options,
        entryPoints: { app: 'src/main.tsx', style: 'src/css/style.css' },
        outdir: join(outdir, 'assets'),
        entryNames: '[name]-[hash]',
        chunkNames: '[name]-[hash]',
        splitting: true,
        minify: true,
        metafile: true,
        ...extra,
    });
    const outputs = Object.keys(result.metafile.outputs).map((name) => '/' + relative(outdir, join(here, name)));
    const find = (start, end) => outputs.find((name) => name.startsWith(start) && name.endsWith(end));
    writeFileSync(join(outdir, 'index.html'), page(find('/assets/app-', '.js'), find('/assets/style-', '.css')));
    for (const name of ['manifest.webmanifest', 'icon.svg'])
        writeFileSync(join(outdir, name), readFileSync(join(here, 'static', name)));
    const shell = outputs.filter((name) => /\.(js|css)$/.test(name)).sort();
    const version = createHash('sha256').update(shell.join()).digest('hex').slice(0, 12);
    await build({
        ...options,
        entryPoints: ['src/sw.ts'],
        outfile: join(outdir, 'sw.js'),
        minify: true,
        define: { SHELL: JSON.stringify(['/', ...shell]), VERSION: JSON.stringify(version) },
    });
    return result.metafile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    await bundle(dist);
    for (const path of files(dist)) {
        const body = readFileSync(path);
        if (body.length < 512) continue;
        writeFileSync(path + '.gz', gzipSync(body, { level: 9 }));
        writeFileSync(path + '.br', brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    }
    if (!existsSync(join(dist, 'index.html'))) throw new Error('no page was written');
}
