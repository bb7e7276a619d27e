/**
 * Measures matrix products on one thread, in all four transpositions: ours, and those of stock
 * TensorFlow.js on wasm, which are XNNPACK's where no operand is transposed.
 *
 *     deno task bench:products --rounds 9
 *
 * --rounds 9            the rounds, in each of which every product has a turn
 * --shape 512,400,784   M, N and K of C[M, N] = op(A)·op(B)
 *
 * Speeds are medians over rounds, ratios are medians of the ratios within each round. The last line is
 * one JSON object.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- a benchmark is there to be read
import { parseArgs } from "node:util";
import { measure, type Variant } from "./driver.ts";
import { deno } from "./process.ts";
import { hush, say } from "./progress.ts";
import { rounded, typicalRatio, typicalTime } from "./statistics.ts";
import { remarks, table } from "./table.ts";

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    shape: { type: "string", default: "512,400,784" },
  },
});
const shape = flags.shape.split(",");
const flops = 2 * shape.reduce((product, axis) => product * Number(axis), 1);

const XNNPACK = "stock NN";
const variants: Variant[] = ["ours", "stock"].flatMap((whose) =>
  ["NN", "NT", "TN", "TT"].map((transposed) => ({
    name: `${whose} ${transposed}`,
    commands: [deno("product.ts", [whose, transposed, ...shape])],
  }))
);
const measured = await measure(variants, { rounds: Number(flags.rounds), say });
const { results } = measured;
hush();

const peer = results.find(({ name }) => name === XNNPACK);
const rows = results.map((result) => {
  const turns = "turns" in result ? result.turns : undefined;
  return {
    variant: result.name,
    gflops: rounded(turns === undefined ? null : flops / typicalTime(turns) / 1e6),
    // How many times as fast: the ratio of their time to its.
    toXnnpack: rounded(turns && peer && "turns" in peer ? typicalRatio(peer.turns, turns) : null),
  };
});
console.log(`products of ${shape.join(" × ")} (M × N × K) on one thread`);
console.log(table(
  ["variant", "GFLOPS", "× XNNPACK"],
  rows.map(({ variant, gflops, toXnnpack }) => [variant, gflops, toXnnpack]),
));
console.log(remarks(measured));
console.log(JSON.stringify({ rows }));
