/**
 * One step of training: the gradients of a batch, or of several, and the change of the parameters.
 *
 * @module
 */
import type { Progress } from "../context.ts";
import { tf } from "../deps.ts";
import type { Vae } from "../model.ts";
import type { Monitor } from "../monitor.ts";
import { applyGradients } from "../operations/adam.ts";
import type { Batch, Optimizer, Tensor, Variable } from "../types.ts";
import type { Average } from "./average.ts";
import { clipped, gather } from "./gradients.ts";
import type { Rate } from "./optimizer.ts";
import type { Plan } from "./options.ts";

/** What learns, and what follows it. */
interface LearnerParts {
  readonly model: Vae;
  readonly trainable: ReadonlyMap<string, Variable>;
  readonly optimizer: Optimizer;
  readonly rate: Rate;
  readonly monitor: Monitor;
  readonly average: Average | undefined;
}

/** Where a run stands before a step. */
export interface Standing {
  readonly progress: Progress;
  /** The learning rate as a share of what it would be without roll-backs. */
  readonly share: number;
}

/** Takes the steps of a run. */
export interface Learner {
  /** Learns from one batch; answers whether that was a step. */
  readonly learn: (batch: Batch, standing: Standing) => boolean;
  /** Takes a step with the batches that there are, where an epoch has no more. */
  readonly finish: (standing: Standing) => void;
  /** Forgets the batches that made no step yet. */
  readonly drop: () => void;
}

/** Opens what takes the steps of a run. */
export function openLearner(
  { model, trainable, optimizer, rate, monitor, average }: LearnerParts,
  { seed, clip, accumulate }: Plan,
): Learner {
  const variables = [...trainable.values()];
  const gathered = accumulate > 1 ? gather() : undefined;

  /** The gradients of one batch. */
  function differentiate(batch: Batch, progress: Progress): readonly Tensor[] {
    const noise = seed.split(`step ${progress.step}`);
    const { grads } = tf.engine().gradients(
      () => {
        const outputs: (readonly [string, Tensor])[] = [];
        const ledger = model.ledger(batch, {
          seed: gathered === undefined ? noise : noise.split(`batch ${gathered.batches}`),
          training: true,
          progress,
          observe: (name, value) => outputs.push([name, value]),
        });
        monitor.measure(ledger, batch.x.shape[0]!, outputs);
        return ledger.surrogate ?? ledger.objective;
      },
      variables,
      tf.scalar(-1), // Optimizers descend.
      true,
    );
    // Optimizers keep what they know of a variable by its place in this list.
    return variables.map((variable, i) => grads[i] ?? tf.zerosLike(variable));
  }

  /** The change of the parameters. */
  function descend(gradients: readonly Tensor[], { progress, share }: Standing): void {
    rate.set(progress, share);
    const tensors = clip === undefined ? gradients : clipped(gradients, clip);
    const named = variables.map(({ name }, i) => ({ name, tensor: tensors[i]! }));
    const probes = applyGradients(optimizer, named);
    const step = progress.step + 1;
    monitor.record(step, probes);
    average?.follow(step);
  }

  return {
    learn: (batch, standing) =>
      tf.tidy(() => {
        const { progress } = standing;
        if (gathered === undefined) {
          descend(differentiate(batch, progress), standing);
          return true;
        }
        if (gathered.batches > 0) monitor.record(progress.step + 1);
        gathered.add(differentiate(batch, progress), batch.x.shape[0]!);
        if (gathered.batches < accumulate) return false;
        descend(gathered.take(), standing);
        return true;
      }),
    finish: (standing) => tf.tidy(() => descend(gathered!.take(), standing)),
    drop: () => gathered?.drop(),
  };
}
