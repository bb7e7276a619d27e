/**
 * A scope whose weights are inputs of a case: drawn, moved and differentiated like parameters.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { type Seed, seed } from "../../../core/random.ts";
import type { ModelShapes, Scope } from "../../../core/scope.ts";
import type { Variable } from "../../../core/types.ts";
import { numbers } from "../numerics/numbers.ts";
import { Violation } from "../violation.ts";
import type { Input, Tensors } from "./inputs.ts";

/** A scope, the weights that were asked of it, and where they are read from. */
export interface Weights {
  readonly scope: Scope;
  /** The weights by path, with the values that they start from. */
  readonly inputs: { readonly [path: string]: Input };
  /** Variables that were made elsewhere. */
  readonly adopted: readonly Variable[];
  /** Reads every weight from these tensors from now on. */
  readonly read: (tensors: Tensors) => void;
}

/** Opens a scope without weights. */
export function openWeights(shapes: ModelShapes, noise: Seed = seed(0)): Weights {
  const inputs: Record<string, Input> = {}, adopted: Variable[] = [];
  let current: Tensors = {};

  function open(prefix: string, shapes: ModelShapes): Scope {
    const weight: Scope["weight"] = (name, shape, initial, { trainable = true } = {}) => {
      const path = prefix + name;
      if (path in inputs) {
        const expected = "weights to be asked for once, while building, each by its own name";
        throw new Violation(expected, `'${path}' again`);
      }
      const value = typeof initial === "function" ? initial(shape, noise.split(path)) : initial;
      inputs[path] = {
        domain: "real",
        shape,
        batched: false,
        initial: Float32Array.from(numbers(value)),
        range: trainable ? undefined : [0, 0],
      };
      if (value !== initial) tf.dispose(value);
      return () => {
        const tensor = current[path];
        if (tensor !== undefined) return tensor;
        throw new Violation(
          "weights to be read when the built function runs",
          `'${path}' before`,
        );
      };
    };
    return {
      ...shapes,
      weight,
      buffer: (name, shape, initial) => ({
        read: weight(name, shape, initial, { trainable: false }),
        write: () => {}, // A case does not change what it is about.
      }),
      adopt: (_, variable) => void adopted.push(variable),
      room: Infinity,
      child: (name, others) => open(`${prefix}${name}/`, { ...shapes, ...others }),
    };
  }

  return {
    scope: open("", shapes),
    inputs,
    adopted,
    read: (tensors) => {
      current = tensors;
    },
  };
}
