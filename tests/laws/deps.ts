/**
 * The package that the laws stand on beside the library, with its exact version.
 *
 * @module
 */
export { default as fc } from "npm:fast-check@4.10.2";
