/**
 * The very TensorFlow.js that every model runs on. Take it from here when you write a plugin or
 * handle tensors yourself, so that there are never two of them.
 *
 * @example
 * ```ts
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(tf.tidy(() => tf.add([1, 2], [3, 4]).arraySync()), [4, 6]);
 * ```
 *
 * @module
 */
export { tf } from "./deps.ts";
