/**
 * Priors p(z).
 *
 * @module
 */
export { standardNormal } from "./standard_normal.ts";
