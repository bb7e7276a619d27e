/**
 * Priors p(z).
 *
 * @module
 */
export { standardNormal } from "./standard_normal.ts";
export { uniformSphere } from "./uniform_sphere.ts";
