/**
 * The packages that the tests alone stand on. They have a lock file of their own, as Deno fetches all
 * that a lock file names before anything runs.
 *
 * @module
 */
export { fc } from "./laws/deps.ts";
export { default as digamma } from "npm:@stdlib/math-base-special-digamma@0.3.1";
export { default as logGamma } from "npm:@stdlib/math-base-special-gammaln@0.3.1";
export { default as trigamma } from "npm:@stdlib/math-base-special-trigamma@0.3.1";
export { default as bernoulliPmf } from "npm:@stdlib/stats-base-dists-bernoulli-pmf@0.3.1";
export { default as normalCdf } from "npm:@stdlib/stats-base-dists-normal-cdf@0.3.1";
export { default as normalLogpdf } from "npm:@stdlib/stats-base-dists-normal-logpdf@0.3.1";
export { parquetWriteBuffer } from "npm:hyparquet-writer@0.17.0";
export { default as protobuf } from "npm:protobufjs@8.8.1";
export { indexedDB as fakeIndexedDb } from "npm:fake-indexeddb@6.2.5";
