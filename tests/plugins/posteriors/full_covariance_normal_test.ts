import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { AT_REST } from "../../../core/context.ts";
import { openParameters } from "../../../core/scope.ts";
import { seed } from "../../../core/random.ts";
import { divergences, posteriors, useBackend, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { learnsAndLasts } from "../../helpers/learns_and_lasts.ts";
import { tinyParts } from "../../helpers/tiny.ts";

const { fullCovarianceNormal } = posteriors;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };

/** The posterior of a latent of some shape. */
function built(latent: readonly number[]) {
  const shapes = { data: [4], latent, support: "real" } as const;
  return fullCovarianceNormal().build(openParameters(shapes, seed(1)).scope);
}

Deno.test("fullCovarianceNormal() wants K(K − 1)/2 numbers below the diagonal, for K latents in all", () => {
  const posterior = fullCovarianceNormal();
  assert.deepEqual(posterior.heads([1]), { mean: [1], rawDiagonal: [1] });
  assert.deepEqual(posterior.heads([2, 3]), { mean: [2, 3], rawDiagonal: [2, 3], lower: [15] });
  assert.deepEqual(fullCovarianceNormal().options, {});
});

Deno.test("fullCovarianceNormal() has a factor with a positive diagonal", async (t) => {
  await onEachBackend(t, () => {
    const mean = tf.tensor2d([[1, 2]]), rawDiagonal = tf.tensor2d([[0, -1000]]);
    const q = built([2])({ mean, rawDiagonal, lower: tf.tensor2d([[-3]]) }, AT_REST);
    assertClose(q.cholesky, [Math.log(2) + 1e-6, 0, -3, 1e-6], ROUNDING);
    assert(q.cholesky.dataSync()[3]! > 0);
    const alone = built([1])({ mean: tf.zeros([3, 1]), rawDiagonal: tf.zeros([3, 1]) }, AT_REST);
    assertClose(alone.cholesky, Array(3).fill(Math.log(2) + 1e-6), ROUNDING);
    assert.deepEqual(alone.cholesky.shape, [3, 1, 1]);
  });
});

Deno.test("a model learns with fullCovarianceNormal(), and is saved with it", async () => {
  for (const latent of [1, 3]) {
    await learnsAndLasts(() =>
      vae({ ...tinyParts, latent, posterior: fullCovarianceNormal(), divergence: divergences.kl() })
    );
  }
});
