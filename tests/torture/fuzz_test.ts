import assert from "node:assert/strict";
import { runDeno } from "../helpers/run.ts";
import { readers } from "./readers/mod.ts";
import { harmful } from "./readers/planted.ts";

type Results = Readonly<
  Record<string, { readonly inputs: number; readonly valid: number; readonly harm: number }>
>;

/** Runs the torture as the task does. */
async function fuzz(...args: string[]): Promise<Results> {
  const lock = ["--allow-read", "--allow-run=deno", "--lock=tests/deno.lock"];
  const { json } = await runDeno(["run", ...lock, "tests/torture/fuzz.ts", ...args]);
  return json as Results;
}

Deno.test("no reader does harm, whatever it reads", async () => {
  const results = await fuzz("--inputs", "400", "--seed", "7");
  assert.deepEqual(Object.keys(results), Object.keys(readers));
  for (const [name, { inputs, valid, harm }] of Object.entries(results)) {
    assert.equal(inputs, 400);
    assert.equal(harm, 0, name);
    assert(valid > 0 && valid < 400, `${name}: ${valid} are valid`);
  }
});

Deno.test("the torture sees harm of every kind", async () => {
  const names = Object.keys(harmful);
  const given = ["--seed", "1", "--patience", "2000"];
  const results = await fuzz("--inputs", "6", "--readers", names.join(), ...given);
  for (const name of names) {
    const { harm, valid } = results[name]!;
    assert.equal(valid, 0, name);
    assert.equal(harm > 0, name !== "planted: none", `${name}: ${harm}`);
  }
});
