import assert from "node:assert/strict";
import { normalLogpdf as logpdf } from "../../deps.ts";
import { tf } from "../../../core/deps.ts";
import { distributions, type InvertibleMap, seed, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { bernoulli, normal, standardNormal, transformed } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };

/** x = 2z + 1, or 3z + 1 in the second of two rows; counts how often it is taken. */
function affine(rows: readonly number[]): { map: InvertibleMap; taken: string[] } {
  const taken: string[] = [], shape = [rows.length, 1];
  const scale = tf.tensor(rows, shape), logs = tf.mul(tf.log(tf.reshape(scale, [-1])), 2);
  const map: InvertibleMap = {
    forward: (z) => {
      taken.push("forward");
      return { value: tf.add(tf.mul(z, scale), 1), logDeterminant: tf.expandDims(logs, 0) };
    },
    inverse: (x) => {
      taken.push("inverse");
      return { value: tf.div(tf.sub(x, 1), scale), logDeterminant: tf.neg(tf.expandDims(logs, 0)) };
    },
  };
  return { map, taken };
}

Deno.test("transformed() is the normal that an affine map makes of a normal", async (t) => {
  await onEachBackend(t, () => {
    const base = normal({ mean: tf.tensor2d([[0, 1], [2, -1]]), scale: tf.fill([2, 2], 0.5) });
    const q = transformed({ base, map: affine([2, 3]).map }), x = tf.tensor3d([[[1, 2], [0, 5]]]);
    const expected = [
      logpdf(1, 1, 1) + logpdf(2, 3, 1),
      logpdf(0, 7, 1.5) + logpdf(5, -2, 1.5),
    ];
    assertClose(q.logProb(x), expected, ROUNDING);
    assert.deepEqual([q.family, q.domain, q.batch, q.event], ["transformed", "real", 2, [2]]);
  });
});

Deno.test("Transformed.draw() knows its density without going backwards", () => {
  tf.tidy(() => {
    const { map, taken } = affine([2]), base = standardNormal({ event: [2] });
    const q = transformed({ base, map }), { value, logProb } = q.draw(seed(1), 4);
    assertClose(value, tf.add(tf.mul(base.draw(seed(1), 4).value, 2), 1).dataSync(), ROUNDING);
    const known = logProb();
    assert.deepEqual(taken, ["forward"]);
    assertClose(known, q.logProb(value).dataSync(), ROUNDING);
  });
});

Deno.test("transformed() draws from one base for every row of its map", () => {
  tf.tidy(() => {
    const base = standardNormal({ event: [2] });
    const q = transformed({ base, map: affine([2, 3]).map, batch: 2 });
    const { value, logProb } = q.draw(seed(1), 3);
    assert.deepEqual([value.shape, logProb().shape], [[3, 2, 2], [3, 2]]);
    const [first, second] = tf.unstack(tf.div(tf.sub(value, 1), tf.tensor([[2], [3]])), 1);
    assert(tf.max(tf.abs(tf.sub(first!, second!))).dataSync()[0]! > 0.1, "noise of its own");
    assertClose(logProb(), q.logProb(value).dataSync(), ROUNDING);
  });
});

Deno.test("transformed() passes on whether gradients pass through draws", () => {
  tf.tidy(() => {
    const { map } = affine([1]), base = bernoulli({ logits: tf.zeros([1, 2]) });
    const q = transformed({ base, map });
    assert.deepEqual([q.reparameterized, q.domain], [false, "discrete"]);
    assert.equal(transformed({ base: standardNormal({ event: [2] }), map }).reparameterized, true);
  });
});
