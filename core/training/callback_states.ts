/**
 * The callbacks of a run together: what they remember, on its way to a checkpoint and back, and their
 * end.
 *
 * @module
 */
import type { Callback, Run } from "../callback.ts";
import { tf } from "../deps.ts";
import { outOfRange } from "../errors.ts";
import type { Tensor } from "../types.ts";
import type { CallbackState, Saved } from "./saved.ts";

/** The callbacks that remember something, in their order. */
const remembering = (callbacks: readonly Callback[]): readonly Callback[] =>
  callbacks.filter(({ state, restore }) => state !== undefined && restore !== undefined);

/** What they remember that JSON holds. */
export function statesOf(callbacks: readonly Callback[]): CallbackState[] {
  return remembering(callbacks).map(({ name, state }) => ({ name, state: state!() }));
}

/** Their tensors: `0/…` for the first of them. */
export function tensorsOf(callbacks: readonly Callback[]): Map<string, Tensor> {
  return new Map(
    remembering(callbacks).flatMap(({ tensors }, i) =>
      Array.from(tensors?.() ?? [], ([name, tensor]) => [`${i}/${name}`, tensor] as const)
    ),
  );
}

/**
 * Gives callbacks back what they remembered.
 *
 * @throws {RangeError} If one that remembers something is missing.
 */
export async function restoreCallbacks(
  callbacks: readonly Callback[],
  { state: { callbacks: states }, callbacks: stored }: Saved,
  run: Run,
): Promise<void> {
  const waiting = [...remembering(callbacks)];
  for (const [i, { name, state }] of states.entries()) {
    const place = waiting.findIndex((callback) => callback.name === name);
    if (place < 0) {
      const names = callbacks.map((callback) => callback.name);
      throw outOfRange("resume", `the run's callback '${name}' must be passed again`, names);
    }
    const [callback] = waiting.splice(place, 1), prefix = `${i}/`;
    const own = [...stored].filter(([path]) => path.startsWith(prefix));
    const tensors = new Map(
      own.map(([path, { shape, values }]) =>
        [path.slice(prefix.length), tf.tensor(values, [...shape])] as const
      ),
    );
    try {
      await callback!.restore!(state, run, tensors);
    } finally {
      tf.dispose([...tensors.values()]);
    }
  }
}

/** Tells one callback after the other that the run is over, even where one of them throws. */
export async function endAll(callbacks: readonly Callback[], run: Run): Promise<void> {
  const errors: unknown[] = [];
  for (const callback of callbacks) {
    try {
      await callback.end?.(run);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
