import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { type Divergence, divergences, objectives, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { tinyData, tinyModel, tinyParts } from "../../helpers/tiny.ts";

Deno.test("elbo() with one sample is what a divergence stands for", () => {
  const objective = objectives.elbo({ divergence: divergences.kl() });
  const short = tinyModel({ seed: 1 }), long = vae({ ...tinyParts, objective, seed: 1 });
  const batch = tinyData().rows([0, 1, 2]);
  tf.tidy(() => {
    const [a, b] = [short, long].map((model) => model.ledger(batch, { seed: 2 }).objective);
    assert.deepEqual(a!.arraySync(), b!.arraySync());
  });
  tf.dispose(Object.values(batch));
  short.dispose();
  long.dispose();
});

Deno.test("elbo() averages over its samples, and says how many there are", () => {
  const divergence = divergences.kl({ closedForms: [] });
  const model = vae({ ...tinyParts, objective: objectives.elbo({ divergence, samples: 3 }) });
  const batch = tinyData().rows([0, 1]);
  tf.tidy(() => {
    const { terms, objective, bound } = model.ledger(batch, { seed: 2 });
    assert.deepEqual(terms.map(({ estimator, samples }) => [estimator, samples]), [
      ["Monte Carlo", 3],
      ["Monte Carlo", 3],
    ]);
    assert.deepEqual(terms.map(({ nats }) => nats.shape), [[2], [2]]);
    assertClose(bound!.nats.mean(), objective, { absolute: 1e-5 });
    assertClose(bound!.nats, terms[0]!.nats.sub(terms[1]!.nats), { absolute: 1e-5 });
  });
  tf.dispose(Object.values(batch));
  model.dispose();
});

Deno.test("elbo() states no bound where its divergence makes none", () => {
  const kl = divergences.kl();
  const unbounded: Divergence<never, never> = { ...kl, name: "half", isKl: false };
  const model = vae({ ...tinyParts, divergence: unbounded as typeof kl });
  const batch = tinyData().rows([0, 1]);
  tf.tidy(() => {
    assert.equal(model.ledger(batch, { seed: 2 }).bound, undefined);
    // The true ELBO is there all the same, from the draws.
    const { terms, bound } = model.elbo(batch, { seed: 2 });
    assert.deepEqual(terms.map(({ estimator }) => estimator), ["Monte Carlo", "Monte Carlo"]);
    assert.deepEqual(bound!.nats.shape, [2]);
  });
  tf.dispose(Object.values(batch));
  model.dispose();
});

Deno.test("elbo() refuses a number of samples that is not a positive integer", () => {
  for (const samples of [0, 1.5]) {
    assert.throws(() => objectives.elbo({ divergence: divergences.kl(), samples }), {
      message: "Cannot build objective as 'samples' must be a positive integer: " +
        `current value is ${samples}`,
    });
  }
});
