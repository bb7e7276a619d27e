import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters, type Parameters } from "../../../core/scope.ts";
import { distributions, likelihoods, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { zeroInflatedNegativeBinomial } = likelihoods;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-6, relative: 1e-6 };
const LOG_MEANS = [[0, 1, -1], [2, -3, 0.5]], ZERO_LOGITS = [[1, 0, -1], [3, 0.5, 2]];
const X = [0, 1, 5];

const open = (): Parameters =>
  openParameters({ data: [3], latent: [1], support: "count" }, seed(0));

Deno.test("zeroInflatedNegativeBinomial() says what it is for, and what it wants", () => {
  for (
    const likelihood of [
      zeroInflatedNegativeBinomial(),
      zeroInflatedNegativeBinomial(zeroInflatedNegativeBinomial().options),
    ]
  ) {
    const { kind, name, options, support, heads } = likelihood;
    assert.deepEqual([kind, name], ["likelihood", "zeroInflatedNegativeBinomial"]);
    assert.deepEqual([options, support], [{ dispersion: "perFeature" }, "count"]);
    assert.deepEqual(heads([2, 2]), { logMean: [2, 2], zeroLogits: [2, 2] });
  }
});

Deno.test("zeroInflatedNegativeBinomial() adds the log-odds of an extra zero", () => {
  const { scope, variables } = open();
  const build = zeroInflatedNegativeBinomial().build(scope);
  const likelihood = zeroInflatedNegativeBinomial({ dispersion: "perOutput" });
  const buildPerOutput = likelihood.build(open().scope);
  assert.deepEqual(likelihood.options, { dispersion: "perOutput" });
  assert.deepEqual(Object.keys(likelihood.heads([3])), [
    "logMean",
    "logInverseDispersion",
    "zeroLogits",
  ]);
  tf.tidy(() => {
    const logMean = tf.tensor2d(LOG_MEANS), zeroLogits = tf.tensor2d(ZERO_LOGITS);
    const x = tf.tensor3d([[X]]), offset = tf.tensor1d([0.5, -1]);
    const logInverseDispersion = tf.zeros([2, 3]);
    const q = distributions.zeroInflatedNegativeBinomial({
      logMean: tf.add(logMean, tf.tensor2d([[0.5], [-1]])),
      logInverseDispersion,
      zeroLogits,
    });
    const context = { ...AT_REST, offset }, expected = q.logProb(x).dataSync();
    assertClose(build({ logMean, zeroLogits }, context).logProb(x), expected, ROUNDING);
    const outputs = { logMean, logInverseDispersion, zeroLogits };
    assertClose(buildPerOutput(outputs, context).logProb(x), expected, ROUNDING);
  });
  for (const variable of variables.values()) variable.dispose();
});

Deno.test("zeroInflatedNegativeBinomial() refuses unknown words", () => {
  assert.throws(() => zeroInflatedNegativeBinomial({ dispersion: "gene" as "perFeature" }), {
    name: "RangeError",
    message: "Cannot build likelihood as 'dispersion' must be 'perFeature' or 'perOutput': " +
      "current value is 'gene'",
  });
});
