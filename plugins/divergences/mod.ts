/**
 * Divergences D(q(z|x) ‖ p(z)), and closed forms of the KL.
 *
 * @module
 */
export { betaKl, type BetaKlOptions } from "./beta_kl.ts";
export { closedFormKl, type ClosedFormKlOptions } from "./closed_form_kl.ts";
export { normalNormal, normalStandardNormal } from "./closed_forms.ts";
export { kl, type KlOptions } from "./kl.ts";
