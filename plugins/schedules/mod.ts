/**
 * Schedules: numbers that change as training goes on.
 *
 * @module
 */
export { constant } from "./constant.ts";
export { linear, type LinearOptions } from "./linear.ts";
