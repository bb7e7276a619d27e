/**
 * Objectives: what training makes as large as it can.
 *
 * @module
 */
export { elbo, type ElboOptions } from "./elbo.ts";
export { iwae, type IwaeOptions } from "./iwae.ts";
export { renyi, type RenyiOptions } from "./renyi.ts";
