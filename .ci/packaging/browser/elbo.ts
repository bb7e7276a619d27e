/**
 * What the browser bundle exports: all of Elbo, and the TensorFlow.js that it runs on.
 *
 * @module
 */
export * from "../../../mod.ts";
export { tf } from "../../../core/tf.ts";
