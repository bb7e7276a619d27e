import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { type Distribution, type Divergence, divergences, objectives, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { gradientEstimates, largestGap, totalVariance } from "../../helpers/gradient_estimates.ts";
import { NORMAL_BOUND } from "../../helpers/statistics.ts";
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

const sampledKl = divergences.kl({ closedForms: [] });
const landing = (samples = 1) =>
  objectives.elbo({ divergence: sampledKl, samples, gradient: "stickingTheLanding" });

Deno.test("elbo() sticking the landing reports the same", () => {
  const batch = tinyData().rows([0, 1, 2]);
  const [plain, other] = (["plain", "stickingTheLanding"] as const).map((gradient) => {
    const objective = objectives.elbo({ divergence: sampledKl, samples: 3, gradient });
    const model = vae({ ...tinyParts, objective, seed: 1 });
    const ledger = tf.tidy(() => {
      const { terms, bound, objective: value } = model.ledger(batch, { seed: 2 });
      return [value, bound!.nats, ...terms.map(({ nats }) => nats)].map((t) => t.dataSync());
    });
    model.dispose();
    return ledger;
  });
  other!.forEach((values, i) => assertClose(values, plain![i]!, { absolute: 1e-4 }));
  tf.dispose(Object.values(batch));
});

Deno.test("elbo() has the plain gradient on average, sticking the landing", () => {
  for (const divergence of [sampledKl, divergences.betaKl({ beta: 3, divergence: sampledKl })]) {
    const [plain, other] = (["plain", "stickingTheLanding"] as const).map((gradient) =>
      gradientEstimates(objectives.elbo({ divergence, gradient }), 0.3, 50)
    );
    assert(largestGap(plain!.posterior, other!.posterior) < NORMAL_BOUND);
    assert(largestGap(plain!.model, other!.model) < NORMAL_BOUND);
  }
});

Deno.test("elbo() sticking the landing has less noise for q, and none at the true posterior", () => {
  const plain = gradientEstimates(objectives.elbo({ divergence: sampledKl }), 0.1, 50);
  const other = gradientEstimates(landing(), 0.1, 50);
  assert(totalVariance(other.posterior) < 0.2 * totalVariance(plain.posterior));
  const best = gradientEstimates(landing(), 0, 5);
  assert(totalVariance(best.posterior) < 1e-9);
});

Deno.test("elbo() can be made again from its options", () => {
  const { kind, name, options, divergence } = landing(4);
  assert.deepEqual([kind, name, divergence], ["objective", "elbo", sampledKl]);
  assert.deepEqual(options, {
    divergence: sampledKl,
    samples: 4,
    gradient: "stickingTheLanding",
  });
  const plain = objectives.elbo({ divergence: sampledKl });
  assert.deepEqual(plain.options, { divergence: sampledKl, samples: 1, gradient: "plain" });
});

Deno.test("elbo() sticks the landing with a sampled KL alone", () => {
  const build = (divergence: Divergence<Distribution, Distribution>) =>
    vae({
      ...tinyParts,
      objective: objectives.elbo({ divergence, gradient: "stickingTheLanding" }),
    });
  const message = (current: string): string =>
    "Cannot stick the landing as the row 'divergence' must be a multiple of a mean over draws, " +
    `as of 'kl({ closedForms: [] })': current value is ${current}`;
  assert.throws(() => build(divergences.kl()), {
    name: "TypeError",
    message: message("'closed form'"),
  });
  const capped = divergences.capacity({ nats: 1, gamma: 1, divergence: sampledKl });
  assert.throws(() => build(capped), { name: "TypeError", message: message("undefined") });
  assert.throws(() => build(divergences.mmd()), {
    name: "RangeError",
    message: "Cannot build objective as 'divergence' must be a KL to stick the landing: " +
      "current value is 'mmd'",
  });
});

Deno.test("elbo() refuses an unknown gradient", () => {
  const gradient = "path" as "plain";
  assert.throws(() => objectives.elbo({ divergence: sampledKl, gradient }), {
    name: "RangeError",
    message: "Cannot build objective as 'gradient' must be 'plain' or 'stickingTheLanding': " +
      "current value is 'path'",
  });
});
