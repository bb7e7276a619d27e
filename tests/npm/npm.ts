/**
 * Installs the packed npm package into an empty folder, and uses it as people do: trains in Node on
 * the cpu and wasm backends, checks the types of a strict program, and builds a page with Vite, which
 * trains in Debian's Chromium; so does a page that loads the browser bundle.
 *
 *     deno task test:npm --chromium /usr/bin/chromium
 *
 * What cannot be had here, npm or the browser, is skipped and said so.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { launchChromium } from "../browser/deps.ts";

const { values: flags } = parseArgs({
  args: Deno.args,
  options: { chromium: { type: "string", default: "/usr/bin/chromium" } },
});

/** Beside ours, what the folder is given. */
const TOOLS = ["vite@7.3.8", "typescript@5.9.3", "@types/node@20.19.43", "fast-check@4.10.2"];

const PAGE = new URL("page/", import.meta.url);
const DIST = new URL("../../dist/", import.meta.url);

/** What a program prints; throws all of it if it fails. */
async function output(cwd: string, name: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(name, { args, cwd }).output();
  const [text, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code !== 0) {
    throw new Error(`${name} ${args.join(" ")} ended with ${code}:\n${text}${errors}`);
  }
  return text! + errors;
}

/** Throws unless each backend has said that it trained. */
function requireTrained(lines: readonly string[]): void {
  const runs = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  assert.deepEqual(runs.map(({ backend }) => backend), ["cpu", "wasm"]);
  const [cpu, wasm] = runs;
  for (const { first, last } of runs) assert(last > first + 0.1, JSON.stringify(runs));
  assert(Math.abs(cpu.last - wasm.last) < 1e-3, JSON.stringify(runs));
}

/** Flags by which the code of a backend is known. */
const MARKS = { webgl: "WEBGL_MAX_TEXTURE_SIZE", webgpu: "WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE" };

/** Throws unless a page trained, and has fetched the code of no backend but those that it used. */
async function requireLean(folder: URL, scripts: string): Promise<void> {
  const { lines, fetched } = await openPage(folder);
  requireTrained(lines);
  const at = (name: string) => `/${scripts}${name}`;
  for (const [backend, mark] of Object.entries(MARKS)) {
    const holders: string[] = [];
    for await (const { name } of Deno.readDir(new URL(scripts, folder))) {
      if (!name.endsWith(".js")) continue;
      const code = await Deno.readTextFile(new URL(`${scripts}${name}`, folder));
      if (code.includes(mark)) holders.push(name);
    }
    assert(holders.length > 0, `the code of ${backend} is somewhere`);
    assert(!holders.some((name) => fetched.has(at(name))), `${backend} was fetched, but not used`);
  }
}

