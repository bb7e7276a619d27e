/**
 * The exponential moving average of parameters, a model that is often better than the last one.
 *
 * θ̄ ← θ̄ + (1 − d)·(θ − θ̄), with d = min(decay, (1 + t)/(10 + t)) at step t.
 * Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992; the decay
 * grows at first so that the values before training are soon forgotten.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { type Snapshot, takeSnapshot } from "../scope.ts";
import type { Tensor, Variable } from "../types.ts";

/** How parameters are averaged. */
export interface Averaging {
  /** How much of the average a step keeps, below 1: 0.999 looks back over about 1000 steps. */
  readonly decay: number;
}

/** The average of some parameters. */
export interface Average {
  /** The averages by path. */
  readonly values: ReadonlyMap<string, Variable>;
  /** Follows the parameters by one step. Call it inside `tf.tidy`. */
  readonly follow: (step: number) => void;
  /** Lets the parameters and their average change places. */
  readonly exchange: () => void;
  /** Remembers the averages of now. */
  readonly snapshot: () => Snapshot;
  /** Lets it go. */
  readonly dispose: () => void;
}

/** Opens the average of some parameters, which starts with their values. */
export function openAverage(
  parameters: ReadonlyMap<string, Variable>,
  { decay }: Averaging,
): Average {
  const values = new Map(
    Array.from(parameters, ([path, variable]) => [path, tf.variable(variable, false)] as const),
  );
  const pairs: readonly (readonly [Variable, Variable])[] = Array.from(
    parameters,
    ([path, variable]) => [variable, values.get(path)!],
  );
  return {
    values,
    follow: (step) => {
      const share = 1 - Math.min(decay, (1 + step) / (10 + step));
      for (const [variable, average] of pairs) {
        const next: Tensor = tf.add(average, tf.mul(tf.sub(variable, average), share));
        average.assign(next as Variable);
      }
    },
    exchange: () => {
      for (const [variable, average] of pairs) {
        const value = variable.clone();
        variable.assign(average);
        average.assign(value as Variable);
        value.dispose();
      }
    },
    snapshot: () => takeSnapshot(values),
    dispose: () => tf.dispose([...values.values()]),
  };
}
