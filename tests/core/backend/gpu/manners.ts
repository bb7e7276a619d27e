/**
 * What training on a GPU backend reads back, what it keeps, and what is left when the device is lost.
 *
 * It runs in a program of its own, or in a page: it needs nothing of the tests around it.
 *
 * @module
 */
import { tf } from "../../../../core/deps.ts";
import {
  type ArrayDataset,
  type BackendName,
  type Callback,
  dataset,
  DeviceLostError,
  divergences,
  evaluate,
  fit,
  likelihoods,
  load,
  networks,
  posteriors,
  presets,
  priors,
  schedules,
  toBlob,
  useBackend,
  type Vae,
  vae,
} from "../../../../mod.ts";
import { wave } from "./operations.ts";

/** What was found. */
export interface Manners {
  /** For each model the reads in a run of 60 steps, by the step after which they were noticed. */
  readonly reads: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The same where somebody looks at every tenth step. */
  readonly looks: Readonly<Record<string, number>>;
  /** For each model the memory at three moments of a run, of 300 steps or, for a short look, 150. */
  readonly memory: Readonly<Record<string, readonly (readonly number[])[]>>;
  /** What is so after the device was lost. */
  readonly lost: Readonly<Record<string, boolean>>;
  /** Milliseconds from the loss of the device to the end of each run. */
  readonly ends: Readonly<Record<string, number>>;
  /** The message in which a run ended. */
  readonly message: string;
}

/** A model with data for it. */
type Case = () => readonly [model: Vae, data: ArrayDataset<never>];

/** An epoch has 25 steps, so that what is read is always of the same size, and finds room made. */
const ROWS = 250, BATCH = 10, STEPS = 60;

/** Rows of numbers that have no pattern. */
function rowsOf(size: number, number: (x: number) => number): number[][] {
  return Array.from({ length: ROWS }, (_, i) => [...wave([size], i)].map(number));
}

const bits = () => dataset(rowsOf(12, (x) => Number(x > 0)), { support: "binary" });
const counts = () => dataset(rowsOf(12, (x) => Math.round(4 + 2 * x)), { support: "count" });
const reals = () => dataset(rowsOf(12, (x) => x), { support: "real" });

/** A model and data as they are handed on; that they fit is checked when it is trained. */
const pair = (model: Vae, data: unknown) => [model, data as ArrayDataset<never>] as const;

const SMALL = { data: [12], latent: 3, hidden: [16] };

const PARTS = {
  data: [12],
  latent: 3,
  encoder: networks.mlp({ hidden: [16] }),
  decoder: networks.mlp({ hidden: [16] }),
  divergence: divergences.kl(),
} as const;

/** Models of every kind. */
const CASES = {
  bernoulli: () => pair(presets.vae(SMALL), bits()),
  convolutional: () => {
    const rows = rowsOf(64, (x) => Number(x > 0));
    const pictures = rows.map((row) => tf.util.toNestedArray([8, 8, 1], Float32Array.from(row)));
    const model = vae({
      ...PARTS,
      data: [8, 8, 1],
      encoder: networks.conv({ channels: [4, 8], hidden: [16] }),
      decoder: networks.deconv({ channels: [8, 4], hidden: [16] }),
      posterior: posteriors.diagonalNormal(),
      prior: priors.standardNormal(),
      likelihood: likelihoods.bernoulli(),
    });
    return pair(model, dataset(pictures as number[][][][], { support: "binary" }));
  },
  counts: () => pair(presets.countVae(SMALL), counts()),
  poisson: () => {
    const likelihood = likelihoods.poisson();
    const model = vae({
      ...PARTS,
      posterior: posteriors.fullCovarianceNormal(),
      prior: priors.mixtureOfNormals({ components: 3 }),
      likelihood,
    });
    return pair(model, counts());
  },
  optimal: () => pair(presets.sigmaVae(SMALL), reals()),
  studentT: () => {
    const model = vae({
      ...PARTS,
      posterior: posteriors.lowRankNormal({ rank: 2 }),
      prior: priors.standardNormal(),
      likelihood: likelihoods.studentT(),
      divergence: divergences.betaKl({ beta: schedules.linear({ from: 0, to: 1, steps: 30 }) }),
    });
    return pair(model, reals());
  },
  flows: () => {
    const model = vae({
      ...PARTS,
      posterior: posteriors.inverseAutoregressiveFlow(),
      prior: priors.vampPrior({ components: 5 }),
      likelihood: likelihoods.bernoulli(),
    });
    return pair(model, bits());
  },
  iwae: () => pair(presets.iwae(SMALL), bits()),
  totalCorrelation: () => pair(presets.betaTcVae(SMALL), bits()),
  mmd: () => pair(presets.infoVae(SMALL), bits()),
  gumbel: () => pair(presets.gumbelVae({ ...SMALL, categories: 4 }), bits()),
  spherical: () => pair(presets.sphericalVae(SMALL), bits()),
  table: () => {
    const columns = {
      real: likelihoods.normal(),
      yes: likelihoods.bernoulli(),
      count: likelihoods.poisson(),
      code: likelihoods.categorical({ categories: 3 }),
    };
    const rows = rowsOf(1, (x) => x).map(([x], i) => [i % 7 ? x! : NaN, i % 2, i % 5, i % 3]);
    const mask = rows.map((row) => row.map((value) => Number(!Number.isNaN(value))));
    const { support } = likelihoods.columns(columns);
    const model = presets.tabularVae({ columns, latent: 2, hidden: [16] });
    return pair(model, dataset(rows, { support, mask }));
  },
} satisfies Readonly<Record<string, Case>>;

