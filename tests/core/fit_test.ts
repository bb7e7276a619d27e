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
  useBackend,
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
  assert.equal(aborted.history.length, 0, "no report of an unfinished epoch");

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
  const read = () => [...model.parameters.values()].map((variable) => [...variable.dataSync()]);
  let atLastCheck = read();
  const keep: Callback = {
    kind: "callback",
    name: "keep",
    // Four steps make an epoch, at whose end the parameters are checked.
    epoch: () => void (atLastCheck = read()),
  };
  const before = tf.memory().numTensors;
  try {
    await fit(model, tinyData(), { epochs: 100, batchSize: 16, callbacks: [poison, keep] });
  } catch (error) {
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(read(), atLastCheck, "the parameters of the last check are back");
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

onBackends("fit() names the right parameter where TensorFlow.js named some of them", async () => {
  const layers = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [6], units: 4, name: "named" })],
  });
  const encoder = networks.layers({ model: layers });
  layers.dispose();
  const model = vae({ ...tinyParts, encoder, divergence: divergences.kl() });
  const broken = [...model.parameters.keys()].find((path) => path.includes("named"))!;
  const poison: Callback = {
    kind: "callback",
    name: "poison",
    step: ({ step }) => {
      const variable = model.parameters.get(broken)!;
      if (step === 2) tf.tidy(() => variable.assign(tf.fill(variable.shape, NaN)));
    },
  };
  const run = fit(model, tinyData(), { epochs: 2, batchSize: 16, callbacks: [poison] });
  await assert.rejects(run, { step: 3, source: `parameter '${broken}'` });
  model.dispose();
});

