import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { networks, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { inPlace, move, shapesOf } from "../../helpers/in_place.ts";

const { gatedMlp } = networks;

await useBackend({ backend: "cpu" });

Deno.test("gatedMlp() has a linear layer and a gate for every hidden one", () => {
  const place = { input: [2, 3], heads: { mean: [2], number: [] } };
  return inPlace(gatedMlp({ hidden: [5, 4] }), place, ({ run, variables }) => {
    assert.deepEqual(shapesOf(variables), {
      "hidden0/linear/kernel": [6, 5],
      "hidden0/linear/bias": [5],
      "hidden0/gate/kernel": [6, 5],
      "hidden0/gate/bias": [5],
      "hidden1/linear/kernel": [5, 4],
      "hidden1/linear/bias": [4],
      "hidden1/gate/kernel": [5, 4],
      "hidden1/gate/bias": [4],
      "mean/kernel": [4, 2],
      "mean/bias": [2],
      "number/kernel": [4, 1],
      "number/bias": [1],
    });
    tf.tidy(() => {
      const { mean, number } = run(tf.ones([7, 2, 3]), AT_REST);
      assert.deepEqual([mean.shape, number.shape], [[7, 2], [7]]);
    });
  });
});

Deno.test("gatedMlp() is (W·x + b) ⊙ σ(V·x + c), layer by layer", (t) => {
  const x = [[1, -2, 0.5], [3, 0, -1]];
  const place = { input: [3], heads: { out: [2] } };
  return inPlace(gatedMlp({ hidden: [4, 3] }), place, async ({ run, variables }) => {
    move(variables);
    const affine = (row: readonly number[], name: string): number[] => {
      const kernel = variables.get(`${name}/kernel`)!.arraySync() as number[][];
      const bias = variables.get(`${name}/bias`)!.arraySync() as number[];
      return bias.map((b, j) => row.reduce((sum, value, i) => sum + value * kernel[i]![j]!, b));
    };
    const gated = (row: readonly number[], name: string): number[] => {
      const gates = affine(row, `${name}/gate`);
      return affine(row, `${name}/linear`).map((h, j) => h / (1 + Math.exp(-gates[j]!)));
    };
    const expected = x.flatMap((row) => affine(gated(gated(row, "hidden0"), "hidden1"), "out"));
    await onEachBackend(t, () => {
      assertClose(run(tf.tensor2d(x), AT_REST).out, expected, { absolute: 1e-5 });
    });
  });
});

Deno.test("gatedMlp() puts the condition beside the input", () => {
  const place = { input: [2], heads: { out: [1] }, condition: [2] };
  return inPlace(gatedMlp({ hidden: [1] }), place, ({ run, variables }) =>
    tf.tidy(() => {
      variables.get("hidden0/linear/kernel")!.assign(tf.tensor2d([[1], [10], [100], [1000]]));
      variables.get("hidden0/gate/kernel")!.assign(tf.zeros([4, 1]));
      variables.get("out/kernel")!.assign(tf.tensor2d([[2]]));
      const condition = tf.tensor2d([[3, 4], [5, 6]]), x = tf.tensor2d([[1, 2], [2, 1]]);
      assertClose(run(x, { ...AT_REST, condition }).out, [4321, 6512], {});
      const missing = /^TypeError: Cannot run network 'gatedMlp' as there must be a condition/;
      assert.throws(() => run(x, AT_REST), missing);
    }));
});

Deno.test("gatedMlp() can be made again from its options, two layers of 300 unless told", () => {
  const { kind, name, options } = gatedMlp();
  assert.deepEqual([kind, name, options], ["network", "gatedMlp", { hidden: [300, 300] }]);
  assert.deepEqual(gatedMlp({ hidden: [3, 2] }).options, { hidden: [3, 2] });
});

Deno.test("gatedMlp() refuses widths that are not positive integers", () => {
  assert.throws(() => gatedMlp({ hidden: [8, 0] }), {
    name: "RangeError",
    message: "Cannot build network as 'hidden' must be a positive integer: current value is 0",
  });
  assert.throws(() => gatedMlp({ hidden: 8 as unknown as number[] }), {
    name: "TypeError",
    message: "Cannot build network as 'hidden' must be a list of widths: current value is 8",
  });
});
