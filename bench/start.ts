/**
 * Measures how long a program takes until a wasm backend is ready, and to end: whole processes by the
 * wall clock, in turn, with packages and compiled code in their caches.
 *
 *     deno task bench:start --rounds 9
 *
 * - `nothing`: a program that does nothing, which the others contain.
 * - `import`: what imports Elbo.
 * - `elbo`: what imports Elbo and calls `useBackend({ backend: "wasm" })`.
 * - `stock`: what imports TensorFlow.js and its wasm backend alone, and starts it.
 *
 * The last line is one JSON object, with the median of each in milliseconds.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- a benchmark is there to be read
import { parseArgs } from "node:util";
import { deno } from "./process.ts";
import { hush, say } from "./progress.ts";
import { median, rounded } from "./statistics.ts";
import { table } from "./table.ts";

const { values: flags } = parseArgs({ options: { rounds: { type: "string", default: "9" } } });
const rounds = Number(flags.rounds);

/** How long a process takes, in milliseconds. */
async function time(start: string): Promise<number> {
  const { program, args } = deno("start.ts", [start]);
  const begun = performance.now();
  const { success, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return performance.now() - begun;
}

const times = new Map<string, number[]>(
  ["nothing", "import", "elbo", "stock"].map((start) => [start, []]),
);
for (let round = 0; round <= rounds; round++) {
  for (const [start, measured] of times) {
    say(`round ${round} of ${rounds}: ${start}`);
    const milliseconds = await time(start);
    if (round > 0) measured.push(milliseconds); // The first one fills the caches.
  }
}
hush();

const rows = [...times].map(([variant, measured]) => ({
  variant,
  milliseconds: rounded(median(measured)),
  least: rounded(Math.min(...measured)),
}));
console.log(table(
  ["a program that starts", "ms", "least"],
  rows.map(({ variant, milliseconds, least }) => [variant, milliseconds, least]),
));
console.log(JSON.stringify({ rows }));
