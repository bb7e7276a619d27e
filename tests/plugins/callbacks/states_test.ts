import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { type Callback, callbacks, type Json, type Run, useBackend } from "../../../mod.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyModel } from "../../helpers/tiny.ts";

await useBackend({ backend: "cpu" });

Deno.test("callbacks refuse what they cannot have remembered, and change nothing", () =>
  inFolder(async (folder) => {
    const model = tinyModel(), before = tf.memory().numTensors;
    const run: Run = { model, steps: 1, stop: () => {} };
    const cases: readonly (readonly [() => Callback, Json, string])[] = [
      [() => callbacks.csvLog(`${folder}/log`), { length: 4 }, "length"],
      [() => callbacks.jsonLines(`${folder}/log`), { length: 4 }, "length"],
      [() => callbacks.tensorBoard(`${folder}/log`), { training: 4, validation: 4 }, "training"],
      [() => callbacks.earlyStopping({ patience: 2 }), { best: -1.5, bestEpoch: 3 }, "best"],
    ];
    for (const [make, sound, first] of cases) {
      const { name, restore } = make();
      const refused = (state: Json, option: string, shown: string) =>
        assert.rejects(async () => await restore!(state, run, new Map()), {
          name: "RangeError",
          message: `Cannot resume as '${option}' of callback '${name}' must be as it was ` +
            `remembered: current value is ${shown}`,
        });
      for (const state of [null, [], {}, "text", 7]) await refused(state, first, "undefined");
      for (const option of Object.keys(sound as object)) {
        const others: readonly (readonly [Json, string])[] = option === "best"
          ? [[NaN, "NaN"], [Infinity, "Infinity"], ["3", "'3'"]]
          : [[-1, "-1"], [0.5, "0.5"], [Infinity, "Infinity"], ["3", "'3'"], [null, "null"]];
        for (const [value, shown] of others) {
          await refused({ ...sound as object, [option]: value }, option, shown);
        }
      }
      assert.deepEqual(Array.from(Deno.readDirSync(folder)), [], "nothing is written");
    }
    // Before the first epoch nothing was best.
    const early = callbacks.earlyStopping({ patience: 2 });
    await early.restore!({ best: -Infinity, bestEpoch: 0 }, run, new Map());
    assert.equal(tf.memory().numTensors, before);
    model.dispose();
  }));

Deno.test("earlyStopping() refuses a snapshot of another model", () => {
  const model = tinyModel(), before = tf.memory().numTensors;
  const run: Run = { model, steps: 1, stop: () => {} };
  const { restore } = callbacks.earlyStopping({ patience: 2 });
  const [path] = model.parameters.keys() as unknown as [string];
  const others: readonly (readonly [Map<string, tf.Tensor>, RegExp])[] = [
    [new Map([["other", tf.scalar(1)]]), /current value is 'missing'$/],
    [new Map([...model.parameters, [path, tf.zeros([2, 2])]]), /current value is \[2, 2\]$/],
  ];
  for (const [tensors, current] of others) {
    const message = /^Cannot take a snapshot as the values of 'encoder\/.*' must have shape \[/;
    assert.throws(
      () => restore!({ best: 1, bestEpoch: 1 }, run, tensors),
      (error: Error) => message.test(error.message) && current.test(error.message),
    );
  }
  tf.dispose([others[0]![0].get("other")!, others[1]![0].get(path)!]);
  assert.equal(tf.memory().numTensors, before);
  model.dispose();
});
