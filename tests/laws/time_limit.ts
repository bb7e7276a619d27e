/**
 * A limit to how long a plugin may take, also one that never comes back.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { TooLong } from "./violation.ts";

/** What this file asks of `node:vm`, which Deno and Node have and a browser has not. */
interface Vm {
  readonly Script: new (code: string) => {
    readonly runInThisContext: (options: { readonly timeout: number }) => unknown;
  };
}

/** Asked for at run time, so that a bundle for browsers need not contain it. */
const host = globalThis as unknown as {
  readonly process?: { readonly getBuiltinModule?: (name: string) => Vm | undefined };
};
const vm = host.process?.getBuiltinModule?.("node:vm");

const SLOT = "__elboLawInProgress";
const slots = globalThis as unknown as Record<string, unknown>;
const script = vm && new vm.Script(`${SLOT}()`);

const tooLong = (milliseconds: number): TooLong =>
  new TooLong(`an answer within ${milliseconds / 1000} s`, "no answer: it did not return");

/** What a computation that is cut short leaves open in TensorFlow.js, to be closed again. */
function rememberEngine(): () => void {
  const engine = tf.engine(), { state } = engine;
  const { activeTape, gradientDepth, kernelDepth } = state;
  const scopes = state.scopeStack.length;
  return () => {
    while (state.scopeStack.length > scopes) engine.endScope();
    Object.assign(state, { activeTape, gradientDepth, kernelDepth });
  };
}

/**
 * Runs something for as long as it may take. In Deno and Node even an endless loop is cut short; in a
 * browser nothing can.
 *
 * @throws {TooLong} If it takes longer.
 */
export function withinTime<T>(milliseconds: number, run: () => T): T {
  if (script === undefined) return run();
  const restore = rememberEngine();
  const outer = slots[SLOT];
  slots[SLOT] = run;
  try {
    return script.runInThisContext({ timeout: milliseconds }) as T;
  } catch (error) {
    if ((error as { code?: string })?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    restore();
    throw tooLong(milliseconds);
  } finally {
    slots[SLOT] = outer;
  }
}

/** What something answers within 5 s, or nothing where it throws: its laws will then say why. */
export function glimpse<T>(look: () => T): T | undefined {
  try {
    return withinTime(5000, look);
  } catch {
    return undefined;
  }
}