/** What a page writes to its console until it has said two lines of JSON, and what it has fetched. */
async function openPage(
  folder: URL,
): Promise<{ readonly lines: string[]; readonly fetched: ReadonlySet<string> }> {
  const fetched = new Set<string>();
  const server = Deno.serve(
    { hostname: "localhost", port: 0, onListen: () => {} },
    async ({ url }) => {
      const path = new URL(url).pathname;
      fetched.add(path);
      const file = new URL(`.${path.endsWith("/") ? `${path}index.html` : path}`, folder);
      const types = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };
      const type = types[path.split(".").at(-1) as keyof typeof types] ?? types.html;
      const headers = { "content-type": type };
      try {
        return new Response(await Deno.readFile(file), { headers });
      } catch {
        return new Response("", { status: 404 });
      }
    },
  );
  const browser = await launchChromium({ executablePath: flags.chromium, args: [] });
  try {
    const page = await browser.newPage();
    const lines: string[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    page.on("pageerror", reject);
    page.on("console", (message) => {
      lines.push(message.text());
      if (message.type() === "error") reject(new Error(message.text()));
      if (lines.filter((line) => line.startsWith("{")).length === 2) resolve();
    });
    const timer = setTimeout(() => reject(new Error("the page took over 60 s")), 60_000);
    await page.goto(`http://localhost:${server.addr.port}/`);
    await promise.finally(() => clearTimeout(timer));
    return { lines, fetched };
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

let passed = 0, failed = 0;

async function check(name: string, run: () => Promise<void>): Promise<void> {
  const start = performance.now();
  try {
    await run();
    passed++;
    console.log(`ok      ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}\n${(error as Error).message}`);
  }
}

/** Why no package can be installed here, if none can. */
async function obstacle(folder: string): Promise<string | undefined> {
  try {
    await output(`${DIST.pathname}npm`, "npm", "pack", "--pack-destination", folder);
    const [archive] = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    await Deno.writeTextFile(`${folder}/package.json`, '{ "type": "module", "private": true }');
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    await output(folder, "npm", "install", ...quiet, `./${archive}`, ...TOOLS);
  } catch (error) {
    const message = (error as Error).message;
    if (error instanceof Deno.errors.NotFound) return "there is no npm";
    if (/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT/.test(message)) {
      return "npm reaches no registry";
    }
    throw error;
  }
}

const folder = await Deno.makeTempDir();
try {
  const start = performance.now();
  const reason = await obstacle(folder);
  const browser = await Deno.stat(flags.chromium).catch(() => undefined) !== undefined;
  if (reason !== undefined) {
    console.log(`skipped all: ${reason}`);
  } else {
    console.log(`installed (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    for await (const { name } of Deno.readDir(PAGE)) {
      await Deno.copyFile(new URL(name, PAGE), `${folder}/${name}`);
    }
    const bin = "node_modules/.bin";

    await check("a strict program has its types", async () => {
      const options = "--strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess";
      await output(
        folder,
        `${folder}/${bin}/tsc`,
        ...options.split(" "),
        ..."--skipLibCheck --target es2022 --module nodenext --lib es2023,dom".split(" "),
        ...["--outDir", "js", "train.ts", "laws.ts"],
      );
    });
    await check("it trains in Node, on cpu and wasm", async () => {
      requireTrained((await output(folder, "node", "js/train.js")).split("\n"));
    });
    await check("the laws judge a plugin in Node", async () => {
      assert.match(await output(folder, "node", "js/laws.js"), /[1-9]\d* kept, 0 broken/);
    });
    await check("Vite builds a page, without a warning that a name is not exported", async () => {
      // As a page's own public/ folder: wasmPath says where the binaries are.
      const wasm = `${folder}/public/wasm`;
      await Deno.mkdir(wasm, { recursive: true });
      const source = `${folder}/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out`;
      for await (const { name } of Deno.readDir(source)) {
        if (name.endsWith(".wasm")) await Deno.copyFile(`${source}/${name}`, `${wasm}/${name}`);
      }
      const target = "--target=es2022"; // The page waits at its top level.
      const text = await output(folder, `${folder}/${bin}/vite`, "build", target);
      await assert.doesNotReject(Deno.stat(`${folder}/dist/index.html`), text);
      assert.doesNotMatch(text, /is not exported/);
    });
    if (browser) {
      await check(
        "Vite's page trains in Chromium on cpu and wasm, and fetches no other backend",
        async () => {
          await requireLean(new URL(`file://${folder}/dist/`), "assets/");
        },
      );
      await check(
        "a page that loads the browser bundle trains, and fetches no other backend",
        async () => {
          const at = `${folder}/bundle/`;
          await output(folder, "cp", "-r", `${DIST.pathname}browser`, at);
          const program = await Deno.readTextFile(`${folder}/js/train.js`);
          const code = program.replace(/"elbo(\/tf)?"/g, '"./elbo.js"').replace(
            /, wasmPath: [^ ]+/,
            "",
          );
          assert(!code.includes("wasmPath"));
          await Deno.writeTextFile(`${at}train.js`, code);
          const html = await Deno.readTextFile(new URL("index.html", PAGE));
          await Deno.writeTextFile(`${at}index.html`, html.replace("train.ts", "train.js"));
          await requireLean(new URL(`file://${at}`), "");
        },
      );
    } else {
      console.log(`skipped Chromium: there is none at ${flags.chromium}`);
    }
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) Deno.exit(1);
