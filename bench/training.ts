/**
 * Training steps of one model, by every variant, side by side: what `step.ts` and `conv.ts` run.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- a benchmark is there to be read
import { parseArgs } from "node:util";
import { measure, type Measured, type Result, type Variant } from "./driver.ts";
import type { ModelName } from "./models.ts";
import { deno } from "./process.ts";
import { hush, say } from "./progress.ts";
import { rounded, typicalRatio, typicalTime } from "./statistics.ts";
import { type Cell, remarks, table } from "./table.ts";
import { chosen, ours, torch } from "./variants.ts";

/** What the last line says of a variant; null where it cannot run, or a peer is missing. */
interface Row {
  readonly model: ModelName;
  readonly batch: number;
  readonly variant: string;
  /** Kernels that one step calls. */
  readonly launches: number | null;
  readonly msPerStep: number | null;
  readonly samplesPerSecond: number | null;
  /** Time, in times of PyTorch. */
  readonly toTorch: number | null;
  /** Speed, in speeds of stock TensorFlow.js: on wasm, or on cpu where wasm cannot train it. */
  readonly toStock: number | null;
}

function variantsOf(model: ModelName, batch: number): Variant[] {
  const args = [model, String(batch)];
  return [
    ...ours("elbo.ts", args),
    { name: "stock wasm", commands: [deno("stock.ts", [...args, "wasm"])] },
    { name: "stock cpu", commands: [deno("stock.ts", [...args, "cpu"])] },
    torch(`torch_${model}.py`, [String(batch)]),
    { name: "jax-js", commands: [deno("jax.ts", args)] },
  ];
}

function launchesOf({ profile }: Result): number | null {
  if (profile === undefined) return null;
  return Math.round(profile.kernels.reduce((sum, { launches }) => sum + launches, 0));
}

/** Where the time of a step goes, kernel by kernel. */
function printProfile({ name, profile }: Result): void {
  if (profile === undefined) return;
  const { milliseconds, kernels } = profile;
  const inKernels = kernels.reduce((sum, kernel) => sum + kernel.milliseconds, 0);
  const share = (part: number): string => `${(100 * part / milliseconds).toFixed(1)} %`;
  const outside = milliseconds - inKernels;
  const rows: Cell[][] = [
    ...kernels.map(({ name, launches, milliseconds }) => [
      name,
      launches,
      milliseconds,
      share(milliseconds),
    ]),
    ["JavaScript dispatch", null, outside, share(outside)],
    ["all", null, milliseconds, share(milliseconds)],
  ];
  console.log(`\n${name}: where a step's time goes`);
  console.log(table(["kernel", "launches", "ms", "share"], rows));
}

/** Prints what was measured, and says it as rows. */
function report(model: ModelName, batch: number, measured: Measured): Row[] {
  const { results } = measured;
  const ran = results.filter((result) => "turns" in result);
  const named = (name: string) => ran.find((result) => result.name === name);
  const peer = named("pytorch"), stock = named("stock wasm") ?? named("stock cpu");
  const rows = results.map((result): Row => {
    const times = "turns" in result ? result.turns : undefined;
    const msPerStep = times === undefined ? null : typicalTime(times);
    return {
      model,
      batch,
      variant: result.name,
      launches: "turns" in result ? launchesOf(result) : null,
      msPerStep: rounded(msPerStep),
      samplesPerSecond: rounded(msPerStep && batch * 1000 / msPerStep),
      toTorch: rounded(times && peer ? typicalRatio(times, peer.turns) : null),
      toStock: rounded(times && stock ? typicalRatio(stock.turns, times) : null),
    };
  });
  const speedUp = `speed-up on ${stock?.name ?? "stock"}`;
  const heading = ["variant", "ms/step", "samples/s", "× pytorch", speedUp, "launches", "MB"];
  const cells = rows.map((row, i): Cell[] => {
    const result = results[i]!;
    if ("reason" in result) return [row.variant, "cannot run"];
    const { msPerStep, samplesPerSecond, toTorch, toStock, launches } = row;
    const megabytes = result.residentBytes && Math.round(result.residentBytes / 1e6);
    return [row.variant, msPerStep, samplesPerSecond, toTorch, toStock, launches, megabytes];
  });
  console.log(`\n${model}, batch ${batch}`);
  console.log(table(heading, cells));
  console.log(remarks(measured));
  return rows;
}

/** Measures one model at some batch sizes, as the flags of the program say. */
export async function benchTraining(model: ModelName, batches: string): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      rounds: { type: "string", default: "9" },
      variants: { type: "string" },
      batches: { type: "string", default: batches },
      profile: { type: "boolean", default: false },
    },
  });
  const rows: Row[] = [];
  for (const batch of flags.batches.split(",").map(Number)) {
    const variants = chosen(variantsOf(model, batch), flags.variants);
    const measured = await measure(variants, {
      rounds: Number(flags.rounds),
      kernels: true,
      say: (line) => say(`${model}, batch ${batch}: ${line}`),
    });
    hush();
    rows.push(...report(model, batch, measured));
    if (!flags.profile) continue;
    for (const result of measured.results) if ("turns" in result) printProfile(result);
  }
  console.log(JSON.stringify({ rows }));
}
