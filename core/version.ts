/**
 * The version of Elbo, as the files that it writes say it.
 *
 * @module
 */

/** The version in `deno.json`. */
export const VERSION = "0.1.0";
