/**
 * Holds the kernels of a GPU backend to the definitions of their operations, which run on cpu.
 *
 * It runs in a program of its own, or in a page: it needs nothing of the tests around it.
 *
 * @module
 */
import { tf } from "../../../../core/deps.ts";
import { adam, applyGradients } from "../../../../core/operations/adam.ts";
import { means } from "../../../../core/operations/means.ts";
import type { Tensor, Variable } from "../../../../core/types.ts";
import {
  type BackendName,
  dataset,
  divergences,
  fit,
  likelihoods,
  networks,
  posteriors,
  priors,
  useBackend,
  vae,
} from "../../../../mod.ts";
import { answersOf, CASES, wave } from "./operations.ts";

/** What was found: each of these is to be small or as said. */
export interface Findings {
  /** The largest error of every operation and its gradients, over 1 + the largest number. */
  readonly operations: Readonly<Record<string, number>>;
  /** How far Adam is from TensorFlow.js's after 50 steps, over 1 + the largest number. */
  readonly adam: number;
  /** Which parameters its probes take for finite, of [finite, NaN, ∞, −∞, finite]. */
  readonly probes: readonly boolean[];
  /** Which means are finite, of [finite, with a NaN, with an ∞]. */
  readonly means: readonly boolean[];
  /** The largest relative difference of the losses of a short training run. */
  readonly training: number;
  /** Tensors that an epoch leaves behind. */
  readonly leftPerEpoch: number;
  /** Programs that one of its steps launches. */
  readonly launchesPerStep: number;
  /** Reads from the device in the 40 steps of an epoch, and at its end. */
  readonly reads: readonly [during: number, after: number];
}

/** The largest difference, over 1 + the largest number. */
export function errorOf(found: readonly number[][], expected: readonly number[][]): number {
  const errors = expected.map((numbers, i) => {
    const largest = numbers.reduce((largest, number) => Math.max(largest, Math.abs(number)), 0);
    const differences = numbers.map((number, j) =>
      Math.abs(number - found[i]![j]!) / (1 + largest)
    );
    // What is no number counts as far off, and stays so in JSON.
    return differences.reduce((worst, each) => each >= 0 ? Math.max(worst, each) : 1e9, 0);
  });
  return Math.max(...errors);
}

/** The same on cpu and on the backend. */
async function onBoth<T>(backend: BackendName, run: () => Promise<T>): Promise<[T, T]> {
  await useBackend({ backend: "cpu" });
  const expected = await run();
  await useBackend({ backend });
  return [await run(), expected];
}

async function checkOperations(backend: BackendName): Promise<Record<string, number>> {
  const [found, expected] = await onBoth(backend, async () => {
    const answers = [];
    for (const each of CASES) answers.push(await answersOf(each));
    return answers;
  });
  return Object.fromEntries(CASES.map(({ name }, i) => [name, errorOf(found[i]!, expected[i]!)]));
}

const SHAPES = [[], [3], [5, 7], [130, 33], [3, 3, 2, 5]];

/** The parameters after 50 steps with given gradients. */
async function afterFiftySteps(make: () => tf.Optimizer): Promise<number[][]> {
  const optimizer = make();
  const variables = SHAPES.map((shape, i) => tf.variable(tf.tensor(wave(shape, i), shape)));
  for (let step = 0; step < 50; step++) {
    tf.tidy(() => {
      const gradients = variables.map(({ name, shape }, i) => [
        name,
        tf.tensor(wave(shape, i + step / 3), shape),
      ]);
      optimizer.applyGradients(Object.fromEntries(gradients));
    });
  }
  const numbers = [];
  for (const variable of variables) numbers.push([...await variable.data()]);
  tf.dispose(variables);
  optimizer.dispose();
  return numbers;
}

