import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import {
  binarize,
  type Callback,
  callbacks,
  type Dataset,
  dataset,
  type distributions,
  divergences,
  fit,
  type FitOptions,
  likelihoods,
  load,
  newestCheckpoint,
  type Prior,
  resume,
  schedules,
  seed,
  sources,
  stream,
  useBackend,
  vae,
} from "../../mod.ts";
import { onBackends } from "../helpers/backends.ts";
import { interrupted, type RunParts, straight } from "../helpers/interrupted.ts";
import { valuesOf } from "../helpers/parameters.ts";
import { inFolder } from "../helpers/run.ts";
import { tinyData, tinyModel, tinyParts } from "../helpers/tiny.ts";

await useBackend({ backend: "cpu" });

const greyRow = (row: number): number[] =>
  Array.from({ length: 6 }, (_, i) => ((7 * row + 3 * i) % 11) / 10);

/** Grey rows, binarized at random in every epoch. */
const greyData = () => {
  const rows = Array.from(
    { length: 40 },
    (_, row) => Array.from({ length: 6 }, (_, i) => ((7 * row + 3 * i) % 11) / 10),
  );
  return binarize(dataset(rows, { support: "unit" }), { seed: 5 });
};

/** Rows that come one by one, shuffled in a buffer; nobody knows how many there are. */
const streamed = binarize(
  await stream(
    sources.from(function* () {
      for (let row = 0; row < 30; row++) yield greyRow(row);
    }, { shape: [6] }),
    { support: "unit", shuffleBuffer: 16 },
  ),
  { seed: 5 },
);

const warmUp = schedules.linear({ from: 0, to: 1, steps: 12 });

/** A run with everything that there is. */
const everything: RunParts<"binary"> = {
  model: () => vae({ ...tinyParts, divergence: divergences.betaKl({ beta: warmUp }) }),
  data: greyData,
  options: () => ({
    epochs: 6,
    batchSize: 8,
    seed: 3,
    learningRate: schedules.cosine({ from: 0.05, to: 0.001, steps: 20 }),
    clip: { norm: 2, value: 1 },
    average: { decay: 0.9 },
    validation: greyData(),
    callbacks: [callbacks.earlyStopping({ patience: 2 })],
  }),
};

onBackends(
  "a run that is interrupted and resumed ends bit for bit like one that is not",
  () =>
    inFolder(async (folder) => {
      const before = tf.memory().numTensors;
      const whole = await straight(everything);
      // Five steps an epoch: in mid-epoch, at its end, at its first step, and just before the end.
      for (const stops of [[2], [5], [6, 7], [1, 4, 13, 15, 26, 29]]) {
        const parts = await interrupted(everything, `${folder}/${stops}`, stops);
        assert.deepEqual(parts, whole, `stopped after ${stops}`);
      }
      assert.equal(tf.memory().numTensors, before);
    }),
);

onBackends(
  "so does one on a stream, by steps, of several batches each",
  () =>
    inFolder(async (folder) => {
      const parts: RunParts<"binary"> = {
        ...everything,
        data: () => streamed,
        options: () => ({ ...everything.options(), epochs: undefined, steps: 17, accumulate: 2 }),
      };
      const whole = await straight(parts);
      assert.equal(whole.steps, 17);
      for (const stops of [[1], [2, 3], [5, 16]]) {
        assert.deepEqual(await interrupted(parts, `${folder}/${stops}`, stops), whole);
      }
    }),
);

onBackends("a run that ends early comes back as it ended", () =>
  inFolder(async (folder) => {
    const parts: RunParts<"binary"> = {
      ...everything,
      options: () => ({
        ...everything.options(),
        epochs: 50,
        learningRate: 0.2,
        callbacks: [callbacks.earlyStopping({ patience: 1 })],
      }),
    };
    const whole = await straight(parts);
    assert.equal(whole.stopped, "early stopping");
    const last = whole.steps;
    for (const stops of [[last - 6], [last - 1], [3, last]]) {
      assert.deepEqual(await interrupted(parts, `${folder}/${stops}`, stops), whole);
      const files = await newestCheckpoint(`${folder}/${stops}`);
      const { validation, callbacks } = parts.options();
      const again = await resume(`${folder}/${stops}`, greyData(), { validation, callbacks });
      assert.deepEqual(valuesOf(again.model), whole.values);
      assert.deepEqual([again.history, again.stopped], [whole.history, whole.stopped]);
      assert.equal(again.checkpoints.newest, files, "nothing is written again");
      again.model.dispose();
    }
  }));

