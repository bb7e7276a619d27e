/**
 * Priors p(z).
 *
 * @module
 */
export { diagonalNormal } from "./diagonal_normal.ts";
export { laplace } from "./laplace.ts";
export { standardNormal } from "./standard_normal.ts";
export { uniformSphere } from "./uniform_sphere.ts";
