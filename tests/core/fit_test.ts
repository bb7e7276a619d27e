import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import {
  type Callback,
  callbacks,
  type Dataset,
  dataset,
  divergences,
  evaluate,
  fit,
  likelihoods,
  networks,
  NonFiniteError,
  schedules,
  type Support,
  vae,
} from "../../mod.ts";
import { onBackends } from "../helpers/backends.ts";
import { tinyData, tinyModel, tinyParts } from "../helpers/tiny.ts";

Deno.test("fit() raises the ELBO, and reports every epoch", async () => {
  const model = tinyModel(),
    data = tinyData();
  const before = await evaluate(model, data, { seed: 1 });
  const { history, steps, stopped } = await fit(model, data, {
    epochs: 30,
    batchSize: 16,
    learningRate: 0.02,
    validation: data,
  });
  const after = await evaluate(model, data, { seed: 1 });
  assert(after.bound!.nats > before.bound!.nats + 0.5);
  assert.deepEqual([history.length, steps, stopped], [30, 120, "epochs"]);
  const { epoch, step, training, validation } = history.at(-1)!;
  assert.deepEqual([epoch, step], [30, 120]);
  assert.equal(training.bound!.name, "ELBO");
  assert(Math.abs(training.objective - validation!.objective) < 1);
  const sum = training.terms.reduce((sum, { contribution }) => sum + contribution, 0);
  assert(Math.abs(training.objective - sum) < 1e-4);
  model.dispose();
});

onBackends("fit() leaves no tensor behind in 100 steps", async () => {
  const model = tinyModel(),
    data = tinyData();
  const optimizer = tf.train.adam(1e-3);
  const counts: number[] = [];
  const count: Callback = {
    kind: "callback",
    name: "count",
    step: () => void counts.push(tf.memory().numTensors),
  };
  await fit(model, data, { steps: 101, batchSize: 64, optimizer, callbacks: [count] });
  // The first step makes the optimizer's state; afterwards nothing may grow.
  assert.equal(counts.length, 101);
  assert.equal(counts[100], counts[1]);
  assert.equal(Math.max(...counts.slice(1)), Math.min(...counts.slice(1)));
  optimizer.dispose();
  model.dispose();
});

onBackends("fit() leaves nothing behind when it is done", async () => {
  const model = tinyModel(),
    data = tinyData();
  const before = tf.memory().numTensors;
  await fit(model, data, { epochs: 2, batchSize: 30, validation: data });
  assert.equal(tf.memory().numTensors, before);
  model.dispose();
});

onBackends("fit() gives the same numbers for the same seed, and others for another", async () => {
  async function train(seed: number): Promise<readonly number[]> {
    const model = tinyModel();
    const { history } = await fit(model, tinyData(), { epochs: 3, batchSize: 16, seed });
    const values = [...model.parameters.values()].flatMap((variable) => [...variable.dataSync()]);
    model.dispose();
    return [...values, ...history.map(({ training }) => training.objective)];
  }
  assert.deepEqual(await train(5), await train(5));
  assert.notDeepEqual(await train(5), await train(6));
});

Deno.test("fit() takes any optimizer of tf.train", async () => {
  for (
    const optimizer of [
      tf.train.sgd(0.01),
      tf.train.momentum(0.01, 0.9),
      tf.train.rmsprop(0.01),
    ]
  ) {
    const model = tinyModel(),
      before = [...model.parameters.get("encoder/mean/kernel")!.dataSync()];
    await fit(model, tinyData(), { steps: 2, batchSize: 32, optimizer });
    assert.notDeepEqual([...model.parameters.get("encoder/mean/kernel")!.dataSync()], before);
    optimizer.dispose();
    model.dispose();
  }
});

Deno.test("fit() stops after steps, at an abort, and when a callback says so", async () => {
  const model = tinyModel(),
    data = tinyData(),
    batchSize = 16;
  const bySteps = await fit(model, data, { steps: 6, batchSize });
  assert.deepEqual([bySteps.steps, bySteps.stopped, bySteps.history.length], [6, "steps", 2]);

  const controller = new AbortController();
  const abort: Callback = {
    kind: "callback",
    name: "abort",
    step: ({ step }) => (step === 3 && controller.abort()) || undefined,
  };
  const aborted = await fit(model, data, {
    epochs: 9,
    batchSize,
    signal: controller.signal,
    callbacks: [abort],
  });
  assert.deepEqual([aborted.steps, aborted.stopped], [3, "aborted"]);

  const stop: Callback = { kind: "callback", name: "stop", epoch: (_, run) => run.stop("enough") };
  const stopped = await fit(model, data, { epochs: 9, batchSize, callbacks: [stop] });
  assert.deepEqual([stopped.history.length, stopped.stopped], [1, "enough"]);
  model.dispose();
});

