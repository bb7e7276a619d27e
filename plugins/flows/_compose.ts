/**
 * Maps one after the other.
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import { tf } from "../../core/deps.ts";
import type { InvertibleMap, Mapped } from "../../core/flow.ts";
import type { Tensor } from "../../core/types.ts";

/** A map for every context. */
export type MapOfContext = (context: Context) => InvertibleMap;

/** Through several maps, whose log-determinants add up. */
function through(value: Tensor, maps: readonly ((value: Tensor) => Mapped)[]): Mapped {
  const [first, ...rest] = maps;
  return rest.reduce((before, map) => {
    const after = map(before.value);
    const logDeterminant = tf.add(before.logDeterminant, after.logDeterminant);
    return { value: after.value, logDeterminant };
  }, first!(value));
}

/** The first map, then the second, and so on; backwards in the opposite order. */
export function compose(built: readonly MapOfContext[]): MapOfContext {
  return (context) => {
    const maps = built.map((of) => of(context));
    return {
      forward: (value) => through(value, maps.map(({ forward }) => forward)),
      inverse: (value) => through(value, maps.map(({ inverse }) => inverse).reverse()),
    };
  };
}
