/**
 * Which operations the training of a model needs and a backend lacks.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Vae } from "../model.ts";
import { takeSnapshot } from "../scope.ts";
import { fillValues } from "../support.ts";

/** Operations by their TensorFlow.js names. */
export interface MissingOperations {
  /** Those that have no kernel there. */
  readonly kernels: readonly string[];
  /** The first on the way back that has no gradient, on any backend. */
  readonly gradients: readonly string[];
}

/**
 * Takes one training step's gradients on the cpu backend, which has every kernel, and looks which
 * of the operations the other backend has.
 *
 * @param model The model; its parameters do not change.
 * @param backend The name of the backend in question.
 */
export async function lackingOperations(model: Vae, backend: string): Promise<MissingOperations> {
  const home = tf.getBackend();
  const trainable = [...model.parameters.values()].filter((variable) => variable.trainable);
  const { data, condition } = model.spec;
  const rows = 2;
  const gradients: string[] = [];
  let used = new Set<string>();
  let failure: unknown;

  function takeGradients(): void {
    const row = tf.tensor(fillValues(model.support, data), [1, ...data]);
    const x = tf.tile(row, [rows, ...data.map(() => 1)]);
    const batch = { x, condition: condition && tf.zeros([rows, ...condition]) };
    tf.variableGrads(() => {
      const ledger = model.ledger(batch, { seed: 0, training: true });
      return tf.neg(ledger.surrogate ?? ledger.objective) as tf.Scalar;
    }, trainable);
  }

  // Some layers change their own variables when they are trained.
  const before = takeSnapshot(model.parameters);
  await tf.setBackend("cpu");
  try {
    const { kernelNames } = await tf.profile(() => {
      try {
        tf.tidy(takeGradients);
      } catch (error) {
        const name = /gradient function not found for (\w+)/.exec(String(error))?.[1];
        // Thrown only when profiling is over: TensorFlow.js would not end it.
        if (name === undefined) failure = error;
        else gradients.push(name);
      }
      return [];
    });
    used = new Set(kernelNames);
  } finally {
    before.restore();
    before.dispose();
    await tf.setBackend(home);
  }
  if (failure !== undefined) throw failure;
  return {
    kernels: [...used].filter((name) =>
      // Operations with a gradient of their own are listed too, but are no kernels.
      tf.getKernel(name, "cpu") !== undefined && tf.getKernel(name, backend) === undefined
    ),
    gradients,
  };
}