/** The models of a short look. */
const FEW = ["bernoulli", "table"] as const;

/** A class of a browser that reads from a device. */
type Readable = { readonly prototype: Record<string, (...given: unknown[]) => unknown> };

/** Counts from here on what is read from the device. */
function countReads(): { readonly count: () => number; readonly stop: () => void } {
  const [owner, name] = tf.getBackend() === "webgl"
    ? ["WebGL2RenderingContext", "readPixels"] as const
    : ["GPUBuffer", "mapAsync"] as const;
  const { prototype } = (globalThis as unknown as Record<string, Readable>)[owner]!;
  const read = prototype[name]!;
  let reads = 0;
  prototype[name] = function (this: unknown, ...given) {
    reads++;
    return read.apply(this, given);
  };
  return { count: () => reads, stop: () => void (prototype[name] = read) };
}

/** A callback that does something after every step. */
function afterStep(step: NonNullable<Callback["step"]>): Callback {
  return { kind: "callback", name: "after step", step };
}

/** The reads of a run. */
async function readsOf(make: Case, looks = false): Promise<Record<string, number>> {
  const [model, data] = make();
  const reads: Record<string, number> = {};
  const { count, stop } = countReads();
  let before = 0;
  const note = (when: string) => {
    if (count() > before) reads[when] = count() - before;
    before = count();
  };
  const watch = afterStep(async ({ step, means }) => {
    if (looks && step % 10 === 0) await means();
    note(String(step));
  });
  await fit(model, data, { steps: STEPS, batchSize: BATCH, callbacks: [watch] });
  note("end");
  stop();
  model.dispose();
  return reads;
}

/** The memory after some number of steps, after twice and three times as many. */
async function memoryOf(make: Case, every: number): Promise<number[][]> {
  const [model, data] = make();
  const found: number[][] = [];
  const watch = afterStep(({ step }) => {
    if (step % every !== 0) return;
    const { numTensors, ...memory } = tf.memory() as unknown as Record<string, number>;
    const bytes = ["numBytesInGPU", "numBytesInGPUAllocated", "numBytesAllocatedInGPU"];
    found.push([numTensors!, ...bytes.flatMap((name) => memory[name] ?? [])]);
  });
  await fit(model, data, { steps: 3 * every, batchSize: BATCH, callbacks: [watch] });
  model.dispose();
  return found;
}

/** Has the backend in use lose its device. */
export function loseDevice(): void {
  const { gpgpu, device } = tf.backend() as unknown as {
    readonly gpgpu?: { readonly gl: { getExtension(name: string): { loseContext(): void } } };
    readonly device?: { destroy(): void };
  };
  gpgpu?.gl.getExtension("WEBGL_lose_context").loseContext();
  device?.destroy();
}

/** All parameters of a model. */
export async function valuesOf(model: Vae): Promise<string> {
  const values: unknown[] = [];
  for (const [path, variable] of model.parameters) values.push([path, ...await variable.data()]);
  return JSON.stringify(values);
}

