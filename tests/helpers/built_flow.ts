/**
 * Flows as functions, with weights that are not those they start from.
 *
 * @module
 */
import { AT_REST } from "../../core/context.ts";
import { tf } from "../../core/deps.ts";
import { openParameters } from "../../core/scope.ts";
import {
  type Flow,
  type InvertibleMap,
  normalNoise,
  seed,
  type Shape,
  type Tensor,
} from "../../mod.ts";

/** How a flow is built for a test. */
export interface BuiltFlowOptions {
  /** The shape of one event. */
  readonly event: Shape;
  /** What it is conditioned on `[B, …C]`. */
  readonly condition?: Tensor;
  /** The spread of what is added to its weights: ½ unless told. */
  readonly spread?: number;
}

/** The map of a flow. */
export function builtFlow(
  flow: Flow,
  { event, condition, spread = 0.5 }: BuiltFlowOptions,
): InvertibleMap {
  const shapes = { data: [4], latent: event, condition: condition?.shape.slice(1) };
  const { scope, variables } = openParameters({ ...shapes, support: "real" }, seed(1));
  const map = flow.build(scope, { event })({ ...AT_REST, condition });
  for (const [path, variable] of variables) {
    const moved = tf.mul(normalNoise(seed(2).split(path), variable.shape), spread);
    variable.assign(tf.add(variable, moved));
  }
  return map;
}

/** The partial derivatives of every element by every other, of one event `[…event]`. */
export function jacobianOf(f: (value: Tensor) => Tensor, at: Tensor): number[][] {
  return Array.from({ length: at.size }, (_, i) => {
    const element = (x: Tensor): Tensor =>
      tf.slice(tf.reshape(f(tf.reshape(x, [1, 1, ...at.shape])), [-1]), i, 1);
    return [...tf.grad((x) => tf.sum(element(x)))(at).dataSync()];
  });
}

/** log |det J|, by elimination. */
export function logDeterminantOf(jacobian: readonly (readonly number[])[]): number {
  const rows = jacobian.map((row) => [...row]);
  let sum = 0;
  for (let j = 0; j < rows.length; j++) {
    const pivot = rows.findIndex((row, i) => i >= j && row[j] !== 0);
    [rows[j], rows[pivot]] = [rows[pivot]!, rows[j]!];
    sum += Math.log(Math.abs(rows[j]![j]!));
    for (let i = j + 1; i < rows.length; i++) {
      const factor = rows[i]![j]! / rows[j]![j]!;
      rows[i] = rows[i]!.map((x, k) => x - factor * rows[j]![k]!);
    }
  }
  return sum;
}