Deno.test("fit() goes on where a callback takes another backend", async () => {
  await useBackend({ backend: "wasm" });
  const model = tinyModel();
  const leave: Callback = {
    kind: "callback",
    name: "leave",
    step: async ({ step }) => void (step === 3 && await useBackend({ backend: "cpu" })),
  };
  const { steps } = await fit(model, tinyData(), { steps: 6, batchSize: 16, callbacks: [leave] });
  assert.equal(steps, 6);
  model.dispose();
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
  for (const given of [[[0, 1]], null]) {
    await assert.rejects(
      fit(model, given as never),
      /^TypeError: Cannot fit as 'data' must be a dataset: current value is /,
    );
  }
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

Deno.test("fit() notices what is not finite at the latest 50 steps later", async () => {
  const model = tinyModel();
  let last = 0;
  const poison: Callback = {
    kind: "callback",
    name: "poison",
    step: ({ step }) => {
      last = step;
      const bias = model.parameters.get("encoder/mean/bias")!;
      if (step === 60) tf.tidy(() => bias.assign(tf.fill([2], NaN)));
    },
  };
  // One epoch of 512 steps, so that no end of an epoch comes to help.
  const run = fit(model, tinyData(512), { epochs: 1, batchSize: 1, callbacks: [poison] });
  await assert.rejects(run, { name: "NonFiniteError", step: 61 });
  assert(last >= 61 && last <= 110, `${last}`);
  model.dispose();
});

Deno.test("fit() runs every end, frees everything, and tells the first error", async () => {
  const model = tinyModel(), data = tinyData();
  const bad: Callback = {
    kind: "callback",
    name: "bad",
    end: () => Promise.reject(new Error("from end")),
  };
  const before = tf.memory().numTensors;
  const stopping = callbacks.earlyStopping({ patience: 9 });
  const options = { epochs: 2, batchSize: 32 };
  await assert.rejects(fit(model, data, { ...options, callbacks: [bad, stopping] }), /from end/);
  assert.equal(tf.memory().numTensors, before);

  const failing: Callback = {
    kind: "callback",
    name: "failing",
    step: () => Promise.reject(new Error("from step")),
  };
  const both = fit(model, data, { ...options, callbacks: [bad, failing, stopping] });
  await assert.rejects(both, /from step/);
  assert.equal(tf.memory().numTensors, before);
  model.dispose();
});

Deno.test("fit() differentiates the surrogate where there is one, and reports the objective", async () => {
  const model = vae({
    ...tinyParts,
    objective: {
      kind: "objective",
      name: "surrogate",
      options: {},
      ledger: ({ posterior }) => ({
        terms: [],
        objective: tf.scalar(-7),
        surrogate: tf.neg(tf.sum(posterior.mean)),
      }),
    },
  });
  const optimizer = tf.train.sgd(0.01);
  const { history } = await fit(model, tinyData(), { steps: 1, batchSize: 64, optimizer });
  assert.equal(history[0]!.training.objective, -7);
  // ∂/∂bias of −Σ mean is −1 for each of 64 data: one step down by 0.64.
  const bias = model.parameters.get("encoder/mean/bias")!.dataSync();
  for (const value of bias) assert(Math.abs(value + 0.64) < 1e-5, `${value}`);
  optimizer.dispose();
  model.dispose();
});

Deno.test("fit() weighs a ragged last batch by its rows, and tells schedules the data's size", async () => {
  const sizes = new Set<number | undefined>();
  const model = vae({
    ...tinyParts,
    objective: {
      kind: "objective",
      name: "rows",
      options: {},
      ledger: ({ batch, context, posterior }) => {
        if (context.training) sizes.add(context.progress.datasetSize);
        const rows = tf.scalar(batch.x.shape[0]!);
        return { terms: [], objective: tf.add(rows, tf.mul(tf.sum(posterior.mean), 0)) };
      },
    },
  });
  const { history } = await fit(model, tinyData(10), { epochs: 1, batchSize: 8 });
  // 8 rows that say 8 and 2 rows that say 2.
  assert(Math.abs(history[0]!.training.objective - 6.8) < 1e-5);
  assert.deepEqual([...sizes], [10]);
  model.dispose();
});

Deno.test("fit() counts epochs by the data, and takes few rows as one batch", async () => {
  const model = tinyModel(), data = tinyData(64);
  const short: Dataset<"binary"> = {
    ...data,
    batches: async function* (options) {
      let count = 0;
      for await (const batch of data.batches(options)) {
        if (count++ < 2) yield batch;
        else tf.dispose(Object.values(batch));
      }
    },
  };
  const { history, steps, stopped } = await fit(model, short, { epochs: 3, batchSize: 16 });
  assert.deepEqual([history.length, steps, stopped], [3, 6, "epochs"]);
  assert.equal((await fit(model, data, { epochs: 1 })).steps, 1);
  model.dispose();
});

Deno.test("fit() keeps what the optimizer knows of a parameter when a gradient is missing", async () => {
  let calls = 0;
  const kl = divergences.kl();
  const model = vae({
    ...tinyParts,
    prior: {
      kind: "prior",
      name: "shy",
      options: {},
      build: (scope) => {
        const shift = scope.weight("shift", [3, 5], tf.zeros([3, 5]));
        const prior = tinyParts.prior.build(scope);
        return (context) => {
          // Of a shape of its own, and without a gradient in every other step.
          const seen = context.training && calls++ % 2 === 0;
          return seen ? Object.assign(prior(context), { shift: shift() }) : prior(context);
        };
      },
    },
    divergence: {
      ...kl,
      estimate: (given) => {
        const [term] = kl.estimate(given);
        const { shift } = given.prior as { shift?: tf.Tensor };
        if (shift === undefined) return [term];
        return [{ ...term, contribution: tf.add(term.contribution, tf.sum(shift)) }];
      },
    },
  });
  await fit(model, tinyData(), { steps: 4, batchSize: 16, learningRate: 0.1 });
  assert(model.parameters.get("prior/shift")!.dataSync().every((value) => value > 0.1));
  model.dispose();
});

Deno.test("fit() refuses a step with other terms than the one before", async () => {
  let calls = 0;
  const kl = divergences.kl();
  const model = vae({
    ...tinyParts,
    divergence: {
      ...kl,
      estimate: (given) => {
        const [term] = kl.estimate(given);
        return given.context.training && calls++ > 2 ? [term, { ...term, name: "more" }] : [term];
      },
    },
  });
  await assert.rejects(
    fit(model, tinyData(), { steps: 9, batchSize: 16 }),
    /Cannot train as every step must have the same outputs and terms: current value is \[more\]$/,
  );
  model.dispose();
});

Deno.test("fit() refuses callbacks that were not made, and what is no optimizer", async () => {
  const model = tinyModel();
  const uncalled = callbacks.progressBar as unknown as Callback;
  await assert.rejects(
    fit(model, tinyData(), { callbacks: [uncalled] }),
    /Cannot fit as every callback must be made, as in 'progressBar\(\)': .*function progressBar$/,
  );
  await assert.rejects(
    fit(model, tinyData(), { optimizer: "adam" as unknown as tf.Optimizer }),
    { message: "Cannot fit as 'optimizer' must be one of tf.train: current value is 'adam'" },
  );
  model.dispose();
});

Deno.test("a trained model is used where its schedules have come to", async () => {
  const beta = schedules.linear({ from: 0, to: 1, steps: 4 });
  const seen: number[] = [];
  const model = vae({
    ...tinyParts,
    posterior: {
      ...tinyParts.posterior,
      build: (scope) => {
        const build = tinyParts.posterior.build(scope);
        return (outputs, context) => {
          seen.push(beta.at(context.progress));
          return build(outputs, context);
        };
      },
    },
    divergence: divergences.kl(),
  });
  await fit(model, tinyData(), { steps: 4, batchSize: 16 });
  assert.equal(model.progress.step, 3);
  tf.tidy(() => void model.ledger(tf.zeros([1, 6]), { seed: 1, progress: { step: 1, epoch: 0 } }));
  assert.equal(model.progress.step, 3, "only a training step changes it");
  seen.length = 0;
  model.sample(1, { seed: 1 }).dispose();
  await evaluate(model, tinyData(), { seed: 1 });
  assert.deepEqual(seen, [0.75]);
  model.dispose();
});

Deno.test("earlyStopping() asks for a gain of minimumDelta", async () => {
  const epochsOf = async (minimumDelta: number): Promise<number> => {
    const model = tinyModel();
    const stopping = callbacks.earlyStopping({ patience: 1, minimumDelta });
    const options = { epochs: 6, batchSize: 64, learningRate: 1e-3, callbacks: [stopping] };
    const { history } = await fit(model, tinyData(), { ...options, validation: tinyData() });
    model.dispose();
    return history.length;
  };
  assert.equal(await epochsOf(1000), 2);
  assert(await epochsOf(0) > 2);
});

Deno.test("fit() ends callbacks one after the other, and heeds a stop between batches", async () => {
  const model = tinyModel(), order: string[] = [];
  const slow: Callback = {
    kind: "callback",
    name: "slow",
    begin: (run) => void setTimeout(() => run.stop("enough"), 5),
    end: async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      order.push("slow");
    },
  };
  const quick: Callback = { kind: "callback", name: "quick", end: () => void order.push("quick") };
  const data = tinyData();
  const waiting: Dataset<"binary"> = {
    ...data,
    batches: async function* (options) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield* data.batches(options);
    },
  };
  const { stopped, steps } = await fit(model, waiting, { epochs: 2, callbacks: [slow, quick] });
  assert.deepEqual([stopped, steps, order], ["enough", 0, ["slow", "quick"]]);
  model.dispose();
});
