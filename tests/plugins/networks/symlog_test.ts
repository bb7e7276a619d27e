import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { type AnyNetwork, networks, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { inPlace, shapesOf } from "../../helpers/in_place.ts";

const { mlp, symlog } = networks;

await useBackend({ backend: "cpu" });

Deno.test("symlog() gives a network log(1 + x), and −log(1 − x) below 0", (t) => {
  const place = { input: [4], heads: { out: [1] } };
  return inPlace(symlog({ network: mlp({ hidden: [] }) }), place, async ({ run, variables }) => {
    assert.deepEqual(shapesOf(variables), { "out/kernel": [4, 1], "out/bias": [1] });
    tf.tidy(() => variables.get("out/kernel")!.assign(tf.tensor2d([[1], [10], [100], [1000]])));
    const expected = [Math.log(2) + 10 * Math.log(1e6 + 1) - 1000 * Math.log(3)];
    await onEachBackend(t, () => {
      const x = tf.tensor2d([[1, 1e6, 0, -2]]);
      assertClose(run(x, AT_REST).out, expected, { relative: 1e-5 });
    });
  });
});

Deno.test("symlog() can be made again from its options", () => {
  const network = mlp({ hidden: [3] }), { kind, name, options } = symlog({ network });
  assert.deepEqual([kind, name, options], ["network", "symlog", { network }]);
});

Deno.test("symlog() refuses what is no network", () => {
  assert.throws(() => symlog({ network: undefined as unknown as AnyNetwork }), {
    name: "TypeError",
    message: "Cannot build network as 'network' must be a network plugin: " +
      "current value is undefined",
  });
});
