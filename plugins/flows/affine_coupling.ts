/**
 * Some elements stay as they are, and say how the others are scaled and shifted.
 *
 * x = b⊙z + (1 − b)⊙(z⊙exp s(b⊙z) + t(b⊙z)), with a mask b of zeros and ones
 * Dinh, Sohl-Dickstein and Bengio, "Density estimation using Real NVP", arXiv:1605.08803, eq. 9.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { outOfRange, requireWidths } from "../../core/errors.ts";
import type { Flow } from "../../core/flow.ts";
import type { AnyNetwork } from "../../core/network.ts";
import { requirePlugin } from "../../core/plugin.ts";
import { type Shape, sizeOf, type Tensor } from "../../core/types.ts";
import { apply, bounded, LARGEST_LOG_SCALE, undo } from "./_affine.ts";
import { perceptron } from "./_perceptron.ts";
import { overRows, sumOfRows } from "./_rows.ts";

/** Options of {@linkcode affineCoupling}. */
export interface AffineCouplingOptions {
  /**
   * Which elements stay as they are, counted from 0.
   * @default "even"
   */
  readonly kept?: "even" | "odd";
  /**
   * The network that says s and t, for events of their shape. The one that it has unless told has
   * layers with tanh, and starts at s = t = 0.
   * @default undefined
   */
  readonly network?: AnyNetwork | undefined;
  /**
   * The width of each hidden layer of the network that it has unless told.
   * @default [64]
   */
  readonly hidden?: readonly number[];
}

/** b: 1 for the elements of an event that stay as they are `[1, …event]`. */
function maskOf(kept: "even" | "odd", event: Shape): Tensor {
  const first = kept === "even" ? 0 : 1;
  const bits = Float32Array.from({ length: sizeOf(event) }, (_, i) => i % 2 === first ? 1 : 0);
  return tf.tensor(bits, [1, ...event]);
}

/**
 * An affine coupling, fast in both directions. It changes half of the elements: let another follow
 * that keeps the other half, or take {@linkcode realNvp}.
 *
 * @param options The elements that stay, and the network.
 * @throws {RangeError} If `kept` is neither even nor odd, or a width no positive integer.
 * @throws {TypeError} If the network is no plugin, or the widths are no list.
 *
 * @example
 * ```ts
 * import { flows } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(flows.affineCoupling({ kept: "odd" }).options.kept, "odd");
 * assert.throws(() => flows.affineCoupling({ hidden: [0] }), /must be a positive integer/);
 * ```
 */
export function affineCoupling(
  { kept = "even", network, hidden = [64] }: AffineCouplingOptions = {},
): Flow {
  if (kept !== "even" && kept !== "odd") {
    throw outOfRange("build flow", "'kept' must be 'even' or 'odd'", kept);
  }
  if (network !== undefined) requirePlugin("build flow", "network", "network", network);
  requireWidths("build flow", "hidden", hidden);
  return {
    kind: "flow",
    name: "affineCoupling",
    options: { kept, network, hidden },
    build: (scope, { event }) => {
      const shapes = { input: event, heads: { rawLogScale: event, shift: event } };
      const run = network?.build(scope, shapes) ?? perceptron(scope, shapes, hidden);
      return (context) => {
        const through = (value: Tensor, move: typeof apply, sign: 1 | -1) =>
          overRows(value, context, event, (rows, context) => {
            const mask = maskOf(kept, event), changed = tf.sub(1, mask);
            const { rawLogScale, shift } = run(tf.mul(rows, mask), context);
            const logScale = tf.mul(bounded(rawLogScale, LARGEST_LOG_SCALE), changed);
            return {
              rows: move(rows, { logScale, shift: tf.mul(shift, changed) }),
              logDeterminant: tf.mul(sumOfRows(logScale), sign),
            };
          });
        return {
          forward: (value) => through(value, apply, 1),
          inverse: (value) => through(value, undo, -1),
        };
      };
    },
  };
}
