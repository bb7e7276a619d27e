/**
 * What a run asks of any optimizer of `tf.train`: its learning rate, and its state.
 *
 * @module
 */
import type { Progress } from "../context.ts";
import { tf } from "../deps.ts";
import { outOfRange, requireNumber, wrongType } from "../errors.ts";
import type { StoredTensor } from "../safetensors.ts";
import { type Schedule, valueAt } from "../schedule.ts";
import { type Optimizer, sameShape, type Tensor, type Variable } from "../types.ts";

/** What an optimizer knows, on the host. */
export interface OptimizerState {
  /** What TensorFlow.js calls it. */
  readonly name: string;
  /** The number of its steps. */
  readonly iterations: number;
  /** What it keeps, by name, in its own order. */
  readonly weights: ReadonlyMap<string, StoredTensor>;
}

/** What the types of TensorFlow.js hide. */
interface Hidden {
  learningRate?: number;
  setLearningRate?: (rate: number) => void;
  /** The powers of β₁ and β₂ of TensorFlow.js's own Adam, made by multiplying. */
  readonly accBeta1?: Variable;
  readonly accBeta2?: Variable;
}

const POWERS = ["accBeta1", "accBeta2"] as const;

/** The learning rate of an optimizer, if it has one. */
function rateOf(optimizer: Optimizer): number | undefined {
  const { learningRate } = optimizer as unknown as Hidden;
  return typeof learningRate === "number" ? learningRate : undefined;
}

function setRate(optimizer: Optimizer, rate: number): void {
  const hidden = optimizer as unknown as Hidden;
  if (hidden.setLearningRate === undefined) hidden.learningRate = rate;
  else hidden.setLearningRate(rate);
}

/** The learning rate of a run. */
export interface Rate {
  /** Sets it for a step, to a share of what it would be. */
  readonly set: (progress: Progress, share: number) => void;
  /** Gives the optimizer back its own. */
  readonly reset: () => void;
}

/**
 * Opens the learning rate of a run.
 *
 * @param optimizer Its optimizer.
 * @param learningRate The rate in place of the optimizer's own.
 */
export function openRate(optimizer: Optimizer, learningRate?: number | Schedule): Rate {
  const own = rateOf(optimizer);
  let current = own;

  function change(rate: number): void {
    if (rate !== current) setRate(optimizer, current = rate);
  }

  return {
    set: (progress, share) => {
      const rate = learningRate === undefined ? own : valueAt(learningRate, progress);
      if (rate === undefined) return;
      if (typeof learningRate === "object") {
        requireNumber("train", "learningRate", rate, { minimum: 0 });
      }
      change(rate * share);
    },
    reset: () => {
      if (own !== undefined) change(own);
    },
  };
}

/** The name of an optimizer. */
export function nameOf(optimizer: Optimizer): string {
  return optimizer.getClassName();
}

/** Its weights, the first of which is the number of its steps. */
async function weightsOf(optimizer: Optimizer): ReturnType<Optimizer["getWeights"]> {
  try {
    return await optimizer.getWeights();
  } catch (error) {
    const requirement = `the optimizer must know its state, and '${nameOf(optimizer)}' does not`;
    throw wrongType("keep the state of a run", requirement, (error as Error).message);
  }
}

/**
 * Reads the state of an optimizer, under the paths of the parameters.
 *
 * @param optimizer The optimizer.
 * @param parameters The parameters by path, in the order in which it is given their gradients.
 * @throws {TypeError} If it is one that does not know its state.
 */
export async function readOptimizer(
  optimizer: Optimizer,
  parameters: ReadonlyMap<string, Variable>,
): Promise<OptimizerState> {
  const [count, ...tensors] = await weightsOf(optimizer);
  const iterations = (await count!.tensor.data())[0]!;
  count!.tensor.dispose();
  const paths = [...parameters.keys()];
  const weights = new Map<string, StoredTensor>();
  async function keep(name: string, tensor: Tensor): Promise<void> {
    weights.set(name, { shape: tensor.shape, values: await tensor.data<"float32">() });
  }
  for (const [i, { name, tensor }] of tensors.entries()) {
    // TensorFlow.js keeps a list of all parameters for each kind of weight: `variable_3/m`.
    const kind = name.slice(name.lastIndexOf("/") + 1);
    await keep(`${paths[i % paths.length]}/${kind}`, tensor);
  }
  for (const power of POWERS) {
    const variable = (optimizer as unknown as Hidden)[power];
    if (variable !== undefined) await keep(power, variable);
  }
  return { name: nameOf(optimizer), iterations, weights };
}

/**
 * Puts an optimizer into a state that was read.
 *
 * @throws {RangeError} If it is not of the same kind, or for other parameters.
 */
export async function restoreOptimizer(
  optimizer: Optimizer,
  { name, iterations, weights }: OptimizerState,
  parameters: ReadonlyMap<string, Variable>,
): Promise<void> {
  const action = "restore the optimizer";
  if (nameOf(optimizer) !== name) {
    throw outOfRange(action, `it must be '${name}' as in the run`, nameOf(optimizer));
  }
  const variables = [...parameters.values()];
  const kept = Array.from(weights).filter(([name]) => !POWERS.some((power) => power === name));
  const named = kept.map(([name, { shape, values }], i) => {
    const variable = variables[i % variables.length];
    if (variable === undefined || !sameShape(variable.shape, shape)) {
      const requirement = `'${name}' must have the shape of its parameter`;
      throw outOfRange(action, requirement, shape);
    }
    const kind = name.slice(name.lastIndexOf("/") + 1);
    return { name: `${variable.name}/${kind}`, values, shape };
  });
  const before = await weightsOf(optimizer);
  const tensors = [
    { name: "iter", tensor: tf.scalar(iterations, "int32") },
    ...named.map(({ name, values, shape }) => ({ name, tensor: tf.tensor(values, [...shape]) })),
  ];
  await optimizer.setWeights(tensors);
  // TensorFlow.js makes new variables of them, and forgets those that it had.
  for (const { tensor } of [...before, ...tensors]) tensor.dispose();
  for (const power of POWERS) {
    const variable = (optimizer as unknown as Hidden)[power], stored = weights.get(power);
    if (variable === undefined || stored === undefined) continue;
    tf.tidy(() => variable.assign(tf.scalar(stored.values[0]!)));
  }
}
