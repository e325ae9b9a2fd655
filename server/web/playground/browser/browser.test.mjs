// Opens the playground, and the page about the data, in headless Chromium as people at a
// desk and on a phone would. BASE_URL is the gateway to open and CHROMIUM the browser;
// SCREENSHOTS, when set, is a folder for pictures of what was seen. See run.sh.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { chromium } from "playwright-core";

const { BASE_URL, CHROMIUM, SCREENSHOTS } = process.env;
const origin = new URL(BASE_URL).origin;

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// Faults that axe reports, that are known, and that shut nobody out.
const allowed = [
  {
    rule: "scrollable-region-focusable",
    within: ".CodeMirror-scroll",
    reason: "an editor scrolls with the arrow and page keys of the field inside it",
  },
];

const screens = {
  desktop: { viewport: { width: 1280, height: 800 } },
  "desktop, dark": { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: flags });
});

after(() => browser?.close());

for (const [screen, options] of Object.entries(screens)) {
  const run = (what, body) => test(`${screen}: ${what}`, { timeout: 60_000 }, (t) =>
    visit(t, `${screen} ${what}`, options, body));

  run("the first example runs with the keyboard", async ({ page }) => {
    await page.locator("textarea[aria-label=Query]").focus();
    await page.keyboard.press("Control+Enter");
    const answer = await answered(page);
    assert.ok(answer.data.residents.nodes.length > 0, "no residents in the answer");
    await page.locator(".graphiql-response").getByText("contactDetails").first().waitFor();
  });

  run("every example is answered without errors", async ({ page }) => {
    const tabs = page.locator(".graphiql-tab-button");
    for (let i = 0; i < (await tabs.count()); i++) {
      await tabs.nth(i).click();
      await settled(page);
      await page.getByRole("button", { name: /^Execute query/ }).click();
      const answer = await answered(page);
      assert.equal(answer.errors, undefined, `${await tabs.nth(i).textContent()} has errors`);
    }
  });

  run("the documentation tells of residents", async ({ page }) => {
    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    await page.getByRole("link", { name: "Resident", exact: true }).click();
    await page.locator(".graphiql-doc-explorer-title", { hasText: /^Resident$/ }).waitFor();
    await page.getByRole("link", { name: "contactDetails", exact: true }).waitFor();
  });

  run("dialogs and menus open within the policy", async ({ page, check }) => {
    await page.getByRole("button", { name: "Open settings dialog" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    assert.equal(await dialog.getByText("Persist headers").count(), 0, "headers can be kept");
    await check("settings");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    await type(page, "Query", "query A { sources { name } } query B { sources { title } }");
    await settled(page);
    await page.getByRole("button", { name: /^Execute query/ }).click();
    await page.getByRole("menuitem", { name: "B" }).click();
    const { data } = await answered(page);
    assert.ok(data.sources.every(({ name, title }) => title && !name), "B was not what ran");
  });

  run("the history is listed by what was asked", async ({ page }) => {
    await page.getByRole("button", { name: /^Execute query/ }).click();
    await answered(page);
    await page.getByRole("button", { name: "Show History" }).click();
    await page.locator(".graphiql-history-item").getByRole("button", { name: /Residents/ }).waitFor();
  });

  run("a token is sent and forgotten", async ({ page }) => {
    await page.getByRole("button", { name: "Headers", exact: true }).click();
    await type(page, "Headers", '{ "X-Playground-Test": "forget me" }');
    const sent = page.waitForRequest((r) => r.headers()["x-playground-test"] === "forget me");
    await page.getByRole("button", { name: /^Execute query/ }).click();
    await sent;
    await answered(page);
    await settled(page);
    assert.deepEqual(await kept(page), []);

    await page.reload();
    await page.locator("textarea[aria-label=Headers]").waitFor({ state: "attached" });
    assert.ok(!(await texts(page)).some((text) => text.includes("forget me")), "it was kept");
  });
}

test("desktop: the Tab key goes through the page and out of every editor", async (t) => {
  await visit(t, "desktop tab key", screens.desktop, async ({ page }) => {
    const seen = [];
    for (let i = 0; i < 60 && !seen.includes("Answer"); i++) {
      await page.keyboard.press("Tab");
      seen.push(await page.evaluate(() => {
        const { ariaLabel, textContent } = document.activeElement;
        return ariaLabel ?? textContent;
      }));
    }
    for (const name of ["Health", "Residents", "Query", "Variables", "Answer"]) {
      assert.ok(seen.includes(name), `${name} is not among what Tab reaches: ${seen}`);
    }
  });
});

for (const [screen, options] of Object.entries(screens)) {
  test(`${screen}: the state of the data shuts nobody out`, { timeout: 60_000 }, async (t) => {
    const { page, faults } = await openStatus(t, options);
    assert.equal(await page.locator("h1").textContent(), "State of the data");
    if (SCREENSHOTS) {
      mkdirSync(SCREENSHOTS, { recursive: true });
      const file = `${screen} status`.replace(/[^a-z]+/gi, "-");
      await page.screenshot({ path: join(SCREENSHOTS, `${file}.png`), fullPage: true });
    }
    for (const kind of ["well", "wait", "ill"]) { // whatever the state, it can be read
      await page.evaluate((kind) => document.querySelectorAll(".state").forEach((element) => {
        element.className = `state ${kind}`;
      }), kind);
      faults.push(...(await shutOut(page)));
      const { wide, seen } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        seen: window.innerWidth,
      }));
      assert.ok(wide <= seen, `the page is ${wide} wide, the window ${seen}`);
    }
    assert.deepEqual(faults, []);
  });
}

