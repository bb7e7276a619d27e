/**
 * Where this runs.
 *
 * @module
 */

/** Whether this runs in a browser, in a page or in a worker: there are no paths there. */
export const inBrowser: boolean = !("Deno" in globalThis) &&
  ("document" in globalThis || "importScripts" in globalThis);
