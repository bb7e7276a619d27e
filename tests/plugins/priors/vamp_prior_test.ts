import assert from "node:assert/strict";
import { AT_REST, type Context } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { type ModelShapes, openParameters } from "../../../core/scope.ts";
import {
  type Distribution,
  distributions,
  divergences,
  fit,
  load,
  priors,
  save,
  type Tensor,
  useBackend,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyData, tinyParts } from "../../helpers/tiny.ts";

const { vampPrior } = priors;

await useBackend({ backend: "cpu" });

const shapes: ModelShapes = { data: [2], latent: [2], support: "unit" };

/** Builds a VampPrior, and hands on the weights and the last pseudo-inputs that were encoded. */
function built(options: Parameters<typeof vampPrior>[0], others: Partial<ModelShapes> = {}) {
  const { scope, variables } = openParameters({ ...shapes, ...others }, seed(0));
  const seen: { x?: Tensor; context?: Context } = {};
  const infer = (x: Tensor, context: Context): Distribution => {
    Object.assign(seen, { x, context });
    return distributions.normal({ mean: x, scale: tf.onesLike(x) });
  };
  try {
    const prior = vampPrior(options).build({ ...scope, infer });
    return { prior, seen, raw: variables.get("pseudoInputs")! };
  } catch (error) {
    for (const variable of variables.values()) variable.dispose();
    throw error;
  }
}

Deno.test("vampPrior() is the mixture of the posteriors at its pseudo-inputs", () => {
  const { prior, raw } = built({ pseudoInputs: [[0, 1], [0.5, 0.5], [1, 1]] });
  assert.equal(raw.trainable, true);
  tf.tidy(() => {
    const p = prior(AT_REST), z = [0.25, -1];
    const nats = Math.log(
      [[0, 1], [0.5, 0.5], [1, 1]].reduce((sum, u) => {
        const square = u.reduce((sum, mean, i) => sum + (z[i]! - mean) ** 2, 0);
        return sum + Math.exp(-0.5 * square) / (2 * Math.PI) / 3;
      }, 0),
    );
    assert.deepEqual([p.batch, p.event], [1, [2]]);
    assertClose(p.logProb(tf.tensor3d([[z]])), [nats], { absolute: 1e-6 });
  });
  raw.dispose();
});

Deno.test("vampPrior() keeps pseudo-inputs within the support, where gradients go on", () => {
  const clipped = {
    unit: [0, 0.5, 1],
    binary: [0, 0.5, 1],
    count: [0, 0.5, 7],
    positive: [1e-6, 0.5, 7],
    real: [-2, 0.5, 7],
  } as const;
  for (const [support, expected] of Object.entries(clipped)) {
    const { prior, seen, raw } = built({ components: 3 }, {
      data: [1],
      latent: [1],
      support: support as keyof typeof clipped,
    });
    tf.tidy(() => {
      assert(raw.dataSync().every((u) => support === "real" || u > 0 && u < 1));
      raw.assign(tf.tensor2d([-2, 0.5, 7], [3, 1]));
      const { grads } = tf.variableGrads(() => prior(AT_REST).logProb(tf.ones([1, 1, 1])).sum());
      prior(AT_REST);
      assertClose(seen.x!, expected, { absolute: 1e-7 });
      const slopes = Array.from(grads[raw.name]!.dataSync(), (slope) => slope !== 0);
      assert.deepEqual(slopes, expected.map((u, i) => u === [-2, 0.5, 7][i]), support);
    });
    raw.dispose();
  }
  // At a bound there is a way back.
  const { prior, raw } = built({ pseudoInputs: [[0, 1]] });
  tf.tidy(() => {
    const { grads } = tf.variableGrads(() => prior(AT_REST).logProb(tf.fill([1, 1, 2], 3)).sum());
    assertClose(grads[raw.name]!, [3, 2], { absolute: 1e-5 });
  });
  raw.dispose();
});

