/**
 * What is missing, lost or damaged: the page says what happened and what to do, and keeps what there was.
 *
 * @module
 */
import assert from "node:assert/strict";
import { presets, toBlob, useBackend } from "../../../mod.ts";
import { launchChromium, NO_WEBGL } from "../deps.ts";
import {
  check,
  chooseSmall,
  drop,
  elbo,
  flags,
  open,
  type Page,
  type PageFile,
  phase,
  says,
  step,
  table,
  text,
  textFile,
  train,
  until,
} from "./visit.ts";

check("without WebGL and WebGPU the backend falls back, and says so", async () => {
  const other = await launchChromium({ executablePath: flags.chromium, args: NO_WEBGL });
  try {
    for (const wanted of ["webgl", "webgpu"]) {
      const { page, errors } = await open({}, { on: other });
      await train(page, wanted, 2);
      const title = wanted === "webgl" ? "WebGL" : "WebGPU";
      await says(page, "#backend-note", "Runs on WebAssembly");
      assert.match(await text(page, "#backend-note"), new RegExp(`${title} did not start: .+\\.`));
      assert.deepEqual(errors, []);
      await page.close();
    }
  } finally {
    await other.close();
  }
});

check("without shared memory wasm has one thread, and says so", async () => {
  const { page } = await open({}, {
    before: (page) =>
      page.route("**/*", async (route) => {
        const response = await route.fetch(), headers = response.headers();
        delete headers["cross-origin-opener-policy"];
        delete headers["cross-origin-embedder-policy"];
        await route.fulfill({ response, headers });
      }),
  });
  await train(page, "wasm", 2);
  assert.match(await text(page, "#backend-note"), /1 thread.*One thread only: .+/);
  await page.close();
});

const BLOCKED: readonly (readonly [how: string, block: (page: Page) => Promise<void>])[] = [
  ["its files are kept away", (page) => page.route("**/*.wasm", (route) => route.abort())],
  [
    "the policy of the server forbids it",
    (page) =>
      page.route("**/*", async (route) => {
        const response = await route.fetch();
        const policy = "script-src 'self'";
        const headers = { ...response.headers(), "content-security-policy": policy };
        await route.fulfill({ response, headers });
      }),
  ],
];
for (const [how, block] of BLOCKED) {
  check(`where wasm is blocked, as ${how}, the backend falls back, and says so`, async () => {
    const other = await launchChromium({ executablePath: flags.chromium, args: NO_WEBGL });
    try {
      const { page } = await open({}, { on: other, before: block });
      await train(page, "wasm", 2);
      await says(page, "#backend-note", "Runs on plain JavaScript");
      assert.match(await text(page, "#backend-note"), /WebAssembly did not start: .+/);
      await page.close();
    } finally {
      await other.close();
    }
  });
}

/** Has the worker remember its contexts, so that they can be lost. */
async function keepContexts(page: Page): Promise<void> {
  await page.workers()[0]!.evaluate(`{
    const get = OffscreenCanvas.prototype.getContext;
    globalThis.contexts = [];
    OffscreenCanvas.prototype.getContext = function (...options) {
      const context = get.apply(this, options);
      if (options[0].startsWith("webgl")) contexts.push(context);
      return context;
    };
  }`);
}

async function loseContexts(page: Page): Promise<void> {
  await page.workers()[0]!.evaluate(
    `contexts.forEach((context) => context.getExtension("WEBGL_lose_context")?.loseContext())`,
  );
}

/** Waits until so many more steps are taken. */
async function stepOn(page: Page, more: number): Promise<void> {
  await step(page, await page.evaluate<number>(`Number(document.body.dataset.step)`) + more);
}

check("a lost context keeps the model", async () => {
  const { page } = await open();
  await keepContexts(page);
  await chooseSmall(page, "webgl");
  await page.click("#go");
  await step(page, 10);
  await page.click("#go"); // A pause makes a copy, as ten seconds do.
  await phase(page, "paused");
  await until(page, `Number(document.body.dataset.kept) >= Number(document.body.dataset.step)`);
  await page.click("#go");
  await phase(page, "training");
  await loseContexts(page);
  await says(page, "#problems", "The WebGL device was lost.");
  assert.match(await text(page, "#problems"), /The model of step \d+ is kept/);
  await phase(page, "stopped");
  const before = await elbo(page);
  await page.selectOption("#backend", "wasm");
  await page.click("#go");
  await stepOn(page, 5);
  assert.ok(await elbo(page) > before - 30, "it goes on from where it was");
  await page.close();
});

check("a lost context that nothing runs on any more stops nothing", async () => {
  const { page } = await open();
  await keepContexts(page);
  await train(page, "webgl", 2);
  await page.selectOption("#backend", "wasm");
  await page.click("#go");
  await stepOn(page, 5);
  await loseContexts(page);
  await stepOn(page, 50);
  assert.equal(await text(page, "#problems"), "");
  await says(page, "#backend-note", "Runs on WebAssembly");
  await page.close();
});

check("files that are not what they say are refused, and what was there stays", async () => {
  const { page, errors } = await open();
  await train(page, "wasm", 10);
  const refused = async (files: readonly PageFile[], word: string): Promise<void> => {
    await drop(page, files);
    await says(page, "#problems", word);
    assert.equal(await page.evaluate(`document.querySelector("#save").disabled`), false);
    assert.match(await text(page, "#data-note"), /8,000 to train on/);
  };
  await refused([textFile("cat.png", "meow", "image/png")], "“cat.png” could not be read");
  await refused([textFile("few.csv", "a,b\n1,2\n")], "too few");
  await refused([textFile("odd.csv", `${table(30)}\n1,2`)], "has 2 cells");
  await refused([textFile("bytes.csv", "a,b\0\0")], "not text");
  await refused([textFile("x.safetensors", "no model")], "Choose a .safetensors file");

  await useBackend({ backend: "cpu" });
  const other = presets.vae({ data: [4], latent: 2 });
  const wrong = new Uint8Array(await (await toBlob(other)).arrayBuffer());
  const mimeType = "application/octet-stream";
  await refused([{ name: "w.safetensors", mimeType, buffer: wrong }], "is for other data");
  const unknown = new TextDecoder("latin1").decode(wrong).replace(
    '\\"$plugin\\":\\"standardNormal\\"',
    '\\"$plugin\\":\\"standardNorman\\"',
  );
  const buffer = Uint8Array.from(unknown, (letter) => letter.charCodeAt(0));
  await refused([{ name: "u.safetensors", mimeType, buffer }], "“standardNorman”");
  other.dispose();
  await page.click("#go");
  await phase(page, "training");
  assert.deepEqual(errors, []);
  await page.close();
});
