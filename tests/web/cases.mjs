// The cases of the browser suite, each a claim; run.mjs gives each a fresh browser context on one running server.
import assert from 'node:assert/strict';
import { join } from 'node:path';

/** JMAP from inside the page, as another program of the same person would speak it. */
const jmap = (page, calls) =>
    page.evaluate(async (methodCalls) => {
        const session = await (await fetch('/.well-known/jmap', { headers: { 'X-Lockstep': 'web' } })).json();
        const answer = await fetch(new URL(session.apiUrl).pathname, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', 'X-Lockstep': 'web' },
            body: JSON.stringify({ using: ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail'], methodCalls }),
        });
        return (await answer.json()).methodResponses;
    }, calls);

async function addMail(page, html, subject) {
    const [[, boxes]] = await jmap(page, [['Mailbox/get', { accountId: 'a1', ids: null }, '0']]);
    const inbox = boxes.list.find((box) => box.role === 'inbox').id;
    const email = {
        mailboxIds: { [inbox]: true }, from: [{ name: 'Mallory', email: 'mallory@evil.example' }], to: [{ email: 'anna@example.org' }], subject,
        htmlBody: [{ partId: 'h', type: 'text/html' }], bodyValues: { h: { value: html } },
    };
    const [[, made]] = await jmap(page, [['Email/set', { accountId: 'a1', create: { m: email } }, '0']]);
    assert.ok(made.created?.m, JSON.stringify(made));
    return { id: made.created.m.id, inbox };
}

const attacks = `
<p>visible text</p><script>parent.hacked=1</script><img src=x onerror="parent.hacked=1"><svg><animate onbegin="parent.hacked=1" attributeName=x dur=1s></svg>
<svg><filter id=f><feImage href="http://127.0.0.1:9/fe"/></filter></svg><a id=go href="javascript:parent.hacked=1">go</a>
<form action="http://127.0.0.1:9/form"><input name=p><button>send</button></form><div style="background:url(http://127.0.0.1:9/css);position:fixed;color:rgb(1,2,3)">styled</div>
<img src="http://127.0.0.1:9/pixel.gif" width=1 height=1><img srcset="http://127.0.0.1:9/set 1x"><link rel=stylesheet href="http://127.0.0.1:9/l.css"><style>@import "http://127.0.0.1:9/i.css";</style>
<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/m"><base href="http://127.0.0.1:9/"><iframe src="http://127.0.0.1:9/f"></iframe><video poster="http://127.0.0.1:9/v"></video>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=parent.hacked=1&gt;"></table></math><object data="http://127.0.0.1:9/o"></object>`;

async function faultless(page, axe, where) {
    await page.evaluate(axe);
    const found = await page.evaluate(async () => (await window.axe.run(document, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).slice(0, 4).join(' | ')}`));
    assert.deepEqual(found, [], where);
}

const screens = [
    ['signin', async () => {}],
    ['mail', async ({ page, signIn }) => { await signIn(); if (page.viewportSize().width > 760) { await page.click('.msg >> nth=2'); await page.waitForSelector('.m:not(.fold)'); } }],
    ['compose', async ({ page, signIn, base }) => { await signIn(); await page.goto(base + '/mail?compose'); await page.waitForSelector('.composer'); }],
    ['sync', async ({ page, signIn, base }) => { await signIn(); await page.goto(base + '/options/sync'); await page.waitForSelector('.invite svg.qr'); assert.match(await page.textContent('.invite'), /Works once, for (10:00|9:)/); }],
    ...[['calendar', '.cal-grid .ev, .agenda'], ['people', '.who'], ['todo', '.task'], ['notes', '.note-list li']].map(([name, ready]) => [
        name,
        async ({ page, signIn, base }) => { await signIn(); await page.goto(base + '/' + name); await page.waitForSelector(ready, { state: 'attached' }); },
    ]),
    ['appearance', async ({ page, signIn, base }) => { await signIn(); await page.goto(base + '/options/appearance'); await page.waitForSelector('.card'); }],
];

const accessible = ['light', 'dark'].flatMap((theme) =>
    [['desktop', 1440, 900], ['phone', 390, 844]].map(([size, width, height]) => [
        `axe finds nothing on any screen, ${theme}, ${size}`,
        async (world) => {
            const { page, context, base, axe, pictures } = world;
            await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
            await page.setViewportSize({ width, height });
            for (const [name, open] of screens) {
                await context.clearCookies();
                await page.goto(base + '/');
                await page.waitForSelector('.sign-card button');
                await open(world);
                await page.screenshot({ path: join(pictures, `${name}-${theme}-${size}.png`) });
                // The client's own policy forbids injected scripts; the checker is put in by the driver, which it does not bind.
                await faultless(page, axe, name);
            }
        },
    ]),
);

export const cases = [
    ['a wrong password is refused in words, a right one opens the Inbox, and signing out closes it', async ({ page, base, signIn }) => {
        await page.goto(base + '/mail');
        await page.fill('input[name=username]', 'anna@example.org');
        await page.fill('input[name=password]', 'wrong');
        await page.click('.sign-card button');
        await page.waitForFunction(() => /not right/.test(document.querySelector('.sign-error')?.textContent ?? ''));
        await signIn();
        assert.match(await page.textContent('.list-head h1'), /Inbox/);
        await page.click('.account-button');
        await page.click('[role=menuitem]:has-text("Sign out")');
        await page.waitForSelector('input[name=password]');
    }],
    ['opening a message reads it, deleting moves it to Trash, and undo brings it back (action table)', async ({ page, signIn }) => {
        await signIn();
        const { id, inbox } = await addMail(page, '<p>about to go</p>', 'Undo me');
        const row = page.locator('.msg', { hasText: 'Undo me' });
        await row.click();
        await page.waitForFunction(() => !document.querySelector('.msg[aria-selected=true]')?.classList.contains('unread'));
        await page.keyboard.press('#');
        await row.waitFor({ state: 'detached' });
        await page.waitForSelector('.toast:has-text("Trash")');
        let [[, got]] = await jmap(page, [['Email/get', { accountId: 'a1', ids: [id], properties: ['mailboxIds', 'keywords'] }, '0']]);
        assert.ok(!got.list[0].mailboxIds[inbox] && got.list[0].keywords.$seen);
        await page.click('.toast button:has-text("Undo")');
        await row.waitFor();
        await page.waitForTimeout(300);
        [[, got]] = await jmap(page, [['Email/get', { accountId: 'a1', ids: [id], properties: ['mailboxIds'] }, '0']]);
        assert.ok(got.list[0].mailboxIds[inbox]);
    }],
    ['hostile HTML runs no script and asks for nothing (H1 to H7)', async ({ page, base, signIn }) => {
        await signIn();
        const asked = [];
        page.on('request', (request) => request.url().startsWith(base) || /^(blob|data|about):/.test(request.url()) || asked.push(request.url()));
        await addMail(page, attacks, 'Hostile');
        await page.locator('.msg', { hasText: 'Hostile' }).click();
        const frame = page.frameLocator('.mail-frame');
        await frame.locator('text=visible text').waitFor();
        await frame.locator('text=go').first().click({ timeout: 2000 }).catch(() => {});
        await page.waitForTimeout(500);
        assert.deepEqual(asked, []);
        assert.equal(await page.evaluate(() => window.hacked), undefined);
        assert.equal(await frame.locator('script, form, iframe, svg, style, link, object, video, base').count(), 0);
        assert.match(await page.textContent('.blocked'), /not loaded.*127\.0\.0\.1:9/s);
    }],
    ['a message is written with a suggestion, its draft is kept, it is sent and lies in Sent', async ({ page, signIn }) => {
        await signIn();
        await page.evaluate(() => localStorage.setItem('lockstep.sendDelay', '0'));
        await page.reload();
        await page.waitForSelector('.msg:not(.blank)');
        await page.keyboard.press('c');
        await page.waitForSelector('.composer .text');
        await page.keyboard.type('ben');
        await page.locator('.offers [role=option]').first().waitFor();
        await page.keyboard.press('Enter');
        await page.fill('.subject-field', 'Written in a browser');
        await page.click('.composer .text');
        await page.keyboard.type('With words.');
        await page.waitForSelector('.saved:has-text("Draft saved")');
        await page.keyboard.press('Control+Enter');
        await page.waitForSelector('.toast:has-text("Sent")');
        const [[, boxes], [, found]] = await jmap(page, [['Mailbox/get', { accountId: 'a1', ids: null }, '0'], ['Email/query', { accountId: 'a1', filter: { subject: 'Written in a browser' } }, '1']]);
        assert.equal(found.ids.length, 1);
        const [[, got]] = await jmap(page, [['Email/get', { accountId: 'a1', ids: found.ids, properties: ['mailboxIds', 'keywords'] }, '0']]);
        assert.ok(got.list[0].mailboxIds[boxes.list.find((box) => box.role === 'sent').id]);
        assert.ok(!got.list[0].keywords.$draft);
    }],
    ['what another program changes is on the screen without reloading', async ({ page, signIn }) => {
        await signIn();
        await page.waitForSelector('.sync:has-text("In step")');
        await addMail(page, '<p>now</p>', 'Came by push');
        await page.locator('.msg', { hasText: 'Came by push' }).waitFor();
    }],
    ['search says honestly what it found, and that it found nothing', async ({ page, signIn }) => {
        await signIn();
        await page.keyboard.press('/');
        await page.keyboard.type('Aurora');
        await page.keyboard.press('Enter');
        await page.waitForSelector('.list-head .sub:has-text("result")');
        await page.fill('.search input', 'qqzzyyxx');
        await page.keyboard.press('Enter');
        await page.waitForSelector('.empty:has-text("Nothing was found")');
    }],
    ['German is whole on the screen, Arabic turns the page round', async ({ page, signIn }) => {
        await signIn();
        await page.evaluate(() => localStorage.setItem('lockstep.language', '"de"'));
        await page.reload();
        await page.waitForSelector('h1:has-text("Posteingang")');
        await page.evaluate(() => localStorage.setItem('lockstep.language', '"ar"'));
        await page.reload();
        await page.waitForSelector('html[dir=rtl]');
    }],
    ...accessible,
];
