import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import { dataset, evaluate } from "../../mod.ts";
import { onBackends } from "../helpers/backends.ts";
import { evidence, linearGaussian, points } from "../helpers/linear_gaussian.ts";
import { tinyData, tinyModel } from "../helpers/tiny.ts";

onBackends("elbo() equals log p(x) at the exact posterior, for every datum", async () => {
  const model = linearGaussian(),
    x = tf.tensor(points as number[][]);
  // Each sample of log p(x, z) − log q(z|x) is log p(x) itself; the KL is in closed form, so that
  // only its average over many draws is.
  const { nats, standardError } = model.logLikelihood(x, { seed: 1, samples: 8 });
  const estimates = await nats.data(),
    errors = await standardError.data();
  points.forEach((point, i) => {
    assert(Math.abs(estimates[i]! - evidence(point)) < 1e-4, `${estimates[i]}`);
    assert(errors[i]! < 1e-3);
  });
  const elbo = tf.tidy(() => model.elbo(x, { seed: 1, samples: 20000 }).bound!.nats.dataSync());
  points.forEach((point, i) => assert(Math.abs(elbo[i]! - evidence(point)) < 0.05));
  tf.dispose([x, nats, standardError]);
  model.dispose();
});

Deno.test(
  "logLikelihood() lies between the ELBO and log p(x), and its error is honest",
  async () => {
    const model = linearGaussian(1.5),
      x = tf.tensor(points as number[][]);
    const elbo = tf.tidy(() => model.elbo(x, { seed: 1, samples: 20000 }).bound!.nats.dataSync());
    const { nats, standardError } = model.logLikelihood(x, { seed: 2, samples: 5000 });
    const estimates = await nats.data(),
      errors = await standardError.data();
    points.forEach((point, i) => {
      assert(elbo[i]! < estimates[i]! - 0.05, "a posterior that is too wide costs the ELBO");
      // Five standard errors: a false alarm in about 10⁶ per datum, and the seed is fixed.
      assert(Math.abs(estimates[i]! - evidence(point)) < 5 * errors[i]!);
      assert(errors[i]! > 1e-4 && errors[i]! < 0.05);
    });
    tf.dispose([x, nats, standardError]);
    model.dispose();
  },
);

Deno.test("logLikelihood() needs no memory for all samples at once", () => {
  const model = tinyModel(),
    batch = tinyData(16).rows([0, 1, 2, 3]);
  const { peakBytes, newTensors } = tf.tidy(() =>
    profile(() => {
      model.logLikelihood(batch, { seed: 1, samples: 5000 });
    })
  );
  // 20,000 rows of 8 hidden units alone would be 640 kB for each operation.
  assert(peakBytes < 4e6, `${peakBytes} bytes`);
  assert.equal(newTensors, 2);
  tf.dispose(Object.values(batch));
  model.dispose();
});

/** The bytes that were in use at most while `f` ran, and the tensors that it left. */
function profile(f: () => void): { peakBytes: number; newTensors: number } {
  const { engine } = tf,
    before = engine().memory();
  let peak = 0;
  const run = engine().runKernel.bind(engine());
  engine().runKernel = ((...call: Parameters<typeof run>) => {
    const result = run(...call);
    peak = Math.max(peak, engine().memory().numBytes);
    return result;
  }) as typeof run;
  try {
    f();
  } finally {
    engine().runKernel = run;
  }
  return {
    peakBytes: peak - before.numBytes,
    newTensors: engine().memory().numTensors - before.numTensors,
  };
}

Deno.test("logLikelihood() says that one sample tells nothing of its error", async () => {
  const model = linearGaussian(1.5),
    x = tf.tensor(points as number[][]);
  const { nats, standardError } = model.logLikelihood(x, { seed: 2, samples: 1 });
  assert.deepEqual(
    [...(await standardError.data())],
    points.map(() => Infinity),
  );
  assert.throws(
    () => model.logLikelihood(x, { seed: 1, samples: 0 }),
    /Cannot estimate log p\(x\) as 'samples' must be a positive integer: current value is 0/,
  );
  tf.dispose([x, nats, standardError]);
  model.dispose();
});

Deno.test("evaluate() averages over the rows, whatever the batches", async () => {
  const model = linearGaussian(1.2);
  const data = dataset(points, { support: "real" });
  const { bound, terms, objective, logLikelihood } = await evaluate(model, data, {
    seed: 1,
    samples: 4000,
    importanceSamples: 4000,
    batchSize: 3,
  });
  const exact = points.reduce((sum, point) => sum + evidence(point), 0) / points.length;
  assert(bound!.nats < logLikelihood!.nats && bound!.nats > exact - 0.2);
  assert(Math.abs(logLikelihood!.nats - exact) < 5 * logLikelihood!.standardError);
  assert(logLikelihood!.standardError < 0.01);
  assert(Math.abs(terms[0]!.nats - terms[1]!.nats - bound!.nats) < 1e-4);
  assert(Math.abs(objective - bound!.nats) < 1e-4);
  model.dispose();
});

Deno.test("evaluate() leaves nothing behind, and refuses what does not fit", async () => {
  const model = tinyModel(),
    before = tf.memory().numTensors;
  await evaluate(model, tinyData(), { seed: 1, importanceSamples: 3 });
  assert.equal(tf.memory().numTensors, before);
  const narrow = dataset([[0, 1]], { support: "binary" });
  await assert.rejects(
    evaluate(model, narrow, { seed: 1 }),
    /Cannot evaluate as the data must have rows of shape \[6\]: current value is \[2\]/,
  );
  model.dispose();
});
