/**
 * Lower triangular matrices, out of operations that every backend has with their gradients.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Tensor } from "../../core/types.ts";

/** 1 where column ≤ row + `above`, and 0 elsewhere `[K, K]`. */
function ones(size: number, above: 0 | -1): Tensor {
  const row = tf.range(0, size), column = tf.reshape(row, [1, size]);
  const last = tf.add(tf.reshape(row, [size, 1]), above);
  return tf.cast(tf.lessEqual(column, last), "float32");
}

/** The diagonal `[B, K]` of matrices `[B, K, K]`. */
export function diagonalOf(matrix: Tensor): Tensor {
  return tf.sum(tf.mul(matrix, tf.eye(matrix.shape[2]!)), 2);
}

/** Triangular matrices `[B, K, K]` with a diagonal `[B, K]`, and what is below it in `[B, K, K]`. */
export function lowerTriangular(diagonal: Tensor, below: Tensor): Tensor {
  const size = diagonal.shape[1]!;
  return tf.add(
    tf.mul(tf.expandDims(diagonal, 2), tf.eye(size)),
    tf.mul(below, ones(size, -1)),
  );
}

/**
 * K(K − 1)/2 numbers for each of B matrices, each put at one place below the diagonal: `[B, K, K]`.
 *
 * Behind some of the numbers come all of them backwards, as in `fill_triangular` of TensorFlow
 * Probability: a square, whose lower triangle has every number once.
 */
export function belowDiagonal(packed: Tensor, size: number): Tensor {
  const side = size - 1;
  const square = tf.concat([tf.slice(packed, [0, side], [-1, -1]), tf.reverse(packed, 1)], 1);
  const triangle = tf.mul(tf.reshape(square, [-1, side, side]), ones(side, 0));
  return tf.pad(triangle, [[0, 0], [1, 0], [0, 1]]);
}

/**
 * x of L·x = b, by forward substitution.
 *
 * With L = U·diag(d), whose U has ones on its diagonal, column after column of U is taken off b;
 * what remains is d·x.
 *
 * @param lower L `[B or 1, K, K]`, of which nothing above the diagonal is read.
 * @param b Right-hand sides `[S, B or 1, K]`.
 * @returns x `[S, B, K]`.
 */
export function solveLower(lower: Tensor, b: Tensor): Tensor {
  const size = lower.shape[2]!, diagonal = diagonalOf(lower);
  const unit = tf.mul(tf.div(lower, tf.expandDims(diagonal, 1)), ones(size, -1));
  const remainder = tf.unstack(unit, 2).slice(0, -1).reduce((rest, column, j) => {
    const solved = tf.slice(rest, [0, 0, j], [-1, -1, 1]);
    return tf.sub(rest, tf.mul(solved, column));
  }, b);
  return tf.div(remainder, diagonal);
}
