// The one policy of Trusted Types beside the sanitizer's: it passes two constants and nothing that was ever input.

interface Policy {
    createHTML(text: string): string;
    createScriptURL(text: string): string;
}
interface Types {
    createPolicy(name: string, rules: Policy): Policy;
}

/** The page of the mail frame before a message is put in: it may load nothing. */
const frame =
    '<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ' +
    "img-src blob: data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'\"><body></body>";
const rules: Policy = { createHTML: () => frame, createScriptURL: () => '/sw.js' };
const policy = (window as unknown as { trustedTypes?: Types }).trustedTypes?.createPolicy('lockstep', rules) ?? rules;

export const emptyFrame = (): string => policy.createHTML('');
export const workerAddress = (): string => policy.createScriptURL('');
