/**
 * Objectives: what training makes as large as it can.
 *
 * @module
 */
export { elbo, type ElboOptions } from "./elbo.ts";