test("the state of the data needs no scripts", { timeout: 60_000 }, async (t) => {
  const { page, answer, faults } = await openStatus(t, { javaScriptEnabled: false });
  assert.equal(answer.headers().refresh, "30");
  assert.equal(await page.locator("section").count(), 4);
  assert.equal(await page.getByRole("table", { name: "Tables of Mosaic" }).count(), 1);
  await page.getByRole("link", { name: "Stop that" }).click();
  await page.getByText("This page stays as it is.").waitFor();
  await page.getByRole("link", { name: /^Read it again/ }).click();
  await page.getByText("This page is read again every 30 seconds.").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // skips to what matters
  assert.ok(page.url().endsWith("#main"), page.url());
  assert.deepEqual(faults, []);
});

// openStatus opens the page for those who keep the gateway running.
async function openStatus(t, options) {
  const faults = [];
  const context = await browser.newContext(options);
  t.after(() => context.close());
  const page = await context.newPage();
  page.on("console", (m) => m.type() === "error" && faults.push(`console: ${m.text()}`));
  page.on("request", (r) => {
    if (new URL(r.url()).origin !== origin) {
      faults.push(`asks another host: ${r.url()}`);
    }
  });
  const answer = await page.goto(new URL("/status", BASE_URL).href);
  return { page, answer, faults };
}

// visit opens the page, does what body says there, and fails for whatever should not
// happen on any visit.
async function visit(t, name, options, body) {
  const faults = [];
  const context = await browser.newContext(options);
  t.after(() => context.close());
  const page = await context.newPage();
  page.on("console", (m) => m.type() === "error" && faults.push(`console: ${m.text()}`));
  page.on("pageerror", (error) => faults.push(`page error: ${error.message}`));
  page.on("requestfailed", (r) => faults.push(`failed: ${r.url()}`));
  page.on("request", (r) => {
    const url = new URL(r.url());
    if (url.protocol !== "data:" && url.origin !== origin) {
      faults.push(`asks another host: ${r.url()}`);
    }
  });
  await page.exposeFunction("reportViolation", (text) => faults.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });

  await page.goto(BASE_URL);
  await page.locator("textarea[aria-label=Query]").waitFor({ state: "attached" });
  await page.locator(".graphiql-spin").waitFor({ state: "detached" }); // the schema is here

  // check pictures the page as it is now, and looks for faults in it.
  const check = async (moment) => {
    await settled(page);
    if (SCREENSHOTS) {
      mkdirSync(SCREENSHOTS, { recursive: true });
      const file = `${name} ${moment}`.trim().replace(/[^a-z]+/gi, "-");
      await page.screenshot({ path: join(SCREENSHOTS, `${file}.png`) });
    }
    faults.push(...(await shutOut(page)));
    const { wide, seen } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      seen: window.innerWidth,
    }));
    assert.ok(wide <= seen, `the page is ${wide} wide, the window ${seen}`);
  };

  await body({ page, check });
  await check("");
  faults.push(...(await kept(page)).map((key) => `kept in the browser: ${key}`));
  assert.deepEqual(faults, []);
}

// settled waits for what GraphiQL does up to 600 milliseconds after a change, and tells
// nobody of when it is done: read the operation, store it, draw the margin, open, fade.
function settled(page) {
  return page.waitForTimeout(1000);
}

// answered waits for the answer and returns it.
async function answered(page) {
  await page.waitForFunction(() => {
    const text = document.querySelector(".graphiql-response .CodeMirror").CodeMirror.getValue();
    return text !== "" && !document.querySelector(".graphiql-spinner");
  });
  return JSON.parse((await texts(page)).at(-1));
}

// texts returns what the editors hold, that with the answer last.
function texts(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll(".CodeMirror")].map((e) => e.CodeMirror.getValue()));
}

async function type(page, editor, text) {
  await page.locator(`textarea[aria-label=${editor}]`).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

// kept names what the page has left in the browser.
function kept(page) {
  return page.evaluate(async () => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
    ...document.cookie.split(";").filter(Boolean),
    ...(await indexedDB.databases()).map(({ name }) => name),
    ...("caches" in window ? await caches.keys() : []),
  ]);
}

// shutOut tells of each thing on the page that some people could not use.
async function shutOut(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => ({ id, at: target.join(" ") })))
    .filter(({ id, at }) => !allowed.some((a) => a.rule === id && at.includes(a.within)))
    .map(({ id, at }) => `axe: ${id} at ${at}`);
}