onBackends(
  "every optimizer of tf.train goes on where it was, if it is passed again",
  () =>
    inFolder(async (folder) => {
      const optimizers = {
        sgd: () => tf.train.sgd(0.05),
        momentum: () => tf.train.momentum(0.05, 0.9),
        rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
        adagrad: () => tf.train.adagrad(0.05),
        adadelta: () => tf.train.adadelta(0.5),
        adam: () => tf.train.adam(0.01),
      };
      const options: FitOptions<"binary"> = { epochs: 3, batchSize: 8 };
      for (const [name, optimizer] of Object.entries(optimizers)) {
        const parts = { ...everything, options: () => options, optimizer };
        const whole = await straight(parts);
        assert.deepEqual(await interrupted(parts, `${folder}/${name}`, [1, 7]), whole, name);
      }
    }),
);

Deno.test("a run with an optimizer is resumed with one of its kind alone", () =>
  inFolder(async (folder) => {
    const model = tinyModel(), data = tinyData(), signal = AbortSignal.abort();
    const mine = tf.train.momentum(0.1, 0.9), other = tf.train.rmsprop(0.1);
    const silent = tf.train.adamax(0.1), before = tf.memory().numTensors;
    const checkpoints = { folder: `${folder}/mine` };
    await fit(model, data, { optimizer: mine, checkpoints, signal });
    await assert.rejects(resume(checkpoints.folder, data), {
      message: "Cannot resume as the run's optimizer 'Momentum' must be passed as { optimizer }: " +
        "current value is undefined",
    });
    await assert.rejects(resume(checkpoints.folder, data, { optimizer: other }), {
      message:
        "Cannot restore the optimizer as it must be 'Momentum' as in the run: current value is 'RMSProp'",
    });
    await fit(model, data, { checkpoints: { folder: `${folder}/own` }, signal });
    await assert.rejects(resume(`${folder}/own`, data, { optimizer: other }), {
      message: "Cannot resume as 'optimizer' must not be given, as the run has taken its own: " +
        "current value is 'RMSProp'",
    });
    await assert.rejects(
      fit(model, data, { optimizer: silent, checkpoints: { folder: `${folder}/silent` } }),
      /Cannot keep the state of a run as the optimizer must know its state, and 'Adamax' does not/,
    );
    assert.equal(tf.memory().numTensors, before);
    for (const optimizer of [mine, other, silent]) optimizer.dispose();
    model.dispose();
  }));

Deno.test("resume() refuses data, validation and callbacks that are not those of the run", () =>
  inFolder(async (folder) => {
    const model = tinyModel(), data = tinyData(), before = tf.memory().numTensors;
    const stopping = callbacks.earlyStopping({ patience: 3 });
    const given = { validation: data, callbacks: [stopping] };
    const signal = AbortSignal.abort();
    await fit(model, data, { ...given, checkpoints: { folder }, signal });
    const refusals: [Dataset<"binary">, Parameters<typeof resume<"binary">>[2], RegExp][] = [
      [tinyData(32), given, /the data must have 64 rows as in the run: current value is 32/],
      [
        data.mapped("binary", (values) => values.reverse()),
        given,
        /the first rows of the data must be those of the run: current value is 'others'/,
      ],
      [data, { callbacks: [stopping] }, /'validation' must be given as in the run/],
      [
        data,
        { validation: data },
        /Cannot resume as the run's callback 'earlyStopping' must be passed again: current value is/,
      ],
      [
        dataset([[0, 1]], { support: "binary" }),
        given,
        /Cannot resume as the data must have rows of shape \[6\]/,
      ],
      [
        data,
        { ...given, callbacks: [callbacks.progressBar as unknown as Callback] },
        /Cannot resume as every callback must be made/,
      ],
    ];
    for (const [data, options, message] of refusals) {
      await assert.rejects(resume(folder, data, options), message);
    }
    assert.equal(tf.memory().numTensors, before);
    model.dispose();
  }));

