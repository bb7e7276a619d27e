/**
 * The network of a coupling that is given none.
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import { glorotUniform, zeros } from "../../core/initializers.ts";
import type { NetworkShapes } from "../../core/network.ts";
import { dense } from "../../core/operations/dense.ts";
import { inShape } from "../../core/operations/in_shape.ts";
import type { Scope } from "../../core/scope.ts";
import { type Heads, type Outputs, type Shape, sizeOf, type Tensor } from "../../core/types.ts";
import { conditionSize, withCondition } from "./_condition.ts";

/**
 * Layers with tanh, whose answers are smooth and cannot run away, and one linear layer for every
 * head. The latter start at 0, so that an affine flow starts as the identity.
 */
export function perceptron<H extends Heads>(
  scope: Scope,
  { input, heads }: NetworkShapes<H>,
  hidden: readonly number[],
): (x: Tensor, context: Context) => Outputs<H> {
  const inputs = sizeOf(input) + conditionSize(scope);
  const layers = hidden.map((width, i) => {
    const layer = scope.child(`hidden${i}`);
    const kernel = layer.weight("kernel", [hidden[i - 1] ?? inputs, width], glorotUniform);
    return { kernel, bias: layer.weight("bias", [width], zeros) };
  });
  const last = hidden.at(-1) ?? inputs;
  const outputs = Object.entries<Shape>(heads).map(([name, shape]) => {
    const head = scope.child(name), size = sizeOf(shape);
    const kernel = head.weight("kernel", [last, size], zeros);
    return { name, shape, kernel, bias: head.weight("bias", [size], zeros) };
  });
  return (x, context) => {
    const features = layers.reduce(
      (y, { kernel, bias }) => dense(y, { kernel: kernel(), bias: bias(), activation: "tanh" }),
      withCondition(scope, inShape(x, [x.shape[0]!, -1]), context),
    );
    return Object.fromEntries(
      outputs.map(({ name, shape, kernel, bias }) => [
        name,
        inShape(dense(features, { kernel: kernel(), bias: bias() }), [-1, ...shape]),
      ]),
    ) as Outputs<H>;
  };
}