Deno.test("fit() hears a timer abort while it runs", async () => {
  const model = tinyModel();
  const { stopped } = await fit(model, tinyData(), {
    steps: 1e6,
    batchSize: 16,
    signal: AbortSignal.timeout(100),
  });
  assert.equal(stopped, "aborted");
  model.dispose();
});

Deno.test("fit() tells callbacks in order, and ends them when it throws", async () => {
  const model = tinyModel(),
    calls: string[] = [];
  const recorder: Callback = {
    kind: "callback",
    name: "recorder",
    begin: () => void calls.push("begin"),
    step: ({ step }) => void calls.push(`step ${step}`),
    epoch: ({ epoch }) => void calls.push(`epoch ${epoch}`),
    end: () => void calls.push("end"),
  };
  await fit(model, tinyData(), { epochs: 1, batchSize: 32, callbacks: [recorder] });
  assert.deepEqual(calls, ["begin", "step 1", "step 2", "epoch 1", "end"]);

  calls.length = 0;
  const failing: Callback = {
    kind: "callback",
    name: "failing",
    step: () => Promise.reject(new Error("no")),
  };
  const before = tf.memory().numTensors;
  await assert.rejects(
    fit(model, tinyData(), { epochs: 1, batchSize: 32, callbacks: [recorder, failing] }),
    /^Error: no$/,
  );
  assert.deepEqual(calls, ["begin", "step 1", "end"]);
  assert.equal(tf.memory().numTensors, before);
  model.dispose();
});

Deno.test("fit() lets schedules see the step", async () => {
  const beta = schedules.linear({ from: 0, to: 1, steps: 4 });
  const model = vae({ ...tinyParts, divergence: divergences.betaKl({ beta }) });
  const { history } = await fit(model, tinyData(), { epochs: 3, batchSize: 32 });
  // Two steps an epoch; the weight of the last step of each: 1/4, 3/4, 1.
  assert.deepEqual(
    history.map(({ training }) => training.terms[1]!.weight),
    [0.25, 0.75, 1],
  );
  model.dispose();
});

/** A tiny model whose parameter turns NaN after some steps. */
async function breakAt(step: number, path: string): Promise<unknown> {
  const model = tinyModel();
  const poison: Callback = {
    kind: "callback",
    name: "poison",
    step: (report) => {
      const variable = model.parameters.get(path)!;
      if (report.step === step) tf.tidy(() => variable.assign(tf.mul(variable, NaN)));
    },
  };
  const before = tf.memory().numTensors;
  try {
    await fit(model, tinyData(), { epochs: 100, batchSize: 16, callbacks: [poison] });
  } catch (error) {
    assert.equal(tf.memory().numTensors, before);
    const values = [...model.parameters.values()].flatMap((variable) => [...variable.dataSync()]);
    assert(values.every(Number.isFinite), "the last good parameters are back");
    return error;
  } finally {
    model.dispose();
  }
}

onBackends("fit() names the step, the term and the parameter that is not finite", async () => {
  const error = await breakAt(70, "decoder/logits/bias");
  assert(error instanceof NonFiniteError);
  assert.equal(
    error.message,
    "Cannot go on training as parameter 'decoder/logits/bias' must be finite at step 71, " +
      "for term 'reconstruction': current value is not " +
      "(a smaller learning rate, or data of a smaller scale, may help)",
  );
  assert.deepEqual([error.step, error.term], [71, "reconstruction"]);
  const inEncoder = (await breakAt(3, "encoder/rawScale/kernel")) as NonFiniteError;
  assert.deepEqual([inEncoder.step, inEncoder.source], [4, "parameter 'encoder/rawScale/kernel'"]);
});

