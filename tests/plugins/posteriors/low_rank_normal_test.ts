import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import { divergences, posteriors, useBackend, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { learnsAndLasts } from "../../helpers/learns_and_lasts.ts";
import { tinyParts } from "../../helpers/tiny.ts";

const { lowRankNormal } = posteriors;

await useBackend({ backend: "cpu" });

Deno.test("lowRankNormal() wants K × R numbers for its factors, R = 1 unless told", () => {
  const { options, heads } = lowRankNormal();
  assert.deepEqual(options, { rank: 1 });
  assert.deepEqual(heads([2, 3]), { mean: [2, 3], rawScale: [2, 3], factor: [6, 1] });
  const again = lowRankNormal(lowRankNormal({ rank: 2 }).options as { readonly rank: number });
  assert.deepEqual(again.heads([3]).factor, [3, 2]);
});

Deno.test("lowRankNormal() refuses ranks that are no positive integers", () => {
  for (const rank of [0, -1, 1.5, NaN]) {
    const refusal = /Cannot build posterior as 'rank' must be a positive integer: current value is/;
    assert.throws(() => lowRankNormal({ rank }), refusal);
  }
});

Deno.test("lowRankNormal() has a positive scale and the factors as they are", async (t) => {
  const shapes = { data: [4], latent: [2], support: "real" } as const;
  await onEachBackend(t, () => {
    const rawScale = tf.tensor2d([[0, -1000]]), factor = tf.tensor3d([[[1], [2]]]);
    const built = lowRankNormal().build(openParameters(shapes, seed(1)).scope);
    const q = built({ mean: tf.zeros([1, 2]), rawScale, factor }, AT_REST);
    assertClose(q.scale, [Math.log(2) + 1e-6, 1e-6], { relative: 1e-5 });
    assert.equal(q.factor, factor);
  });
});

Deno.test("a model learns with lowRankNormal(), and is saved with it", async () => {
  const posterior = lowRankNormal({ rank: 2 });
  await learnsAndLasts(() =>
    vae({ ...tinyParts, latent: 3, posterior, divergence: divergences.kl() })
  );
});
