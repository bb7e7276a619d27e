/**
 * Gives readers of files what nobody meant to be read, and counts the harm.
 *
 *     deno task torture:fuzz --inputs 100000 --seed 1 --readers safetensors,model.json
 *
 * Every reader runs in a program of its own, which is watched: one that reads a single input for
 * longer than some seconds, or that ends before it should, is harm, and another one goes on with the
 * next input. The last line is one JSON object with `inputs`, `valid` and `harm` for each reader.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { lines } from "../../bench/lines.ts";
import { parseArgs } from "node:util";
import { readers } from "./readers/mod.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    inputs: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    readers: { type: "string", default: Object.keys(readers).join() },
    patience: { type: "string", default: "30000" },
  },
});

/** Milliseconds that one input may take. */
const PATIENCE = Number(values.patience);

/** How much harm of a reader is shown; all of it is counted. */
const SHOWN = 20;

/** What came of a reader. */
interface Result {
  readonly inputs: number;
  readonly valid: number;
  readonly harm: number;
}

/** One line of the watched program. */
interface Line {
  readonly next?: number;
  readonly valid?: number;
  readonly harm?: { readonly input: number; readonly what: string; readonly text: string };
  readonly end?: true;
}

/** Tortures one reader. */
async function torture(name: string, inputs: number): Promise<Result> {
  let next = 0, valid = 0, harm = 0;
  while (next < inputs) {
    const program = new Deno.Command("deno", {
      args: [
        "run",
        "--quiet",
        "--allow-read",
        "--lock=tests/deno.lock",
        "--v8-flags=--max-old-space-size=1024",
        "tests/torture/fuzz_reader.ts",
        name,
        values.seed,
        String(next),
        String(inputs),
      ],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    let current = next, ended = false, hung = false;
    const giveUp = () => {
      hung = true;
      program.kill("SIGKILL");
    };
    // The first input waits for the program to start.
    let watchdog = setTimeout(giveUp, PATIENCE + 30_000);
    for await (const text of lines(program.stdout)) {
      clearTimeout(watchdog);
      watchdog = setTimeout(giveUp, PATIENCE);
      const line: Line = JSON.parse(text);
      if (line.next !== undefined) current = line.next;
      if (line.valid !== undefined) valid += line.valid;
      if (line.end) ended = true;
      if (line.harm === undefined) continue;
      if (++harm > SHOWN) continue;
      console.log(`${name}, input ${line.harm.input}: ${line.harm.what}\n  ${line.harm.text}`);
    }
    clearTimeout(watchdog);
    await program.status;
    if (ended) break;
    harm++;
    console.log(`${name}, input ${current}: ${hung ? "it hangs" : "it crashes"}`);
    next = current + 1;
  }
  return { inputs, valid, harm };
}

const results: Record<string, Result> = {};
for (const name of values.readers.split(",")) {
  const started = performance.now();
  results[name] = await torture(name, Number(values.inputs));
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${name}: ${JSON.stringify(results[name])} in ${seconds} s`);
}
console.log(JSON.stringify(results));