Deno.test("vampPrior() has bounds for each column of a table", () => {
  const { prior, seen, raw } = built({ components: 2 }, {
    support: { smokes: "binary", income: "real" },
  });
  tf.tidy(() => {
    raw.assign(tf.tensor2d([[-3, -3], [3, 3]]));
    const { grads } = tf.variableGrads(() => prior(AT_REST).logProb(tf.ones([1, 1, 2])).sum());
    const slopes = Array.from(grads[raw.name]!.dataSync(), (slope) => slope !== 0);
    assert.deepEqual(slopes, [false, true, false, true]);
    prior(AT_REST);
    assert.deepEqual(seen.x!.arraySync(), [[0, -3], [1, 3]]);
  });
  raw.dispose();
});

Deno.test("vampPrior() tells its posteriors of the run, and fixes pseudo-inputs if told", () => {
  const tensor = tf.tensor2d([[0.25, 0.75]]);
  const { prior, seen, raw } = built({ pseudoInputs: tensor, trainable: false });
  tensor.dispose();
  assert.deepEqual([raw.trainable, raw.arraySync()], [false, [[0.25, 0.75]]]);
  tf.tidy(() => {
    prior({ training: true, progress: { step: 3, epoch: 1 }, mask: tf.ones([5, 2]) });
    assert.deepEqual(seen.context, { training: true, progress: { step: 3, epoch: 1 } });
  });
  raw.dispose();
});

Deno.test("vampPrior() is made again from its options", () => {
  assert.deepEqual(vampPrior().options, { components: 500, trainable: true });
  const { options } = vampPrior({ pseudoInputs: [[0], [1]], trainable: false });
  assert.deepEqual(options, { components: 2, trainable: false });
  assert.deepEqual(vampPrior(options).options, options);
});

Deno.test("vampPrior() refuses what cannot be pseudo-inputs", () => {
  const refused = (message: string, run: () => unknown) => assert.throws(run, { message });
  refused(
    "Cannot build prior as 'components' must be a positive integer: current value is 0",
    () => vampPrior({ components: 0 }),
  );
  refused(
    "Cannot build prior as 'pseudoInputs' must be 3 rows: current value is 1",
    () => vampPrior({ components: 3, pseudoInputs: [[1, 0]] }),
  );
  refused(
    "Cannot build prior as 'pseudoInputs' must have rows of shape [2]: current value is [3]",
    () => built({ pseudoInputs: [[0, 0, 1]] }),
  );
  refused(
    "Cannot build prior as 'pseudoInputs' must lie between 0 and 1 (support 'unit') at row 1, " +
      "position [0]: current value is 2",
    () => built({ pseudoInputs: [[0, 1], [2, 1]] }),
  );
  refused(
    "Cannot build prior as the model must have no condition for 'vampPrior': current value is [3]",
    () => built({}, { condition: [3] }),
  );
  refused(
    "Cannot build prior as 'trainable' must be false for data with categories: current value is true",
    () => built({}, { support: "category" }),
  );
});

Deno.test("vampPrior() is learned, saved and loaded with its pseudo-inputs", () =>
  inFolder(async (folder) => {
    const pseudoInputs = [[0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0], [1, 0, 1, 0, 1, 0]];
    for (const trainable of [true, false]) {
      const prior = vampPrior({ pseudoInputs, trainable });
      const model = vae({ ...tinyParts, prior, divergence: divergences.kl() });
      const { history } = await fit(model, tinyData(), {
        epochs: 20,
        batchSize: 32,
        learningRate: 0.01,
      });
      assert(history.at(-1)!.training.objective > history[0]!.training.objective);
      const learned = model.parameters.get("prior/pseudoInputs")!.arraySync();
      assert.equal(String(learned) === String(pseudoInputs), !trainable);
      await save(model, folder);
      const same = await load(folder);
      assert.equal(same.parameters.get("prior/pseudoInputs")!.trainable, trainable);
      const [expected, seen] = [model, same].map((m) =>
        tf.tidy(() => m.elbo(tinyDataRows(), { seed: 1 }).bound!.nats.arraySync())
      );
      assert.deepEqual(seen, expected);
      assert.equal(same.summary(), model.summary());
      same.dispose();
      model.dispose();
    }
  }));

/** A few rows of the data. */
const tinyDataRows = (): Tensor => tinyData().rows([0, 1, 2]).x;
