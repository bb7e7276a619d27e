/**
 * Approximate posteriors q(z|x).
 *
 * @module
 */
export { diagonalNormal, type DiagonalNormalHeads } from "./diagonal_normal.ts";
export { laplace, type LaplaceHeads } from "./laplace.ts";
