import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import { seed } from "../../core/random.ts";
import { distributions, sizeOf, useBackend } from "../../mod.ts";
import { normalCdf } from "../deps.ts";
import { assertClose } from "../helpers/assert_close.ts";
import type { Example } from "./cases/example.ts";
import { ORDINARY, valuesOf } from "./cases/inputs.ts";
import { INPUTS, parametersOf, passOf, ROWS, solve } from "./cases/linear_gaussian.ts";
import { fc } from "./deps.ts";
import { expectation, gridsOf, massesOf } from "./numerics/grids.ts";
import { massesAt, pointsFor } from "./numerics/points.ts";
import { estimate, largestGap, requireExpectation } from "./numerics/statistics.ts";
import { withinTime } from "./time_limit.ts";
import { requireClose, requireShape, Violation } from "./violation.ts";

await useBackend({ backend: "cpu" });

/** What grids and points know of some distribution. */
function exampleOf(q: distributions.Normal): Pick<Example, "q" | "elements" | "event" | "noise"> {
  const elements = Array.from({ length: sizeOf(q.event) }, () => "real" as const);
  return { q, elements, event: q.event, noise: seed(1) };
}

Deno.test("grids integrate a normal density and its moments", () => {
  tf.tidy(() => {
    for (const [mean, scale] of [[0, 1], [3, 0.1], [-2, 40]] as const) {
      const q = distributions.normal({
        mean: tf.fill([1, 1], mean),
        scale: tf.fill([1, 1], scale),
      });
      const [grid] = gridsOf(exampleOf(q)), [masses] = massesOf(q, [grid!], 1);
      const tolerance = { absolute: 1e-4, relative: 1e-4 };
      assertClose(expectation(grid!, masses!, () => 1), 1, tolerance);
      assertClose(expectation(grid!, masses!, (x) => x), mean, { absolute: 1e-4 * scale + 1e-5 });
      assertClose(expectation(grid!, masses!, (x) => (x - mean) ** 2), scale ** 2, tolerance);
      const below = (x: number): number => Number(x <= mean + scale);
      assertClose(expectation(grid!, masses!, below), normalCdf(1, 0, 1), { absolute: 5e-3 });
    }
  });
});

Deno.test("importance-weighted points integrate densities in several dimensions", () => {
  tf.tidy(() => {
    for (const dimensions of [1, 2, 3]) {
      const shape = [1, dimensions];
      const q = distributions.normal({ mean: tf.fill(shape, 2), scale: tf.fill(shape, 0.3) });
      const points = pointsFor(exampleOf(q), q.draw(seed(2), 500).value, 8192, seed(3));
      requireExpectation("the integral", estimate(massesAt(q.logProb(points.value), points)), 1);
    }
  });
});

Deno.test("importance-weighted points know the area of the sphere and of the simplex", () => {
  tf.tidy(() => {
    const q = distributions.standardNormal({ event: [3] });
    const sphere = pointsFor({ ...exampleOf(q), elements: "sphere" }, tf.ones([1]), 10, seed(1));
    const area = sphere.logWeights.reduce((sum, log) => sum + Math.exp(log), 0);
    assertClose(area, 4 * Math.PI, { relative: 1e-6 });
    // Draws of Dirichlet(1, 1, 1), whose density is 2 on the triangle.
    const exponential = tf.neg(tf.log(tf.randomUniform([500, 1, 3], 1e-3, 1, "float32", 7)));
    const draws = tf.div(exponential, tf.sum(exponential, 2, true));
    const example = { ...exampleOf(q), elements: "simplex" } as const;
    const simplex = pointsFor(example, draws, 8192, seed(2));
    requireExpectation("the area", estimate(simplex.logWeights.map(Math.exp)), 0.5);
  });
});

