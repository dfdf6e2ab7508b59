// The messages being written, above every screen; the editor's chunk is fetched with the first.
import { useEffect, useState } from 'preact/hooks';
import type { FunctionComponent } from 'preact';
import { writing, type Writing } from './state';

export function ComposeWindows() {
    const [Editor, setEditor] = useState<FunctionComponent<{ one: Writing }> | null>(null);
    const needed = writing.value.length > 0;
    useEffect(() => {
        if (needed && !Editor) void import('./editor').then((loaded) => setEditor(() => loaded.default));
    }, [needed]);
    if (!needed || !Editor) return null;
    return <div class="composers">{writing.value.map((one) => <Editor key={one.key} one={one} />)}</div>;
}
