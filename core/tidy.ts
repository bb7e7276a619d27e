/**
 * `tf.tidy` for records of tensors that have a type of their own.
 *
 * @module
 */
import { tf } from "./deps.ts";

/** Runs `f` and lets go of every tensor that it made, but for those in the record it returns. */
export function tidyRecord<T extends object>(f: () => T): T {
  return tf.tidy(f as unknown as () => tf.TensorContainerObject) as unknown as T;
}
