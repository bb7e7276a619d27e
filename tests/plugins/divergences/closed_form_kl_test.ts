import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { type Distribution, distributions, type Divergence, divergences } from "../../../mod.ts";
import { useBackend } from "../../../mod.ts";

const { normal, standardNormal } = distributions;
const { closedFormKl, normalNormal, normalStandardNormal } = divergences;

type Normal = distributions.Normal;
type StandardNormal = distributions.StandardNormal;

await useBackend({ backend: "cpu" });

const posterior = () =>
  normal({ mean: tf.tensor2d([[1, -1], [2, 0]]), scale: tf.tensor2d([[0.5, 1], [1, 0.25]]) });

/** What a divergence says of that posterior and a prior that its type may not allow. */
function estimate<P extends Distribution>(divergence: Divergence<Normal, P>, prior: Distribution) {
  const q = posterior();
  return divergence.estimate({
    posterior: q,
    prior: prior as P,
    draw: q.draw(seed(1)),
    seed: seed(2),
    context: AT_REST,
  });
}

Deno.test("closedFormKl() is a divergence that bounds log p(x)", () => {
  const { kind, name, isKl, options } = closedFormKl();
  assert.deepEqual([kind, name, isKl], ["divergence", "closedFormKl", true]);
  assert.deepEqual(options, { closedForm: normalNormal });
});

Deno.test("closedFormKl() is that of two normals, or the one it is given", () => {
  tf.tidy(() => {
    const standard = standardNormal({ event: [2] });
    const other = normal({ mean: tf.ones([1, 2]), scale: tf.fill([1, 2], 2) });
    const cases = [
      [estimate(closedFormKl(), other), normalNormal.evaluate(posterior(), other)],
      [estimate(closedFormKl(), standard), normalNormal.evaluate(posterior(), standard)],
      [
        estimate(closedFormKl({ closedForm: normalStandardNormal }), standard),
        normalStandardNormal.evaluate(posterior(), standard),
      ],
    ] as const;
    for (const [[term, ...rest], { nats, factors }] of cases) {
      assert.equal(rest.length, 0);
      assert.deepEqual([term.name, term.weight], ["divergence", 1]);
      assert.deepEqual([term.estimator, term.samples], ["closed form", 0]);
      assert.deepEqual(term.nats.arraySync(), nats.arraySync());
      assert.deepEqual(term.factors?.arraySync(), factors?.arraySync());
      assert.deepEqual(term.contribution.arraySync(), nats.neg().arraySync());
    }
  });
});

Deno.test("closedFormKl() refuses a pair that only an untyped program can give it", () => {
  tf.tidy(() => {
    const prior = { ...standardNormal({ event: [2] }), family: "unheardOf" };
    assert.throws(() => estimate(closedFormKl(), prior), {
      name: "TypeError",
      message: "Cannot compute the KL in closed form as 'normalNormal' must be made for the " +
        "posterior and the prior: current value is [normal, unheardOf]",
    });
    const standardOnly = closedFormKl({ closedForm: normalStandardNormal });
    assert.throws(() => estimate(standardOnly, posterior()), {
      name: "TypeError",
      message: "Cannot compute the KL in closed form as 'normalStandardNormal' must be made for " +
        "the posterior and the prior: current value is [normal, normal]",
    });
  });
});

Deno.test("closedFormKl() has a type that only its own pair fits", () => {
  const standardOnly: Divergence<Normal, StandardNormal> = closedFormKl({
    closedForm: normalStandardNormal,
  });
  // A form for every normal prior serves the standard one, but not the other way round.
  const narrowed: Divergence<Normal, StandardNormal> = closedFormKl();
  // @ts-expect-error: this form is for standard normal priors alone
  const widened: Divergence<Normal, Normal> = standardOnly;
  // @ts-expect-error: this form is for normal posteriors alone
  const anyPosterior: Divergence<Distribution, Normal> = closedFormKl();
  assert.deepEqual([narrowed, widened, anyPosterior].map(({ name }) => name), [
    "closedFormKl",
    "closedFormKl",
    "closedFormKl",
  ]);
});
