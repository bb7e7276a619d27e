/**
 * What is done to gradients before an optimizer sees them: they are gathered over several batches,
 * and made no larger than they may be.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";

/** How large gradients may be. */
export interface Clipping {
  /** The largest Euclidean norm of all gradients together: larger ones are scaled down to it. */
  readonly norm?: number | undefined;
  /** The largest size of every single number. It comes first, where both are given. */
  readonly value?: number | undefined;
}

/**
 * Gradients that are not too large. Pascanu, Mikolov and Bengio, "On the difficulty of training
 * recurrent neural networks", arXiv:1211.5063, §3.2, for the norm.
 */
export function clipped(gradients: readonly Tensor[], clip: Clipping): readonly Tensor[] {
  const { norm, value } = clip;
  const limited = value === undefined
    ? gradients
    : gradients.map((gradient) => tf.clipByValue(gradient, -value, value));
  if (norm === undefined) return limited;
  const squares = limited.map((gradient) => tf.sum(tf.square(gradient)));
  const size = tf.sqrt(tf.addN(squares));
  // A factor of exactly 1 where nothing is too large.
  const factor = tf.div(norm, tf.maximum(size, norm));
  return limited.map((gradient) => tf.mul(gradient, factor));
}

/** Gradients of several batches, on their way to those of all their rows together. */
export interface Gathering {
  /** How many batches there are. */
  readonly batches: number;
  /** How many rows they have. */
  readonly rows: number;
  /** Takes the mean gradients of a batch. Call it inside `tf.tidy`. */
  readonly add: (gradients: readonly Tensor[], rows: number) => void;
  /** The mean gradients over all rows, and an end to it. Call it inside `tf.tidy`. */
  readonly take: () => readonly Tensor[];
  /** Lets go of what there is. */
  readonly drop: () => void;
}

/** Starts to gather gradients. */
export function gather(): Gathering {
  let sums: readonly Tensor[] = [];
  let batches = 0, rows = 0;

  function drop(): void {
    tf.dispose([...sums]);
    sums = [];
    batches = rows = 0;
  }

  return {
    get batches() {
      return batches;
    },
    get rows() {
      return rows;
    },
    add: (gradients, count) => {
      const weighted = gradients.map((gradient) => tf.mul(gradient, count));
      const next = batches === 0 ? weighted : weighted.map((more, i) => tf.add(sums[i]!, more));
      tf.dispose([...sums]);
      sums = next.map((sum) => tf.keep(sum));
      batches++;
      rows += count;
    },
    take: () => {
      const means = sums.map((sum) => tf.div(sum, rows));
      drop();
      return means;
    },
    drop,
  };
}