/** What something throws, sooner or later; nothing if it does not. */
async function errorOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
}

const isLoss = (error: unknown): error is DeviceLostError => error instanceof DeviceLostError;

/** Loses the device in a run, in an evaluation and while numbers are on their way. */
async function lose(backend: BackendName, home: BackendName) {
  const so: Record<string, boolean> = {}, ends: Record<string, number> = {};
  const losses = async () => {
    const [model, data] = CASES.bernoulli();
    const { history } = await fit(model, data, { steps: 12, batchSize: BATCH });
    model.dispose();
    return JSON.stringify(history);
  };
  const before = await losses();

  const tensors = tf.memory().numTensors;
  const [model, data] = CASES.bernoulli();
  let kept: Blob | undefined, values = "", lostAt = 0;
  const watch = afterStep(async ({ step }) => {
    if (step === 10) {
      values = await valuesOf(model);
      kept = await toBlob(model);
    }
    if (step !== 15) return;
    loseDevice();
    lostAt = performance.now();
  });
  const error = await errorOf(() =>
    fit(model, data, { epochs: 2000, batchSize: BATCH, callbacks: [watch] })
  );
  ends.fit = performance.now() - lostAt;
  so.fit = isLoss(error) && error.backend === backend && error.step! >= 15;
  const message = String(error);
  so.parameters = isLoss(await errorOf(() => valuesOf(model)));
  so.save = isLoss(await errorOf(() => toBlob(model)));
  so.use = isLoss(
    await errorOf(() => tf.tidy(() => model.sample(200, { seed: 1 }).dataSync())),
  );
  const evaluation = await errorOf(() => evaluate(model, data, { seed: 1 }));
  so.evaluate = isLoss(evaluation) &&
    /^Cannot evaluate as the GPU must stay/.test(evaluation.message);
  so.again = isLoss(await errorOf(() => fit(model, data, { epochs: 1 })));

  await useBackend({ backend: home });
  so.elsewhere = isLoss(await errorOf(() => valuesOf(model)));
  so.usedElsewhere = isLoss(
    await errorOf(() => tf.tidy(() => model.sample(200, { seed: 1 }).dataSync())),
  );
  model.dispose();
  so.disposed = tf.memory().numTensors === tensors;
  const loaded = await load(kept!) as Vae;
  so.kept = await valuesOf(loaded) === values;
  const { history } = await fit(loaded, data, { steps: 5, batchSize: BATCH });
  so.goesOn = Number.isFinite(history[0]!.training.objective);
  loaded.dispose();

  // The backend once more, on another device.
  await useBackend({ backend });
  so.starts = tf.getBackend() === backend && await losses() === before;

  const [second] = CASES.bernoulli();
  const evaluating = errorOf(() => evaluate(second, data, { seed: 1, batchSize: 1 }));
  await new Promise((resolve) => setTimeout(resolve, 20));
  loseDevice();
  const when = performance.now();
  so.whileEvaluating = isLoss(await evaluating);
  ends.evaluate = performance.now() - when;
  second.dispose();

  await useBackend({ backend });
  const sum = tf.add(tf.ones([2000]), 1);
  const reading = errorOf(() => sum.data());
  loseDevice();
  const then = performance.now();
  const found = await reading; // What was computed before may still arrive.
  so.whileReading = isLoss(found) || found === undefined;
  ends.read = performance.now() - then;
  sum.dispose();
  await useBackend({ backend: home });
  return { lost: so, ends, message };
}

/**
 * Looks at all of it on one backend.
 *
 * @param backend The backend.
 * @param home Another one, which no device is lost of.
 * @param short Whether a few models do.
 */
export async function manners(
  backend: BackendName,
  home: BackendName,
  short: boolean,
): Promise<Manners> {
  await useBackend({ backend });
  const reads: Record<string, Record<string, number>> = {};
  for (const [name, make] of Object.entries(CASES)) {
    if (!short || FEW.some((few) => few === name)) reads[name] = await readsOf(make);
  }
  const looks = await readsOf(CASES.bernoulli, true);
  const memory: Record<string, number[][]> = {};
  for (const name of short ? [FEW[0]] : [...FEW, "convolutional"] as const) {
    memory[name] = await memoryOf(CASES[name], short ? 50 : 100);
  }
  return { reads, looks, memory, ...await lose(backend, home) };
}
