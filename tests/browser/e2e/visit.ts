/**
 * A visit to the page: opening it, waiting for it, and what a hand does.
 *
 * @module
 */
import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { servePlayground } from "../../../examples/browser/serve.ts";
import {
  type Browser,
  type Download,
  launchChromium,
  type Page,
  type PageFile,
  type PageOptions,
  SOFTWARE_WEBGL,
} from "../deps.ts";

export type { Page, PageFile };

/** What the checks are told. */
export const { values: flags } = parseArgs({
  args: Deno.args,
  options: {
    chromium: { type: "string", default: "/usr/bin/chromium" },
    only: { type: "string", default: "" },
    pictures: { type: "string" },
  },
});

/** Milliseconds for what a slow and busy machine takes long for. */
const LONG = 180_000;

const server = servePlayground(0);
/** Where the page is. */
export const url = `http://localhost:${server.addr.port}/`;
const { chromium: executablePath } = flags;

/** One thing that is tried, and what it is called. */
export type Check = readonly [name: string, run: () => Promise<void>];

/** All of them, in their order. */
export const checks: Check[] = [];

/** Adds a check. */
export function check(name: string, run: () => Promise<void>): void {
  checks.push([name, run]);
}

let browser: Browser | undefined;

/** Opens the page, and keeps what it says on the console. */
export async function open(
  options: PageOptions = {},
  { on, before }: { on?: Browser; before?: (page: Page) => Promise<void> } = {},
): Promise<{ page: Page; errors: string[] }> {
  browser ??= await launchChromium({ executablePath, args: SOFTWARE_WEBGL });
  const page = await (on ?? browser).newPage(options), errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.addInitScript(`
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(duration);
    }).observe({ type: "longtask", buffered: true });
  `);
  await page.addInitScript(`
    new MutationObserver(() => {
      if (document.body?.dataset.phase === "ready") globalThis.readyAt ??= performance.now();
    }).observe(document, { attributes: true, childList: true, subtree: true });
  `);
  await before?.(page);
  await page.goto(url);
  await phase(page, "ready");
  return { page, errors };
}

/** Waits until something is so. The page lets nobody else evaluate strings while it waits. */
export async function until(page: Page, expression: string): Promise<void> {
  const end = performance.now() + LONG;
  while (!await page.evaluate<boolean>(expression)) {
    if (performance.now() > end) {
      const said = `${await text(page, "#status")} ${await text(page, "#problems")}`;
      assert.fail(`it must become true: ${expression}. The page says: ${said}`);
    }
    await page.waitForTimeout(50);
  }
}

/** Waits until a run stands somewhere. */
export function phase(page: Page, name: string): Promise<void> {
  return until(page, `document.body.dataset.phase === "${name}"`);
}

/** Waits until a run has taken some steps. */
export function step(page: Page, least: number): Promise<void> {
  return until(page, `Number(document.body.dataset.step ?? 0) >= ${least}`);
}

export async function text(page: Page, selector: string): Promise<string> {
  return await page.textContent(selector) ?? "";
}

/** Waits until a text has a word in it. */
export async function says(page: Page, selector: string, word: string): Promise<void> {
  const has = `document.querySelector(${JSON.stringify(selector)}).textContent.includes(${
    JSON.stringify(word)
  })`;
  try {
    await until(page, has);
  } catch {
    assert.fail(`'${selector}' must say '${word}': it says '${await text(page, selector)}'`);
  }
}

/** The ELBO as the ledger shows it. */
export async function elbo(page: Page): Promise<number> {
  return Number((await text(page, ".row:last-child .value")).replace("−", "-"));
}

/** A picture of the page as text. */
export function pixels(page: Page, selector: string): Promise<string> {
  return page.evaluate(`document.querySelector("${selector}").toDataURL()`);
}

/** A picture of the page as text, once nothing in it moves any more. */
export async function settled(page: Page, selector: string): Promise<string> {
  for (let before = "", now = await pixels(page, selector);; now = await pixels(page, selector)) {
    if (now === before) return now;
    before = now;
    await page.waitForTimeout(500);
  }
}

/** Waits until a picture is another one. */
export function changes(page: Page, selector: string, before: string): Promise<void> {
  const now = `document.querySelector("${selector}").toDataURL()`;
  return until(page, `${now} !== ${JSON.stringify(before)}`);
}

/** A small model, on some backend. */
export async function chooseSmall(page: Page, backend: string): Promise<void> {
  await page.evaluate(`document.querySelectorAll("details").forEach((more) => more.open = true)`);
  await page.selectOption("#backend", backend);
  await page.selectOption("#width", "32");
  await page.selectOption("#batch", "64");
}

/** Trains a small model for some steps, and stops. */
export async function train(page: Page, backend: string, steps: number): Promise<void> {
  await chooseSmall(page, backend);
  await page.fill("#epochs", "1000"); // It does not end by itself before it is stopped.
  await page.click("#go");
  await step(page, steps);
  await page.click("#other");
  await phase(page, "stopped");
}

/** Drops files onto the page, as a hand does. */
export async function drop(page: Page, files: readonly PageFile[]): Promise<void> {
  const list = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: [...buffer] }));
  await page.evaluate(`{
    const transfer = new DataTransfer();
    for (const { name, mimeType, bytes } of ${JSON.stringify(list)}) {
      transfer.items.add(new File([Uint8Array.from(bytes)], name, { type: mimeType }));
    }
    const dropped = new DragEvent("drop", { dataTransfer: transfer, bubbles: true });
    document.querySelector("main").dispatchEvent(dropped);
  }`);
}

export function textFile(name: string, content: string, mimeType = "text/csv"): PageFile {
  return { name, mimeType, buffer: new TextEncoder().encode(content) };
}

/** A table with columns of all kinds, and gaps. */
export function table(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const kind = ["ash", "birch", "oak"][i % 3]!, height = 10 + 5 * (i % 3) + (i * 7 % 11) / 4;
    return `${i % 17 === 0 ? "" : height.toFixed(2)},${i % 5},${i % 2},"${kind}",id${i}`;
  });
  return ["height,nests,healthy,kind,label", ...lines].join("\n");
}

/** Starts a file, and waits until it is there. */
export async function download(page: Page, start: () => Promise<void>): Promise<Download> {
  const downloading = page.waitForEvent("download");
  await start();
  return await downloading;
}

/** Closes the browser and the server. */
export async function close(): Promise<void> {
  await browser?.close();
  await server.shutdown();
}
