import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import {
  type ClosedForm,
  distributions,
  divergences,
  type Estimate,
  useBackend,
} from "../../../mod.ts";
import type { Distribution } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { assertWithin, NORMAL_BOUND } from "../../helpers/statistics.ts";

const { normal, standardNormal } = distributions;
const { kl, normalNormal, normalStandardNormal } = divergences;

await useBackend({ backend: "cpu" });

/** B = 2, K = 3. */
const posterior = () =>
  normal({
    mean: tf.tensor2d([[1, -1, 0], [2, 0, 0.5]]),
    scale: tf.tensor2d([[0.5, 1, 2], [1, 0.25, 3]]),
  });

/** The same distribution under a name that no closed form knows. */
const unknown = (distribution: Distribution): Distribution => ({
  ...distribution,
  family: "unheardOf",
});

function given(prior: Distribution, samples = 1): Estimate<distributions.Normal, Distribution> {
  const q = posterior();
  return {
    posterior: q,
    prior,
    draw: q.draw(seed(1), samples),
    seed: seed(2),
    context: AT_REST,
  };
}

Deno.test("kl() is a divergence that bounds log p(x)", () => {
  const { kind, name, isKl } = kl();
  assert.deepEqual([kind, name, isKl], ["divergence", "kl", true]);
});

Deno.test("kl() tries every closed form that Elbo knows, the one of the standard normal first", () => {
  const { closedForms } = kl().options as { closedForms: readonly { readonly kind: string }[] };
  const known = Object.values<unknown>(divergences).filter((form) => typeof form === "object");
  assert.deepEqual(new Set(closedForms), new Set(known));
  assert.deepEqual(closedForms[0], normalStandardNormal);
});

Deno.test("kl() takes the closed form of the pair, and says so", async (t) => {
  await onEachBackend(t, () => {
    const standard = standardNormal({ event: [3] });
    const other = normal({ mean: tf.ones([1, 3]), scale: tf.fill([1, 3], 2) });
    const expected = [
      [standard, normalStandardNormal.evaluate(posterior(), standard)],
      [other, normalNormal.evaluate(posterior(), other)],
    ] as const;
    for (const [prior, { nats, factors }] of expected) {
      const [term, ...rest] = kl().estimate(given(prior));
      assert.equal(rest.length, 0);
      assert.deepEqual([term.name, term.weight], ["divergence", 1]);
      assert.deepEqual([term.estimator, term.samples], ["closed form", 0]);
      assert.deepEqual(term.nats.arraySync(), nats.arraySync());
      assert.deepEqual(term.factors?.arraySync(), factors?.arraySync());
      assert.deepEqual(term.contribution.arraySync(), nats.neg().arraySync());
    }
  });
});

Deno.test("kl() falls back to the draws for a family it does not know, and says so", async (t) => {
  await onEachBackend(t, () => {
    const estimate = given(unknown(standardNormal({ event: [3] })), 8);
    const [term, ...rest] = kl().estimate(estimate), { draw, prior } = estimate;
    assert.equal(rest.length, 0);
    assert.deepEqual([term.estimator, term.samples, term.weight], ["Monte Carlo", 8, 1]);
    assertClose(term.factors!.sum(1), term.nats, { absolute: 1e-5 });
    const expected = draw.logProb().sub(prior.logProb(draw.value)).mean(0);
    assert.deepEqual(term.nats.shape, [2]);
    assertClose(term.nats, expected, { absolute: 1e-5 });
    assertClose(term.contribution, expected.neg(), { absolute: 1e-5 });
  });
});

Deno.test("kl() from draws agrees with the closed form within its standard error", () => {
  const samples = 20_000;
  tf.tidy(() => {
    const prior = standardNormal({ event: [3] }), estimate = given(prior, samples);
    const [sampled] = kl({ closedForms: [] }).estimate(estimate), [exact] = kl().estimate(estimate);
    assert.deepEqual([sampled.estimator, sampled.samples], ["Monte Carlo", samples]);
    const ratios = estimate.draw.logProb().sub(prior.logProb(estimate.draw.value));
    const errors = tf.moments(ratios, 0).variance.div(samples).sqrt();
    sampled.nats.sub(exact.nats).div(errors).dataSync().forEach((statistic, row) => {
      assertWithin(NORMAL_BOUND, statistic, `row ${row}`);
    });
  });
});

Deno.test("kl() asks the prior for its density with the seed it is given", () => {
  tf.tidy(() => {
    const standard = standardNormal({ event: [3] });
    const seeds: unknown[] = [];
    const prior: Distribution = {
      ...unknown(standard),
      logProb: (value, from) => {
        seeds.push(from?.key);
        return standard.logProb(value);
      },
    };
    kl().estimate(given(prior));
    assert.deepEqual(seeds, [seed(2).key]);
  });
});

Deno.test("kl() tries its closed forms in order", () => {
  const form = (name: string, fits: boolean): ClosedForm<never, never> => ({
    ...normalNormal,
    name,
    attempt: () => fits ? { nats: tf.fill([2], name.length) } : undefined,
  });
  tf.tidy(() => {
    const closedForms = [form("a", false), form("bb", true), form("ccc", true)];
    const [term] = kl({ closedForms }).estimate(given(standardNormal({ event: [3] })));
    assert.deepEqual([term.nats.arraySync(), term.estimator], [[2, 2], "closed form"]);
    assert.equal(term.factors, undefined);
  });
});

Deno.test("kl() of draws knows the part of every latent where both sides factorize", () => {
  tf.tidy(() => {
    const prior = standardNormal({ event: [3] }), sampled = kl({ closedForms: [] });
    const { logDensities: _, ...joint } = prior;
    assert.deepEqual(sampled.estimate(given(prior, 5))[0].factors!.shape, [2, 3]);
    assert.equal(sampled.estimate(given(joint, 5))[0].factors, undefined);
  });
});