/** A prior that Elbo does not have. */
function mine(): Prior<distributions.StandardNormal> {
  return { ...tinyParts.prior, name: "mine" };
}

Deno.test("resume() takes outside plugins, and names one that is missing", () =>
  inFolder(async (folder) => {
    const model = vae({ ...tinyParts, prior: mine(), divergence: divergences.kl() });
    const options = { epochs: 1, checkpoints: { folder }, signal: AbortSignal.abort() };
    await fit(model, tinyData(), options);
    await assert.rejects(resume(folder, tinyData()), /prior 'mine' must be passed as/);
    const resumed = await resume(folder, tinyData(), { plugins: [mine] });
    assert.equal(resumed.steps, 1);
    resumed.model.dispose();
    model.dispose();
  }));

Deno.test("the newest checkpoints are kept, and the best one", () =>
  inFolder(async (folder) => {
    const model = tinyModel(), data = tinyData();
    const bias = model.parameters.get("decoder/logits/bias")!;
    let atThird: number[] = [], spoiled = false;
    // From the fourth epoch on all gets worse.
    const spoil: Callback = {
      kind: "callback",
      name: "spoil",
      epoch: ({ epoch }) => {
        if (epoch === 3) atThird = Object.values(valuesOf(model)).flat();
        if (epoch >= 3) spoiled = true;
      },
      step: () => {
        if (spoiled) tf.tidy(() => bias.assign(tf.fill([6], 30)));
      },
    };
    const { checkpoints } = await fit(model, data, {
      epochs: 7,
      batchSize: 16,
      validation: data,
      checkpoints: { folder, everySteps: 3, keep: 2 },
      callbacks: [spoil],
    });
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).toSorted();
    assert.deepEqual(names, ["step-00000012", "step-00000027", "step-00000028"]);
    assert.deepEqual(checkpoints, {
      newest: `${folder}/step-00000028`,
      best: `${folder}/step-00000012`,
    });
    assert.equal(await newestCheckpoint(folder), checkpoints!.newest);
    const best = await load(checkpoints!.best!);
    assert.deepEqual(Object.values(valuesOf(best)).flat(), atThird);
    best.dispose();
    model.dispose();
  }));

Deno.test("a checkpoint is a model, with its averages where there are any", () =>
  inFolder(async (folder) => {
    const model = tinyModel();
    const { checkpoints } = await fit(model, tinyData(), {
      epochs: 2,
      batchSize: 16,
      average: { decay: 0.5 },
      checkpoints: { folder, keepBest: false },
    });
    const same = await load(checkpoints!.newest);
    assert.deepEqual(valuesOf(same), valuesOf(model));
    assert.deepEqual(same.progress, model.progress);
    assert.equal(checkpoints!.best, undefined);
    same.dispose();
    model.dispose();
  }));

Deno.test("fit() refuses a folder that holds another run", () =>
  inFolder(async (folder) => {
    const model = tinyModel(), options = { epochs: 1, checkpoints: { folder } };
    await fit(model, tinyData(), options);
    await assert.rejects(fit(model, tinyData(), options), {
      message: `Cannot fit as '${folder}' must hold no other run (resume that, or take another ` +
        "folder): current value is 'step-00000001'",
    });
    model.dispose();
  }));

/** A run of three epochs of four steps, with a checkpoint every two of them, that ended. */
async function finished(folder: string): Promise<Record<string, number[]>> {
  const model = tinyModel();
  await fit(model, tinyData(), {
    epochs: 3,
    batchSize: 16,
    checkpoints: { folder, everySteps: 2, keep: 9, keepBest: false },
  });
  const values = valuesOf(model);
  model.dispose();
  return values;
}

