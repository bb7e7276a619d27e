import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters, type Parameters } from "../../../core/scope.ts";
import { type Distribution, likelihoods, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { laplace } = likelihoods;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };
const LOCATION = [[0, 1, -1], [2, -3, 0.5]], X = [0, 1, 2];

const softplus = (x: number): number => Math.log1p(Math.exp(x));

const open = (): Parameters => openParameters({ data: [3], latent: [1], support: "real" }, seed(0));

/** Checks p against −|x − μ|/b − log 2b with these scales. */
function assertDensity(p: Distribution, scale: (b: number, i: number) => number): void {
  const expected = LOCATION.map((row, b) =>
    row.reduce(
      (sum, at, i) => sum - Math.abs(X[i]! - at) / scale(b, i) - Math.log(2 * scale(b, i)),
      0,
    )
  );
  assert.deepEqual([p.family, p.batch, p.event], ["laplace", 2, [3]]);
  assertClose(p.logProb(tf.tensor3d([[X]])), expected, ROUNDING);
}

Deno.test("laplace() says what it is for, and makes itself again from its options", () => {
  for (const likelihood of [laplace(), laplace({ scale: "shared" })]) {
    const { kind, name, options, support, heads } = likelihood;
    assert.deepEqual([kind, name, support], ["likelihood", "laplace", "real"]);
    assert.deepEqual(options, { scale: "shared" });
    assert.deepEqual(heads([2, 2]), { location: [2, 2] });
  }
  assert.deepEqual(laplace({ scale: 3 }).options, { scale: 3 });
  const perOutput = laplace({ scale: "perOutput" });
  assert.deepEqual(perOutput.options, { scale: "perOutput" });
  assert.deepEqual(perOutput.heads([2, 2]), { location: [2, 2], rawScale: [2, 2] });
});

Deno.test("laplace() has the scale that is asked for", () => {
  tf.tidy(() => {
    const outputs = { location: tf.tensor2d(LOCATION) };
    const fixed = open();
    assertDensity(laplace({ scale: 0.25 }).build(fixed.scope)(outputs, AT_REST), () => 0.25);
    assert.equal(fixed.variables.size, 0);

    const shared = open(), build = laplace().build(shared.scope);
    assertDensity(build(outputs, AT_REST), () => 0.5);
    assert.deepEqual([...shared.variables.keys()], ["rawScale"]);
    shared.variables.get("rawScale")!.assign(tf.scalar(2));
    assertDensity(build(outputs, AT_REST), () => softplus(2));
    shared.variables.get("rawScale")!.dispose();

    const raw = [[0, 1, -1], [2, 0.5, -0.5]], rawScale = tf.tensor2d(raw);
    const perOutput = laplace({ scale: "perOutput" }).build(open().scope);
    const p = perOutput({ ...outputs, rawScale }, AT_REST);
    assertDensity(p, (b, i) => softplus(raw[b]![i]!) + 1e-6);
  });
});

Deno.test("laplace() refuses a number that is not positive, and unknown words", () => {
  for (const scale of [0, -1, NaN, Infinity]) {
    assert.throws(() => laplace({ scale }), {
      name: "RangeError",
      message: "Cannot build likelihood as 'scale' must be a positive number: " +
        `current value is ${scale}`,
    });
  }
  assert.throws(() => laplace({ scale: "learned" as "shared" }), {
    name: "RangeError",
    message: "Cannot build likelihood as 'scale' must be a positive number, 'shared' or " +
      "'perOutput': current value is 'learned'",
  });
});