async function checkAdam(backend: BackendName): Promise<number> {
  await useBackend({ backend: "cpu" });
  const expected = await afterFiftySteps(() => tf.train.adam(0.01, 0.9, 0.999, 1e-7));
  await useBackend({ backend });
  return errorOf(await afterFiftySteps(() => adam({ learningRate: 0.01 })), expected);
}

/** One bad number each among many good ones. */
function spoilt(bad: number, at: number): Tensor {
  const shape: [number, number] = [131, 37];
  return tf.tensor2d(wave(shape, 1).map((value, i) => i === at ? bad : value), shape);
}

async function finite(numbers: Tensor): Promise<boolean[]> {
  return [...await numbers.data()].map(Number.isFinite);
}

async function checkProbes(): Promise<boolean[]> {
  const optimizer = adam();
  const variables = [0, NaN, Infinity, -Infinity, 1].map((bad, i): Variable =>
    tf.variable(spoilt(bad, 4846 - 100 * i))
  );
  const gradients = variables.map(({ name }) => ({ name, tensor: spoilt(0, 0) }));
  const probes = applyGradients(optimizer, gradients);
  return await finite(probes!);
}

/** Counts from here on what the backend in use launches. */
function countLaunches(): { readonly count: () => number; readonly stop: () => void } {
  type Launcher = Record<string, (...given: unknown[]) => unknown>;
  const backend = tf.backend() as unknown as Launcher & { readonly gpgpu?: Launcher };
  const [owner, name] = tf.getBackend() === "webgl"
    ? [backend.gpgpu!, "executeProgram"]
    : [backend, "recordAndSubmit"];
  const launch = owner[name];
  let launches = 0;
  owner[name] = (...given) => {
    launches++;
    return launch?.apply(owner, given);
  };
  return { count: () => launches, stop: () => void delete owner[name] };
}

/** A short training run: its losses, and what its steps cost and leave behind. */
async function train() {
  const model = vae({
    data: [23],
    latent: 3,
    encoder: networks.mlp({ hidden: [17] }),
    decoder: networks.mlp({ hidden: [17] }),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
  const rows = Array.from({ length: 40 }, (_, i) => [...wave([23], i)].map((x) => Number(x > 0)));
  const data = dataset(rows, { support: "binary" });
  const tensors: number[] = [], launches: number[] = [];
  const { count, stop } = countLaunches();
  let reads = 0;
  const { read } = tf.backend();
  tf.backend().read = (dataId) => {
    reads++;
    return read.call(tf.backend(), dataId);
  };
  let during = 0;
  // A batch of one datum each; the rest of them in the epochs after.
  const { history } = await fit(model, data, {
    epochs: 3,
    batchSize: 1,
    callbacks: [{
      kind: "callback",
      name: "watch",
      step: ({ step }) => {
        tensors.push(tf.memory().numTensors);
        launches.push(count());
        if (step === 40) during = reads;
      },
    }],
  });
  tf.backend().read = read;
  stop();
  model.dispose();
  const losses = history.map(({ training }) => training.objective);
  return {
    losses,
    // After the first step of the second epoch and of the third.
    leftPerEpoch: tensors[80]! - tensors[40]!,
    launchesPerStep: (launches[30]! - launches[10]!) / 20,
    reads: [during, reads - during] as const,
  };
}

/** Looks into everything on one backend. */
export async function check(backend: BackendName): Promise<Findings> {
  const operations = await checkOperations(backend);
  const ofAdam = await checkAdam(backend);
  const probes = await checkProbes();
  const found = await finite(means([spoilt(0, 0), spoilt(NaN, 4846), spoilt(Infinity, 5)]));
  const [run, expected] = await onBoth(backend, train);
  const training = Math.max(
    ...run.losses.map((loss, i) => Math.abs(loss / expected.losses[i]! - 1)),
  );
  const { leftPerEpoch, launchesPerStep, reads } = run;
  return {
    operations,
    adam: ofAdam,
    probes,
    means: found,
    training,
    leftPerEpoch,
    launchesPerStep,
    reads,
  };
}
