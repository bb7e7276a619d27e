import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { openParameters } from "../../../core/scope.ts";
import { divergences, posteriors, seed, useBackend, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { learnsAndLasts } from "../../helpers/learns_and_lasts.ts";
import { tinyParts } from "../../helpers/tiny.ts";

const { inverseAutoregressiveFlow } = posteriors;

await useBackend({ backend: "cpu" });

Deno.test("inverseAutoregressiveFlow() wants a normal, and what the flow knows of x", () => {
  const posterior = inverseAutoregressiveFlow();
  assert.deepEqual(posterior.options, { layers: 2, hidden: [64], context: 16 });
  assert.deepEqual(posterior.heads([2, 3]), { mean: [2, 3], rawScale: [2, 3], context: [16] });
  const options = { layers: 3, hidden: [8, 4], context: 5 };
  const again = inverseAutoregressiveFlow(
    inverseAutoregressiveFlow(options).options as typeof options,
  );
  assert.deepEqual(again.options, options);
});

Deno.test("inverseAutoregressiveFlow() refuses options out of range", () => {
  const refused: readonly [Parameters<typeof inverseAutoregressiveFlow>[0], RegExp][] = [
    [{ context: 0 }, /Cannot build posterior as 'context' must be a positive integer/],
    [{ layers: 0 }, /'layers' must be a positive integer: current value is 0/],
    [{ hidden: [0] }, /'hidden' must be a positive integer: current value is 0/],
  ];
  for (const [options, message] of refused) {
    assert.throws(() => inverseAutoregressiveFlow(options), message);
  }
});

Deno.test("inverseAutoregressiveFlow() depends on what the encoder says beside the normal", async (t) => {
  await onEachBackend(t, () => {
    // The model's own condition reaches the flow through the encoder alone.
    const shapes = { data: [4], latent: [3], condition: [7], support: "real" } as const;
    const { scope, variables } = openParameters(shapes, seed(1));
    const built = inverseAutoregressiveFlow({ hidden: [8], context: 2 }).build(scope);
    for (const variable of variables.values()) variable.assign(tf.add(variable, 0.3));
    const mean = tf.zeros([2, 3]), context = tf.tensor2d([[0, 1], [1, -2]]);
    const q = built(
      { mean, rawScale: mean, context },
      { ...AT_REST, condition: tf.ones([2, 7]) },
    );
    assert.deepEqual([q.reparameterized, q.batch], [true, 2]);
    const { value, logProb } = q.draw(seed(2), 4);
    assertClose(logProb(), q.logProb(value).dataSync(), { absolute: 1e-3, relative: 1e-4 });
    const [first, second] = q.logProb(tf.zeros([1, 1, 3])).dataSync();
    assert(Math.abs(first! - second!) > 1e-3);
  });
});

Deno.test("a model learns with inverseAutoregressiveFlow(), and is saved with it", async () => {
  const posterior = inverseAutoregressiveFlow({ hidden: [8], context: 4 });
  for (const latent of [1, 3]) {
    await learnsAndLasts(() =>
      vae({ ...tinyParts, latent, posterior, divergence: divergences.kl() })
    );
  }
});