Deno.test("a damaged checkpoint is passed over, and said so, and the run ends as it would have", () =>
  inFolder(async (folder) => {
    const values = await finished(`${folder}/run`);
    const newest = "step-00000012";
    type Damage = (path: string) => Promise<unknown>;
    const flip = (name: string): Damage => async (path) => {
      const bytes = await Deno.readFile(`${path}/${name}`);
      bytes[bytes.length >> 1]! ^= 1;
      await Deno.writeFile(`${path}/${name}`, bytes);
    };
    const truncate = (name: string): Damage => async (path) =>
      await Deno.truncate(`${path}/${name}`, (await Deno.stat(`${path}/${name}`)).size - 2);
    const remove = (name: string): Damage => (path) => Deno.remove(`${path}/${name}`);
    const files = [...Deno.readDirSync(`${folder}/run/${newest}`)].map(({ name }) => name);
    assert.deepEqual(files.toSorted(), [
      "SHA256SUMS",
      "model.json",
      "optimizer.safetensors",
      "parameters.safetensors",
      "run.json",
    ]);
    const sums = await Deno.readTextFile(`${folder}/run/${newest}/SHA256SUMS`);
    const damages: readonly Damage[] = [
      ...files.flatMap((name) => [flip(name), truncate(name), remove(name)]),
      (path) => Deno.truncate(`${path}/SHA256SUMS`, 0),
      // A list that names too few files, each of which is as it says.
      (path) => Deno.writeTextFile(`${path}/SHA256SUMS`, sums.split("\n")[0]!),
      (path) => Deno.rename(path, `${path}.part`),
    ];
    for (const [i, damage] of damages.entries()) {
      const copy = `${folder}/${i}`;
      await copyFolder(`${folder}/run`, copy);
      await damage(`${copy}/${newest}`);
      const told: unknown[] = [];
      const listen: Callback = {
        kind: "callback",
        name: "listen",
        begin: ({ resumed }) => void told.push(resumed!.step, resumed!.passedOver),
      };
      const { model, passedOver, steps } = await resume(copy, tinyData(), { callbacks: [listen] });
      assert.deepEqual([steps, told], [12, [10, passedOver]]);
      const isGone = i === damages.length - 1;
      assert.equal(passedOver.length, isGone ? 0 : 1);
      if (!isGone) assert.match(passedOver[0]!, /^out\/.*\/step-00000012: /);
      assert.deepEqual(valuesOf(model), values);
      model.dispose();
      const found = (await newestCheckpoint(copy))!;
      assert.match(found, /step-00000012(-2)?$/);
    }
  }));

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