Deno.test("one-hot points are all there are, and weigh the same", () => {
  tf.tidy(() => {
    const q = distributions.standardNormal({ event: [2] });
    const points = pointsFor({ ...exampleOf(q), elements: "one-hot" }, tf.ones([1]), 10, seed(1));
    assert.deepEqual(points.value.arraySync(), [[[1, 0]], [[0, 1]]]);
    assert.deepEqual([[...points.logWeights], points.exact], [[0, 0], true]);
  });
});

Deno.test("estimate() gives a mean and its standard error", () => {
  const { mean, error, count } = estimate([1, 2, 3, 6]);
  assert.deepEqual([mean, count], [3, 4]);
  assertClose(error, Math.sqrt(14 / 3 / 4), { relative: 1e-12 });
});

Deno.test("largestGap() is the inequality of Dvoretzky, Kiefer, Wolfowitz and Massart", () => {
  const gap = largestGap(10_000);
  assertClose(2 * Math.exp(-2 * 10_000 * gap ** 2), 1e-11, { relative: 1e-9 });
});

Deno.test("the linear Gaussian model has the evidence that quadrature sees", () => {
  const [values] = fc.sample(valuesOf(INPUTS, ROWS, ORDINARY), { seed: 5, numRuns: 1 });
  const exact = solve(values!);
  tf.tidy(() => {
    const parameters = parametersOf(values!);
    const pass = passOf(values!, parameters, seed(1), { step: 0, epoch: 0 });
    // p(x, z) on a lattice of z, and log q(z|x) with it.
    const side = 201, reach = 7, width = 2 * reach / (side - 1);
    const lattice = Array.from(
      { length: side ** 2 },
      (_, k) => [Math.floor(k / side), k % side].map((i) => i * width - reach),
    );
    const z = tf.tile(tf.tensor(lattice.flat(), [side ** 2, 1, 2]), [1, ROWS, 1]);
    const joint = tf.add(pass.logLikelihood(z), pass.prior.logProb(z));
    const area = 2 * Math.log(width);
    const evidence = tf.add(tf.logSumExp(joint, 0), area);
    assertClose(evidence, exact.map((row) => row.evidence), { absolute: 1e-4 });
    const q = pass.posterior.logProb(z);
    const elbo = tf.sum(tf.mul(tf.exp(tf.add(q, area)), tf.sub(joint, q)), 0);
    assertClose(elbo, exact.map((row) => row.elbo), { absolute: 2e-3 });
  });
});

Deno.test("withinTime() hands on answers and errors, and cuts short what never returns", () => {
  assert.equal(withinTime(1000, () => 7), 7);
  assert.throws(() => withinTime(1000, () => assert.fail("own")), /own/);
  const { scopeStack } = tf.engine().state, depth = scopeStack.length;
  assert.throws(
    () =>
      withinTime(100, () =>
        tf.tidy(() => {
          for (;;) tf.ones([3]);
        })),
    /an answer within 0\.1 s/,
  );
  assert.equal(scopeStack.length, depth);
});

Deno.test("violations say what was expected and what was seen", () => {
  const refused: [() => void, RegExp][] = [
    [
      () => requireClose("it", [1, 2], [1, 3], { absolute: 0.1 }),
      /it to be 3 ± 0.1 at position 1, saw 2/,
    ],
    [() => requireClose("it", [NaN], [1], { absolute: 0.1 }), /it to be 1 ± 0.1, saw NaN/],
    [() => requireClose("it", [1], [NaN], { absolute: 0.1 }), /a number as it, saw NaN/],
    [() => requireClose("it", [1], [1, 2], { absolute: 1 }), /2 numbers as it, saw 1 numbers/],
    [() => requireShape("it", undefined, [2]), /it of shape \[2\], saw undefined/],
  ];
  for (const [check, message] of refused) {
    assert.throws(check, (error: unknown) => {
      assert(error instanceof Violation);
      assert.match(error.message, message);
      return true;
    });
  }
  requireClose("it", [Infinity], [Infinity], { absolute: 0 });
});
