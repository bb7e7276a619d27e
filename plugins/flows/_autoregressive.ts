/**
 * Affine maps whose scale and shift of one element depend on the elements before it.
 *
 * What they depend on is known at once on one side of the map. From the other side it is found one
 * element after the other: each of K rounds makes one more right, and none wrong again.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Flow, InvertibleMap } from "../../core/flow.ts";
import { sizeOf, type Tensor } from "../../core/types.ts";
import { type Affine, apply, undo } from "./_affine.ts";
import { compose, type MapOfContext } from "./_compose.ts";
import { maskedNetwork } from "./_masked_network.ts";
import { overRows, sumOfRows } from "./_rows.ts";

/** What a stack of autoregressive maps is made of. */
export interface AutoregressiveParameters {
  /** The number of maps, each of which counts the elements in the opposite order of the last. */
  readonly layers: number;
  /** The width of each hidden layer of their networks. */
  readonly hidden: readonly number[];
  /** The names of what the networks answer. */
  readonly outputs: readonly string[];
  /** Scale and shift `[N, K]`, of those answers. */
  readonly affine: (answers: Readonly<Record<string, Tensor>>) => Affine;
  /** The side on which all elements are known at once. */
  readonly known: "before" | "after";
}

/** Builds a stack of autoregressive maps. */
export function autoregressive(
  { layers, hidden, outputs, affine, known }: AutoregressiveParameters,
): Flow["build"] {
  return (scope, { event }) => {
    const size = sizeOf(event);
    return compose(Array.from({ length: layers }, (_, layer): MapOfContext => {
      const child = scope.child(`layer${layer}`), reversed = layer % 2 === 1;
      const readWeights = maskedNetwork(child, { size, hidden, outputs, reversed });
      return (context): InvertibleMap => {
        const network = readWeights();
        const through = (value: Tensor, move: typeof apply, rounds: number) =>
          overRows(value, context, [size], (rows, context) => {
            let found = rows, seen = affine(network(found, context));
            for (let round = 1; round < rounds; round++) {
              found = move(rows, seen);
              seen = affine(network(found, context));
            }
            const logScales = sumOfRows(seen.logScale);
            return {
              rows: move(rows, seen),
              logDeterminant: move === apply ? logScales : tf.neg(logScales),
            };
          });
        return {
          forward: (value) => through(value, apply, known === "before" ? 1 : size),
          inverse: (value) => through(value, undo, known === "after" ? 1 : size),
        };
      };
    }));
  };
}
