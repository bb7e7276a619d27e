/**
 * A leg in a program of Deno: takes what it is asked for as JSON, and prints what it finds. GPU drivers
 * have been seen to bring a process down when it ends, and so none of them is in the process of the
 * suite.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { runLeg } from "./leg.ts";

console.log(JSON.stringify(await runLeg(JSON.parse(Deno.args[0]!))));
