import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters, type Parameters } from "../../../core/scope.ts";
import { distributions, likelihoods, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { negativeBinomial } = likelihoods;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-6, relative: 1e-6 };
const LOG_MEANS = [[0, 1, -1], [2, -3, 0.5]], LOG_THETAS = [[1, 0, -1], [3, 0.5, 2]];
const X = [0, 1, 5];

const open = (): Parameters =>
  openParameters({ data: [3], latent: [1], support: "count" }, seed(0));

Deno.test("negativeBinomial() says what it is for, and learns θ per feature unless told", () => {
  for (
    const likelihood of [
      negativeBinomial(),
      negativeBinomial({}),
      negativeBinomial(negativeBinomial().options),
    ]
  ) {
    const { kind, name, options, support, heads } = likelihood;
    assert.deepEqual([kind, name, support], ["likelihood", "negativeBinomial", "count"]);
    assert.deepEqual(options, { dispersion: "perFeature" });
    assert.deepEqual(heads([2, 2]), { logMean: [2, 2] });
  }
});

Deno.test("negativeBinomial() has a weight for every feature, which starts at θ = 1", () => {
  const { scope, variables } = open(), build = negativeBinomial().build(scope);
  assert.deepEqual([...variables.keys()], ["logInverseDispersion"]);
  const weight = variables.get("logInverseDispersion")!;
  assert.deepEqual([weight.shape, weight.trainable], [[3], true]);
  tf.tidy(() => {
    const logMean = tf.tensor2d(LOG_MEANS), x = tf.tensor3d([[X]]), offset = tf.tensor1d([1, -2]);
    for (const logThetas of [[0, 0, 0], [1, -2, 3]]) {
      weight.assign(tf.tensor1d(logThetas));
      const logInverseDispersion = tf.tensor1d(logThetas);
      for (const by of [undefined, offset]) {
        const p = build({ logMean }, { ...AT_REST, offset: by });
        assert.deepEqual([p.family, p.batch, p.event], ["negativeBinomial", 2, [3]]);
        const moved = by === undefined ? logMean : tf.add(logMean, tf.reshape(by, [2, 1]));
        const q = distributions.negativeBinomial({ logMean: moved, logInverseDispersion });
        assertClose(p.logProb(x), q.logProb(x).dataSync(), ROUNDING);
      }
    }
  });
  const { grads } = tf.variableGrads(() =>
    build({ logMean: tf.tensor2d(LOG_MEANS) }, AT_REST).logProb(tf.tensor3d([[X]])).sum()
  );
  assert(grads[weight.name]!.dataSync().every((slope) => slope !== 0 && Number.isFinite(slope)));
  tf.dispose(grads);
  weight.dispose();
});

Deno.test("negativeBinomial() with a θ per output reads it from the decoder", () => {
  const likelihood = negativeBinomial({ dispersion: "perOutput" }), { scope, variables } = open();
  assert.deepEqual(likelihood.options, { dispersion: "perOutput" });
  assert.deepEqual(likelihood.heads([2, 2]), { logMean: [2, 2], logInverseDispersion: [2, 2] });
  const build = likelihood.build(scope);
  assert.equal(variables.size, 0);
  tf.tidy(() => {
    const outputs = {
      logMean: tf.tensor2d(LOG_MEANS),
      logInverseDispersion: tf.tensor2d(LOG_THETAS),
    };
    const x = tf.tensor3d([[X]]), p = build(outputs, AT_REST);
    const q = distributions.negativeBinomial(outputs);
    assertClose(p.logProb(x), q.logProb(x).dataSync(), ROUNDING);
    const far = tf.tensor2d([[-1e6, -14, 1e6]]);
    const { logInverseDispersion } = build({ logMean: far, logInverseDispersion: far }, AT_REST);
    assertClose(logInverseDispersion, [-15, -14, 15], { absolute: 0.35 });
  });
});

Deno.test("negativeBinomial() refuses unknown words", () => {
  assert.throws(() => negativeBinomial({ dispersion: "gene" as "perFeature" }), {
    name: "RangeError",
    message: "Cannot build likelihood as 'dispersion' must be 'perFeature' or 'perOutput': " +
      "current value is 'gene'",
  });
});