Deno.test("resume() says so where there is no checkpoint at all, and where none is whole", () =>
  inFolder(async (folder) => {
    const none = (path: string) => ({
      message:
        `Cannot resume as '${path}' must hold a checkpoint that is whole: current value is 'none'`,
    });
    await assert.rejects(resume("no such folder", tinyData()), none("no such folder"));
    await assert.rejects(resume(folder, tinyData()), none(folder));
    assert.equal(await newestCheckpoint(folder), undefined);
    await finished(`${folder}/run`);
    for (const { name } of Deno.readDirSync(`${folder}/run`)) {
      await Deno.remove(`${folder}/run/${name}/run.json`);
    }
    await assert.rejects(
      resume(`${folder}/run`, tinyData()),
      /must hold a checkpoint that is whole \(out.*step-00000012: .*run.json' must exist.*'none'/,
    );
    assert.equal(await newestCheckpoint(`${folder}/run`), undefined);
  }));

Deno.test("a roll-back is not forgotten", () =>
  inFolder(async (folder) => {
    const poison = (
      model: { parameters: ReadonlyMap<string, tf.Variable> },
      times = 1,
    ): Callback => ({
      kind: "callback",
      name: "poison",
      step: ({ step }) => {
        const bias = model.parameters.get("decoder/logits/bias")!;
        if (step === 2 && times-- > 0) tf.tidy(() => bias.assign(tf.fill(bias.shape, NaN)));
      },
    });
    const options = { epochs: 3, batchSize: 16, rollback: { attempts: 3 } };
    const model = tinyModel();
    const whole = await fit(model, tinyData(), { ...options, callbacks: [poison(model)] });
    const values = valuesOf(model);
    model.dispose();
    assert.equal(whole.rollbacks.length, 1);

    const other = tinyModel(), controller = new AbortController();
    const abort: Callback = {
      kind: "callback",
      name: "abort",
      step: ({ step }) => void (step === 6 && controller.abort()),
    };
    await fit(other, tinyData(), {
      ...options,
      callbacks: [poison(other), abort],
      signal: controller.signal,
      checkpoints: { folder },
    });
    other.dispose();
    const resumed = await resume(folder, tinyData());
    assert.deepEqual(resumed.rollbacks, whole.rollbacks);
    assert.deepEqual(valuesOf(resumed.model), values);
    resumed.model.dispose();
  }));

Deno.test("what training writes into buffers goes on as well", () =>
  inFolder(async (folder) => {
    const parts: RunParts<"real"> = {
      model: () =>
        vae({
          ...tinyParts,
          likelihood: likelihoods.normal({ scale: "optimal" }),
          divergence: divergences.kl(),
        }),
      data: () => {
        const rows = Array.from({ length: 24 }, (_, row) => {
          const [word] = seed(row).split("rows").key;
          return Array.from({ length: 6 }, (_, i) => ((word >>> (4 * i)) % 16) / 8);
        });
        return dataset(rows, { support: "real" });
      },
      options: () => ({ epochs: 3, batchSize: 8, average: { decay: 0.9 } }),
    };
    assert.deepEqual(await interrupted(parts, folder, [1, 5]), await straight(parts));
  }));

Deno.test("a run that is over goes on for more epochs, and more steps", () =>
  inFolder(async (folder) => {
    const options = { batchSize: 16, seed: 3 }, data = tinyData();
    const whole = await straight({
      model: tinyModel,
      data: tinyData,
      options: () => ({ ...options, epochs: 5 }),
    });
    for (const [name, more] of [["epochs", { epochs: 5 }], ["steps", { steps: 20 }]] as const) {
      const model = tinyModel(), checkpoints = { folder: `${folder}/${name}` };
      await fit(model, data, { ...options, epochs: 2, checkpoints });
      model.dispose();
      const resumed = await resume(checkpoints.folder, data, more);
      assert.deepEqual(valuesOf(resumed.model), whole.values);
      assert.deepEqual([resumed.history, resumed.stopped], [whole.history, name]);
      resumed.model.dispose();
    }
    await assert.rejects(resume(`${folder}/steps`, data, { epochs: 1, steps: 1 }), /not both be/);
  }));

Deno.test("a run that ended at a value that was not finite goes on with roll-backs", () =>
  inFolder(async (folder) => {
    const data = tinyData(), checkpoints = { folder, everySteps: 2 };
    let times = 1;
    const poisoned = (): Callback => {
      return {
        kind: "callback",
        name: "poison",
        step: ({ step }, { model }) => {
          const bias = model.parameters.get("decoder/logits/bias")!;
          if (step === 6 && times-- > 0) tf.tidy(() => bias.assign(tf.fill(bias.shape, NaN)));
        },
      };
    };
    const model = tinyModel(), options = { epochs: 3, batchSize: 16, checkpoints };
    const run = fit(model, data, { ...options, callbacks: [poisoned()] });
    await assert.rejects(run, { name: "NonFiniteError" });
    model.dispose();
    assert.equal(await newestCheckpoint(folder), `${folder}/step-00000004`);
    times = 1;
    const resumed = await resume(folder, data, {
      rollback: { attempts: 1 },
      callbacks: [poisoned()],
    });
    assert.deepEqual(resumed.rollbacks.map(({ step, share }) => [step, share]), [[4, 0.5]]);
    assert.equal(resumed.steps, 12);
    resumed.model.dispose();
  }));
