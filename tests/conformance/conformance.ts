/**
 * Holds every backend to the same numbers, in Deno and in Debian's Chromium, and prints a table.
 *
 *     deno task conformance
 *
 * --short           fewer runs and plugins: what the gate has time for
 * --where WORD      only the legs whose names have the word, as `deno`, `chromium` or `webgl`
 * --only WORD       hold only plugins whose names have the word to their laws; none of them: "none"
 * --cases COUNT     the cases of each law, 1 unless told
 * --minutes COUNT   the time that a leg may take, 20 unless told
 * --chromium PATH   the browser
 *
 * What is absent is skipped, with its reason. The last line is one JSON object, and the exit code 1
 * where anything is apart by more than tolerances.ts says.
 *
 * @module
 */
// deno-lint-ignore-file no-console no-import-prefix -- binaries of the package that core/deps.ts names
import { parseArgs } from "node:util";
import { SOFTWARE_WEBGL, SOFTWARE_WEBGPU } from "../browser/deps.ts";
import { openPages, type Pages } from "../browser/run_page.ts";
import { held } from "../plugins/laws.ts";
import { judge, type Verdict } from "./judge.ts";
import type { Findings, Leg } from "./leg.ts";

type Outcome = Findings | { readonly absent: string };

const { values } = parseArgs({
  args: Deno.args,
  options: {
    short: { type: "boolean", default: false },
    where: { type: "string", default: "" },
    only: { type: "string", default: "" },
    cases: { type: "string", default: "1" },
    minutes: { type: "string", default: "20" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
  },
});
const { short, where, only, chromium } = values;
const cases = Number(values.cases), milliseconds = 60_000 * Number(values.minutes);

/** What runs in a place, in this order. */
const CPU = { backend: "cpu" } as const;
const WASM = [{ backend: "wasm", threads: 1 }, { backend: "wasm", threads: 2 }] as const;
const GPU = [{ backend: "webgl" }, { backend: "webgpu" }] as const;
const BACKENDS: Readonly<Record<string, readonly Pick<Leg, "backend" | "threads">[]>> = {
  deno: [CPU, ...WASM, GPU[1]],
  // What compiles shaders longest is left to the long form; Deno has webgpu in the short one.
  chromium: short ? [WASM[1], GPU[0]] : [CPU, ...WASM, ...GPU],
};

const nameOf = (place: string, { backend, threads }: Pick<Leg, "backend" | "threads">): string =>
  `${place} ${backend}${threads === undefined ? "" : ` ${threads}`}`;

/** The legs of a place; that of cpu in Deno is what all others are compared with. */
const legsOf = (place: string): readonly Leg[] =>
  BACKENDS[place]!
    .map((each) => ({ ...each, short, only, cases }))
    .filter((leg) => nameOf(place, leg).includes(where) || nameOf(place, leg) === "deno cpu");

const PROGRAM = new URL("./program.ts", import.meta.url).href;

async function runInDeno(leg: Leg): Promise<Outcome> {
  const { stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "--quiet",
      "--allow-read",
      "--lock=tests/deno.lock",
      PROGRAM,
      JSON.stringify(leg),
    ],
    env: { NO_COLOR: "1", DENO_WEBGPU_BACKEND: "vulkan,metal,dx12" },
    signal: AbortSignal.timeout(milliseconds),
  }).output();
  const [printed, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  // What it printed counts: a graphics driver that crashes when the program is over does not.
  const last = printed!.trim().split("\n").at(-1)!;
  if (!last.startsWith("{")) throw new Error(`it ended early:\n${printed}${errors}`);
  return JSON.parse(last);
}

async function runInPage(pages: Pages, leg: Leg): Promise<Outcome> {
  const query = `?${encodeURIComponent(JSON.stringify(leg))}`;
  return await pages.run(query, milliseconds) as unknown as Outcome;
}

/** The binaries of wasm, which a browser has to be given. */
async function binaries(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const { default: simd } = await import(
    "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm-simd.wasm",
    { with: { type: "bytes" } }
  );
  const { default: threaded } = await import(
    "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm-threaded-simd.wasm",
    { with: { type: "bytes" } }
  );
  return { "tfjs-backend-wasm-simd.wasm": simd, "tfjs-backend-wasm-threaded-simd.wasm": threaded };
}

/** Opens the browser, or says why there is none. */
async function openChromium(): Promise<Pages | string> {
  try {
    await Deno.stat(chromium);
  } catch {
    return `there is no Chromium at '${chromium}'`;
  }
  return await openPages({
    script: "tests/conformance/page.ts",
    chromium,
    args: [...SOFTWARE_WEBGL, ...SOFTWARE_WEBGPU],
    files: await binaries(),
  });
}

/** What every leg found, by its name. */
const outcomes = new Map<string, Outcome>();
const wrong: string[] = [];

async function take(name: string, run: () => Promise<Outcome>): Promise<void> {
  try {
    const outcome = await run();
    outcomes.set(name, outcome);
    console.log(
      "absent" in outcome
        ? `${name}: skipped, as ${outcome.absent}`
        : `${name}: ${outcome.summary}; ${outcome.seconds.join(" + ")} s`,
    );
  } catch (error) {
    wrong.push(`${name}: ${(error as Error).message}`);
    console.log(wrong.at(-1));
  }
}

if (
  !Object.keys(BACKENDS).some((place) =>
    BACKENDS[place]!.some((leg) => nameOf(place, leg).includes(where))
  )
) {
  throw new RangeError(
    `Cannot compare as --where must be in the name of a leg: current value is ${where}`,
  );
}
if (only !== "none" && !Object.keys(held).some((name) => name.includes(only))) {
  throw new RangeError(
    `Cannot compare as --only must be in the name of a plugin: current value is ${only}`,
  );
}

for (const leg of legsOf("deno")) await take(nameOf("deno", leg), () => runInDeno(leg));
const wanted = legsOf("chromium");
if (wanted.length > 0) {
  const pages = await openChromium();
  try {
    for (const leg of wanted) {
      await take(
        nameOf("chromium", leg),
        async () => typeof pages === "string" ? { absent: pages } : await runInPage(pages, leg),
      );
    }
  } finally {
    if (typeof pages !== "string") await pages.close();
  }
}

const cpu = outcomes.get("deno cpu");
if (cpu === undefined || "absent" in cpu) throw new Error("Cannot compare as cpu did not run");
const table: Record<string, Record<string, string>> = {};
const skipped: Record<string, string> = {};
const legs: Record<string, readonly Verdict[]> = {};
for (const [name, outcome] of outcomes) {
  if ("absent" in outcome) {
    skipped[name] = outcome.absent;
    continue;
  }
  const verdicts = judge(outcome, cpu);
  legs[name] = verdicts;
  for (const { check, seen, wrong: found } of verdicts) {
    (table[check] ??= {})[name] = found.length === 0 ? seen : `${seen} !`;
    wrong.push(...found.map((each) => `${name}: ${each}`));
  }
  const { unchecked } = outcome.laws;
  if (unchecked > 0) console.log(`${name}: ${unchecked} laws not reached, as the time was over`);
  for (const [law, reason] of Object.entries(outcome.laws.skipped)) {
    console.log(`${name}: law '${law}' skipped, as ${reason}`);
  }
}
console.table(table);
for (const each of wrong) console.log(`✗ ${each}`);
const passed = Object.values(legs).flat().filter(({ wrong }) => wrong.length === 0).length;
console.log(JSON.stringify({ passed, failed: wrong.length, legs: Object.keys(legs), skipped }));
Deno.exit(wrong.length === 0 ? 0 : 1);