Deno.test("fit() names the output that is not finite where every parameter is", async () => {
  const honest = networks.mlp({ hidden: [8] });
  let calls = 0;
  const model = vae({
    ...tinyParts,
    decoder: {
      ...honest,
      build: (scope, shapes) => {
        const network = honest.build(scope, shapes);
        return (input, context) => {
          const outputs = network(input, context);
          if (!context.training || ++calls < 5) return outputs;
          return { ...outputs, logits: tf.mul(Object.values(outputs)[0]!, Infinity) };
        };
      },
    },
    divergence: divergences.kl(),
  });
  await assert.rejects(fit(model, tinyData(), { epochs: 100, batchSize: 16 }), {
    name: "NonFiniteError",
    step: 5,
    term: "reconstruction",
    source: "decoder output 'logits'",
  });
  model.dispose();
});

Deno.test("fit() notices an update that breaks the parameters in the very last step", async () => {
  const model = tinyModel();
  const optimizer = tf.train.sgd(Infinity);
  await assert.rejects(fit(model, tinyData(), { steps: 1, batchSize: 64, optimizer }), {
    name: "NonFiniteError",
    step: 1,
    term: undefined,
  });
  optimizer.dispose();
  model.dispose();
});

Deno.test("fit() refuses options out of range, and data that do not fit", async () => {
  const model = tinyModel(),
    data = tinyData();
  const refuses = async (promise: Promise<unknown>, message: string): Promise<void> => {
    await assert.rejects(promise, { message });
  };
  const before = tf.memory().numTensors;
  await refuses(
    fit(model, data, { batchSize: 65 }),
    "Cannot fit as 'batchSize' must not exceed the 64 rows of the data: current value is 65",
  );
  await refuses(
    fit(model, data, { epochs: 0 }),
    "Cannot fit as 'epochs' must be a positive integer: current value is 0",
  );
  await refuses(
    fit(model, data, { epochs: 1, steps: 1 }),
    "Cannot fit as 'epochs' and 'steps' must not both be given: current value is [1, 1]",
  );
  await refuses(
    fit(model, data, { learningRate: -1 }),
    "Cannot fit as 'learningRate' must be a positive number: current value is -1",
  );
  const grey: Dataset<Support> = dataset([[0, 0.5, 0, 0, 0, 0]], { support: "unit" });
  await refuses(
    fit(model, grey as Dataset<"binary">, { batchSize: 1 }),
    "Cannot fit as the data must lie in the support 'binary' of likelihood 'bernoulli': " +
      "current value is 'unit'",
  );
  const narrow = dataset([[0, 1]], { support: "binary" });
  await refuses(
    fit(model, narrow, { batchSize: 1 }),
    "Cannot fit as the data must have rows of shape [6]: current value is [2]",
  );
  await refuses(
    fit(model, data, { batchSize: 8, validation: narrow }),
    "Cannot validate as the data must have rows of shape [6]: current value is [2]",
  );
  const conditioned = dataset([[0, 0, 0, 0, 0, 0]], { support: "binary", condition: [[1]] });
  await refuses(
    fit(model, conditioned, { batchSize: 1 }),
    "Cannot fit as data for a model without a condition must have none: current value is [1]",
  );
  assert.equal(tf.memory().numTensors, before);
  model.dispose();
  await refuses(
    fit(model, data, { batchSize: 8 }),
    "Cannot fit as the model must not be disposed: current value is 'disposed'",
  );
});

Deno.test(
  "earlyStopping() stops after its patience, with the best parameters restored",
  async () => {
    const model = vae({
      ...tinyParts,
      likelihood: likelihoods.normal(),
      divergence: divergences.kl(),
    });
    const bias = model.parameters.get("decoder/mean/bias")!;
    const seen: number[] = [];
    // From the fourth epoch on, everything gets worse.
    const spoil: Callback = {
      kind: "callback",
      name: "spoil",
      epoch: ({ epoch }) => {
        seen.push(bias.dataSync()[0]!);
        if (epoch >= 3) tf.tidy(() => bias.assign(tf.fill([6], 50 + epoch)));
      },
    };
    const before = tf.memory().numTensors;
    const { stopped, history } = await fit(model, tinyData(), {
      epochs: 50,
      batchSize: 16,
      validation: tinyData(),
      callbacks: [callbacks.earlyStopping({ patience: 2 }), spoil],
    });
    assert.equal(stopped, "early stopping");
    assert.equal(history.length, 5);
    assert.equal(bias.dataSync()[0], seen[2]);
    assert.equal(tf.memory().numTensors, before);
    model.dispose();
    assert.throws(
      () => callbacks.earlyStopping({ patience: 0 }),
      /Cannot stop early as 'patience' must be a positive integer: current value is 0/,
    );
  },
);
