import assert from "node:assert/strict";
import { normalLogpdf as logpdf } from "../../deps.ts";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters, type Parameters } from "../../../core/scope.ts";
import { type Distribution, likelihoods, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { normal } = likelihoods;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };
const MEAN = [[0, 1, -1], [2, -3, 0.5]], X = [0, 1, 2];

const softplus = (x: number): number => Math.log1p(Math.exp(x));

const open = (): Parameters => openParameters({ data: [3], latent: [1], support: "real" }, seed(0));

/** Checks p against an independent density with these scales. */
function assertDensity(p: Distribution, scales: readonly (readonly number[])[]): void {
  const expected = MEAN.map((row, b) =>
    row.reduce((sum, mean, i) => sum + logpdf(X[i]!, mean, scales[b]![i]!), 0)
  );
  assert.deepEqual([p.family, p.batch, p.event], ["normal", 2, [3]]);
  const logProb = p.logProb(tf.tensor3d([[X]]));
  assert.deepEqual(logProb.shape, [1, 2]);
  assertClose(logProb, expected, ROUNDING);
}

const everywhere = (scale: number): number[][] => MEAN.map((row) => row.map(() => scale));

Deno.test("normal() says what it is for, and learns a shared scale unless told", () => {
  for (const likelihood of [normal(), normal({}), normal({ scale: "shared" })]) {
    const { kind, name, options, support, heads } = likelihood;
    assert.deepEqual([kind, name, support], ["likelihood", "normal", "real"]);
    assert.deepEqual(options, { scale: "shared" });
    assert.deepEqual(heads([2, 2]), { mean: [2, 2] });
  }
});

Deno.test("normal() with a number has that scale everywhere, and no weights", () => {
  const likelihood = normal({ scale: 0.25 }), { scope, variables } = open();
  assert.deepEqual(likelihood.options, { scale: 0.25 });
  assert.deepEqual(likelihood.heads([3]), { mean: [3] });
  const build = likelihood.build(scope);
  assert.equal(variables.size, 0);
  tf.tidy(() => assertDensity(build({ mean: tf.tensor2d(MEAN) }, AT_REST), everywhere(0.25)));
});

Deno.test("normal() with a shared scale has one weight, which starts at a scale of ½", () => {
  const { scope, variables } = open(), build = normal().build(scope);
  assert.deepEqual([...variables.keys()], ["rawScale"]);
  const rawScale = variables.get("rawScale")!;
  assert.deepEqual([rawScale.shape, rawScale.trainable], [[], true]);
  tf.tidy(() => {
    const density = (scale: number): void =>
      assertDensity(build({ mean: tf.tensor2d(MEAN) }, AT_REST), everywhere(scale));
    density(0.5 + 1e-6);
    rawScale.assign(tf.scalar(2));
    density(softplus(2));
  });
  rawScale.dispose();
});

Deno.test("normal() with a shared scale learns it: its gradient is that of the density", () => {
  const { scope, variables } = open(), build = normal().build(scope);
  const rawScale = variables.get("rawScale")!;
  const { grads } = tf.variableGrads(() => {
    const p = build({ mean: tf.tensor2d(MEAN) }, AT_REST);
    return p.logProb(tf.tensor3d([[X]])).sum() as tf.Scalar;
  });
  const squares = MEAN.flatMap((row) => row.map((mean, i) => (X[i]! - mean) ** 2));
  // d/dσ of −½ (x − μ)²/σ² − log σ, times dσ/draw = 1 − exp(−σ) of softplus.
  const expected = squares.reduce((sum, square) => sum + square / 0.125 - 2, 0) * -Math.expm1(-0.5);
  assertClose(grads[rawScale.name]!, expected, { relative: 1e-4 });
  tf.dispose(grads);
  rawScale.dispose();
});

Deno.test("normal() with a scale per output reads it from the decoder", () => {
  const likelihood = normal({ scale: "perOutput" }), { scope, variables } = open();
  assert.deepEqual(likelihood.options, { scale: "perOutput" });
  assert.deepEqual(likelihood.heads([2, 2]), { mean: [2, 2], rawScale: [2, 2] });
  const build = likelihood.build(scope), raw = [[0, 1, -1], [2, 0.5, -0.5]];
  assert.equal(variables.size, 0);
  tf.tidy(() => {
    const outputs = { mean: tf.tensor2d(MEAN), rawScale: tf.tensor2d(raw) };
    assertDensity(build(outputs, AT_REST), raw.map((row) => row.map((x) => softplus(x) + 1e-6)));
  });
});

Deno.test("normal() refuses a number that is not positive, and unknown words", () => {
  for (const scale of [0, -1, NaN, Infinity]) {
    assert.throws(() => normal({ scale }), {
      name: "RangeError",
      message: "Cannot build likelihood as 'scale' must be a positive number: " +
        `current value is ${scale}`,
    });
  }
  assert.throws(() => normal({ scale: "learned" as "shared" }), {
    name: "RangeError",
    message: "Cannot build likelihood as 'scale' must be a positive number, 'shared', " +
      "'optimal' or 'perOutput': current value is 'learned'",
  });
});
