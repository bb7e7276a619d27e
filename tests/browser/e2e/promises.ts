/**
 * What is promised of the page: how little it is, and how soon it can be used.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import assert from "node:assert/strict";
import { check, open, phase, until, url } from "./visit.ts";

/** Milliseconds until the page can be used, and bytes of code. */
const INTERACTIVE = 2000, MOST_CODE = 120_000;

/** Where the page is built. */
const BUILT = "out/playground/";

/** The scripts of the page that are made of the sources of this repository, and nothing else. */
async function* ownScripts(folder = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(BUILT + folder)) {
    const path = folder + name;
    if (isDirectory) yield* ownScripts(`${path}/`);
    if (!path.endsWith(".js")) continue;
    const { sources } = JSON.parse(await Deno.readTextFile(`${BUILT}${path}.map`));
    const isOwn = (source: string): boolean =>
      /^(\.\.\/)+(mod\.ts$|core\/|plugins\/|examples\/)/.test(source);
    if (sources.length > 0 && sources.every(isOwn)) yield path;
  }
}

check("the code of the page, the core and the plugins is at most 120 kB", async () => {
  const gzipped = async (path: string): Promise<number> => {
    const packed = (await Deno.open(BUILT + path)).readable.pipeThrough(
      new CompressionStream("gzip"),
    );
    return (await new Response(packed).arrayBuffer()).byteLength;
  };
  const sizes = new Map<string, number>();
  for await (const path of ownScripts()) sizes.set(path, await gzipped(path));
  // The kernels for wasm come in four kinds, one of which is fetched.
  const kernels = [...sizes].filter(([path]) => /simd-\w+\.js$/.test(path)).map(([, size]) => size);
  const total = [...sizes.values(), ...kernels.map((size) => -size), Math.max(...kernels)]
    .reduce((sum, size) => sum + size);
  const kB = (bytes = NaN): string => `${(bytes / 1000).toFixed(1)} kB`;
  const [page, worker] = [sizes.get("page/main.js"), sizes.get("worker/worker.js")];
  console.log(
    `  ${kB(total)} gzipped: page ${kB(page)}, worker ${kB(worker)}, the rest for backends`,
  );
  assert.ok(kernels.length === 4 && page !== undefined && worker !== undefined);
  assert.ok(total <= MOST_CODE, kB(total));
});

check("the page can be used within two seconds", async () => {
  const { page, errors } = await open();
  let usable = Infinity, painted = Infinity;
  // The first time a browser starts as well. Where others use the processor, too, once more, later.
  for (let i = 0; i < 3 || i < 6 && usable >= INTERACTIVE; i++) {
    if (i === 3) await page.waitForTimeout(5000);
    await page.goto(url);
    await phase(page, "ready");
    usable = Math.min(usable, await page.evaluate<number>(`readyAt`));
    await until(page, `performance.getEntriesByType("paint").length > 0`);
    painted = Math.min(
      painted,
      await page.evaluate<number>(`performance.getEntriesByType("paint")[0].startTime`),
    );
  }
  console.log(`  first paint ${Math.round(painted)} ms, ready ${Math.round(usable)} ms`);
  assert.ok(usable < INTERACTIVE, `${usable} ms`);
  assert.deepEqual(errors, []);
  await page.close();
});
