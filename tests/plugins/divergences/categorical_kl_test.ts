import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, divergences, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { categoricalCategorical, categoricalKl } = divergences;
const { oneHotCategorical, relaxedOneHotCategorical } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 2e-6, relative: 2e-6 };

/** B = 2, K = 2, C = 3; and one prior for both rows. */
const Q = [[[0, 1, -2], [3, 3, 0]], [[0.5, -1, -4], [0, 0, 10]]];
const P = [[0, 0, 0], [1, 2, 3]];

const logSoftmax = (logits: readonly number[]): number[] => {
  const sum = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map((logit) => logit - Math.log(sum));
};

/** Σ π (log π − log ρ), in float64. */
const EXPECTED = Q.map((row) =>
  row.reduce((sum, logits, k) => {
    const q = logSoftmax(logits), p = logSoftmax(P[k]!);
    return sum + q.reduce((sum, log, c) => sum + Math.exp(log) * (log - p[c]!), 0);
  }, 0)
);

Deno.test("categoricalCategorical is Σ π (log π − log ρ), with one prior for all rows", async (t) => {
  await onEachBackend(t, () => {
    const q = oneHotCategorical({ logits: tf.tensor3d(Q) });
    const { nats } = categoricalCategorical.evaluate(
      q,
      oneHotCategorical({ logits: tf.tensor3d([P]) }),
    );
    assert.deepEqual(nats.shape, [2]);
    assertClose(nats, EXPECTED, ROUNDING);
  });
});

Deno.test("categoricalCategorical leaves relaxed distributions to others", () => {
  tf.tidy(() => {
    const q = relaxedOneHotCategorical({ logits: tf.tensor3d(Q), temperature: 1 });
    assert.equal(categoricalCategorical.attempt(q, q), undefined);
  });
});

Deno.test("categoricalKl() is the KL of classes, whatever the temperatures, and no bound", async (t) => {
  const { kind, name, options, isKl } = categoricalKl();
  assert.deepEqual([kind, name, options, isKl], ["divergence", "categoricalKl", {}, false]);
  await onEachBackend(t, () => {
    for (const temperature of [0.1, 10]) {
      const posterior = relaxedOneHotCategorical({ logits: tf.tensor3d(Q), temperature });
      const prior = relaxedOneHotCategorical({ logits: tf.tensor3d([P]), temperature: 0.5 });
      const draw = posterior.draw(seed(1), 2), given = { posterior, prior, draw, seed: seed(2) };
      const [term] = categoricalKl().estimate({ ...given, context: AT_REST });
      assert.deepEqual([term.name, term.estimator, term.samples], ["divergence", "closed form", 0]);
      assertClose(term.nats, EXPECTED, ROUNDING);
    }
  });
});

Deno.test("categoricalKl() refuses what is not relaxed", () => {
  tf.tidy(() => {
    const other = oneHotCategorical({ logits: tf.tensor3d(Q) });
    const q = other as unknown as distributions.RelaxedOneHotCategorical;
    const given = { posterior: q, prior: q, draw: q.draw(seed(1)), seed: seed(2) };
    assert.throws(() => categoricalKl().estimate({ ...given, context: AT_REST }), {
      name: "TypeError",
      message: "Cannot compute the KL of classes as posterior and prior must be relaxed " +
        "categorical: current value is 'oneHotCategorical'",
    });
  });
});
