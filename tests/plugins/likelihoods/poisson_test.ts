import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import { dataset, divergences, fit, likelihoods, useBackend, vae } from "../../../mod.ts";
import { logGamma } from "../../deps.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { tinyParts } from "../../helpers/tiny.ts";

const { poisson } = likelihoods;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };
const LOG_RATES = [[0, 1, -1], [2, -3, 0.5]], X = [0, 1, 5];

const logPmf = (k: number, rate: number): number => k * Math.log(rate) - rate - logGamma(k + 1);

function built() {
  const shapes = { data: [3], latent: [1], support: "count" } as const;
  const { scope, variables } = openParameters(shapes, seed(0));
  const build = poisson().build(scope);
  assert.equal(variables.size, 0);
  return build;
}

Deno.test("poisson() says what it is for and what it wants from the decoder", () => {
  const { kind, name, options, support, heads } = poisson();
  assert.deepEqual([kind, name, options, support], ["likelihood", "poisson", {}, "count"]);
  assert.deepEqual(heads([2, 2]), { logRate: [2, 2] });
});

Deno.test("poisson() reads the decoder's output as log rates, and adds the offset", () => {
  const build = built(), offsets = [-1, 2];
  tf.tidy(() => {
    const outputs = { logRate: tf.tensor2d(LOG_RATES) };
    for (const offset of [undefined, tf.tensor1d(offsets)]) {
      const p = build(outputs, { ...AT_REST, offset });
      assert.deepEqual([p.family, p.batch, p.event], ["poisson", 2, [3]]);
      const expected = LOG_RATES.map((row, b) => {
        const factor = offset === undefined ? 1 : Math.exp(offsets[b]!);
        return row.reduce((sum, log, i) => sum + logPmf(X[i]!, factor * Math.exp(log)), 0);
      });
      assertClose(p.logProb(tf.tensor3d([[X]])), expected, ROUNDING);
    }
    const pictures = build({ logRate: tf.zeros([2, 3, 4]) }, {
      ...AT_REST,
      offset: tf.tensor1d(offsets),
    });
    assert.deepEqual(pictures.logRate.shape, [2, 3, 4]);
    assertClose(pictures.logRate.slice([1], [1]), Array(12).fill(2), ROUNDING);
  });
});

Deno.test("poisson() ends softly at a log rate of 20, whatever the decoder says", () => {
  const build = built();
  tf.tidy(() => {
    const said = tf.tensor2d([[-1000, -5, 10], [20, 25, 1e6]]);
    const logRates = (logRate: tf.Tensor) => build({ logRate }, AT_REST).logRate;
    assertClose(logRates(said), [-1000, -5, 10, 20 - Math.LN2, 20, 20], { absolute: 1e-2 });
    const slopes = tf.grad(logRates)(said);
    assertClose(slopes, [1, 1, 1, 0.5, 0, 0], { absolute: 1e-2 });
  });
});

Deno.test("fit() learns rates beside the offsets of the data, which must be counts", async () => {
  const rows = Array.from(
    { length: 40 },
    (_, row) => [2, 0, 5, 1, 3, 4].map((k) => k * (row % 2 + 1)),
  );
  const offset = rows.map((_, row) => Math.log(row % 2 + 1));
  const counts = dataset(rows, { support: "count", offset });
  const model = vae({ ...tinyParts, likelihood: poisson(), divergence: divergences.kl() });
  const { history } = await fit(model, counts, { epochs: 30, batchSize: 8, learningRate: 0.02 });
  const [first, last] = [history[0]!.training.objective, history.at(-1)!.training.objective];
  assert(last > first + 3 && last < 0, `${first} to ${last}`);
  model.dispose();
  for (const [wrong, row] of [[-1, 0], [0.5, 1]] as const) {
    const data = [[0, 1], [2, 3]];
    data[row]![1] = wrong;
    assert.throws(() => dataset(data, { support: "count" }), {
      name: "RangeError",
      message: "Cannot make dataset as 'x' must be a count 0, 1, 2, … (support 'count') at row " +
        `${row}, position [1]: current value is ${wrong}`,
    });
  }
});
