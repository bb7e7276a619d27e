/**
 * How long tensors live.
 *
 * @module
 */
import { tf } from "./deps.ts";
import type { Tensor } from "./types.ts";

/** `tf.tidy` for records that have a type of their own: runs `f` and lets go of every tensor that it made, but for those in the record it returns. */
export function tidyRecord<T extends object>(f: () => T): T {
  return tf.tidy(f as unknown as () => tf.TensorContainerObject) as unknown as T;
}

/**
 * A tensor that is made when it is first wanted and then shared by everything that asks; made again
 * where the `tf.tidy` that it was made in is over.
 */
export function lazily(make: () => Tensor): () => Tensor {
  let made: Tensor | undefined;
  return () => made === undefined || made.isDisposed ? made = make() : made;
}

/**
 * f(0) + … + f(count − 1), of which only the running sum is kept: for terms that would not all fit
 * into memory. It uses no lazy tensor that a term is the first to want.
 */
export function sumOf(count: number, term: (i: number) => Tensor): Tensor {
  let sum = tf.tidy(() => term(0));
  for (let i = 1; i < count; i++) {
    const next = tf.tidy(() => tf.add(sum, term(i)));
    sum.dispose();
    sum = next;
  }
  return sum;
}
