/**
 * Has one reader read inputs, in a program of its own that may hang or crash. Every line that it
 * prints is JSON: the number of the input that is read next, or what it did.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import "./allocations.ts"; // Before all else, so that all others see it.
import { fc } from "../laws/deps.ts";
import { outcomeOf } from "./harm.ts";
import { inputsOf } from "./inputs.ts";
import { readers } from "./readers/mod.ts";
import { harmful } from "./readers/planted.ts";

/** How many inputs are drawn at once. */
const BLOCK = 200;

const [name, seed, from, to] = Deno.args as [string, string, string, string];
const reader = await { ...readers, ...harmful }[name]!();
const arbitrary = inputsOf(reader);
const encoder = new TextEncoder();
const say = (line: unknown) => Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(line)}\n`));

const log = console.log;
console.warn = console.log = () => {}; // TensorFlow.js has advice.

let valid = 0;
for (let i = Number(from); i < Number(to);) {
  const block = Math.floor(i / BLOCK);
  const inputs = fc.sample(arbitrary, { seed: Number(seed) + block, numRuns: BLOCK });
  for (const input of inputs.slice(i % BLOCK, i % BLOCK + Number(to) - i)) {
    say({ next: i });
    const outcome = await outcomeOf(reader, input);
    valid += Number(outcome.valid);
    if (outcome.harm !== undefined) {
      const text = new TextDecoder().decode(input.bytes.subarray(0, 400));
      say({ harm: { input: i, seed: input.seed, what: outcome.harm, text } });
    }
    i++;
  }
  say({ valid });
  valid = 0;
}
console.log = log;
say({ end: true });
