import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { divergences, objectives, useBackend, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { gradientEstimates, largestGap, totalVariance } from "../../helpers/gradient_estimates.ts";
import { mean, NORMAL_BOUND } from "../../helpers/statistics.ts";
import { tinyData, tinyParts } from "../../helpers/tiny.ts";
import { parametersOf, passOf } from "../../laws/cases/linear_gaussian.ts";
import { seed } from "../../../core/random.ts";

const { elbo, iwae } = objectives;

await useBackend({ backend: "wasm" });

const doubly = (samples: number) => iwae({ samples, gradient: "doublyReparameterized" });

const VALUES = {
  loadings: [1.2, 0.8],
  bias: [0.1, -0.2, 0.3],
  noise: [0.7],
  x: [0.5, -1, 1.5, -0.3, 0.8, 0.2],
  shift: [0.5, -0.5, 1, 0],
  stretch: [1, 0.8, 1.3, 1],
};

const passAt = (noise: number) =>
  passOf(VALUES, parametersOf(VALUES), seed(noise), { step: 0, epoch: 0 });

Deno.test("iwae() is the log of the mean weight, and its rows are what that is made of", () => {
  for (const gradient of ["plain", "doublyReparameterized"] as const) {
    tf.tidy(() => {
      const pass = passAt(1), { value } = pass.posterior.draw(seed(1).split("latents"), 4);
      const logX = pass.logLikelihood(value).arraySync() as number[][];
      const logRatio = pass.posterior.logProb(value).sub(pass.prior.logProb(value))
        .arraySync() as number[][];
      const { terms, bound, objective } = iwae({ samples: 4, gradient }).ledger(pass);
      const rows = [0, 1].map((b) => {
        const weights = logX.map((row, k) => Math.exp(row[b]! - logRatio[k]![b]!));
        const total = weights.reduce((sum, w) => sum + w), shares = weights.map((w) => w / total);
        const average = (values: readonly number[]): number =>
          values.reduce((sum, value, k) => sum + shares[k]! * value, 0);
        return {
          reconstruction: average(logX.map((row) => row[b]!)),
          divergence: average(logRatio.map((row) => row[b]!)),
          entropy: -average(shares.map(Math.log)) - Math.log(4),
          bound: Math.log(total / 4),
        };
      });
      assert.deepEqual(
        terms.map(({ name, estimator, samples, weight }) => [
          name,
          estimator,
          samples,
          weight,
        ]),
        [
          ["reconstruction", "Monte Carlo", 4, 1],
          ["divergence", "Monte Carlo", 4, 1],
          ["weight entropy", "Monte Carlo", 4, 1],
        ],
      );
      const close = { absolute: 2e-5 };
      assertClose(terms[0]!.contribution, rows.map((row) => row.reconstruction), close);
      assertClose(terms[1]!.contribution, rows.map((row) => -row.divergence), close);
      assertClose(terms[2]!.contribution, rows.map((row) => row.entropy), close);
      assert.equal(bound!.name, "IWAE, 4 samples");
      assertClose(bound!.nats, rows.map((row) => row.bound), close);
      assertClose(objective, mean(rows.map((row) => row.bound)), close);
    });
  }
});

Deno.test("iwae() of one sample is the ELBO of the draw", () => {
  tf.tidy(() => {
    const sampled = elbo({ divergence: divergences.kl({ closedForms: [] }) }).ledger(passAt(3));
    const { bound, terms } = iwae({ samples: 1 }).ledger(passAt(3));
    assertClose(bound!.nats, sampled.bound!.nats, { absolute: 1e-5 });
    assertClose(terms[2]!.nats, [0, 0], { absolute: 1e-6 });
  });
});

Deno.test("iwae() reports the same, whichever gradient is followed", () => {
  tf.tidy(() => {
    const plain = iwae({ samples: 6 }).ledger(passAt(2)), other = doubly(6).ledger(passAt(2));
    assertClose(other.objective, plain.objective, { absolute: 1e-5 });
    assert.equal(plain.surrogate, undefined);
    assert.notEqual(other.surrogate, undefined);
  });
});

Deno.test("iwae() stays finite where one weight outweighs all, and where all are tiny", () => {
  tf.tidy(() => {
    const pass = passAt(1);
    for (const far of [1e4, -1e4]) {
      for (const objective of [iwae({ samples: 3 }), doubly(3)]) {
        const ledgerAt = (factor: tf.Tensor) =>
          objective.ledger({
            ...pass,
            logLikelihood: (z) => pass.logLikelihood(z).mul(factor).add(far),
          });
        const { terms, bound } = ledgerAt(tf.scalar(20));
        const gradient = tf.grad((factor) => {
          const { objective: value, surrogate } = ledgerAt(factor);
          return surrogate ?? value;
        })(tf.scalar(20));
        for (const numbers of [gradient, bound!.nats, ...terms.map(({ nats }) => nats)]) {
          assert(numbers.dataSync().every((value) => Number.isFinite(value)));
        }
      }
    }
  });
});

Deno.test("iwae() has the plain gradient on average, doubly reparameterized", () => {
  for (const samples of [1, 8]) {
    const plain = gradientEstimates(iwae({ samples }), 0.3, 50);
    const other = gradientEstimates(doubly(samples), 0.3, 50);
    assert(largestGap(plain.posterior, other.posterior) < NORMAL_BOUND);
    assert(largestGap(plain.model, other.model) < NORMAL_BOUND);
  }
});

Deno.test("iwae() doubly reparameterized has less noise for q, and none at the true posterior", () => {
  const plain = gradientEstimates(iwae({ samples: 16 }), 0.1, 50);
  const other = gradientEstimates(doubly(16), 0.1, 50);
  assert(totalVariance(other.posterior) < 0.2 * totalVariance(plain.posterior));
  const best = gradientEstimates(doubly(16), 0, 5);
  assert(totalVariance(best.posterior) < 1e-9);
});

Deno.test("iwae() trains a model, and leaves no tensor", () => {
  for (const gradient of ["plain", "doublyReparameterized"] as const) {
    const model = vae({ ...tinyParts, objective: iwae({ samples: 4, gradient }) });
    const batch = tinyData().rows([0, 1, 2]), before = tf.memory().numTensors;
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => {
        const { objective, surrogate } = model.ledger(batch, { seed: 1, training: true });
        return (surrogate ?? objective) as tf.Scalar;
      });
      for (const [name, gradient] of Object.entries(grads)) {
        assert(gradient.dataSync().some((value) => value !== 0), name);
      }
    });
    assert.equal(tf.memory().numTensors, before);
    tf.dispose(Object.values(batch));
    model.dispose();
  }
});

Deno.test("iwae() can be made again from its options", () => {
  const { kind, name, options, divergence } = iwae();
  assert.deepEqual([kind, name, divergence], ["objective", "iwae", undefined]);
  assert.deepEqual(options, { samples: 5, gradient: "plain" });
  assert.deepEqual(
    iwae(doubly(7).options as Parameters<typeof iwae>[0]).options,
    doubly(7).options,
  );
});

Deno.test("iwae() refuses options out of range", () => {
  for (const samples of [0, 1.5]) {
    assert.throws(() => iwae({ samples }), {
      name: "RangeError",
      message: "Cannot build objective as 'samples' must be a positive integer: " +
        `current value is ${samples}`,
    });
  }
  assert.throws(() => iwae({ gradient: "double" as "plain" }), {
    name: "RangeError",
    message: "Cannot build objective as 'gradient' must be 'plain' or 'doublyReparameterized': " +
      "current value is 'double'",
  });
});
