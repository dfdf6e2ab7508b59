// What the tested files expect of a browser at their loading, as little as does.
const none = () => {};
const element = { dataset: {} as Record<string, string>, lang: '', dir: '' };
const given: Record<string, unknown> = {
    window: globalThis,
    document: { documentElement: element },
    location: { pathname: '/mail', search: '', origin: 'https://mail.example.org' },
    history: { pushState: none, replaceState: none },
    localStorage: { getItem: () => null, setItem: none },
    matchMedia: () => ({ matches: false, addEventListener: none }),
    addEventListener: none,
};
for (const [name, value] of Object.entries(given)) if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true });
if (!('navigator' in globalThis)) Object.defineProperty(globalThis, 'navigator', { value: { platform: 'Linux', language: 'en' } });
