/**
 * Schedules: numbers that change as training goes on.
 *
 * @module
 */
export { constant } from "./constant.ts";
export { cosine, type CosineOptions } from "./cosine.ts";
export { cyclical, type CyclicalOptions } from "./cyclical.ts";
export { linear, type LinearOptions } from "./linear.ts";
export { sigmoid, type SigmoidOptions } from "./sigmoid.ts";
