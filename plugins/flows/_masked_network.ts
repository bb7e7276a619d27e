/**
 * A network whose answer for one element is a function of the elements before it alone.
 *
 * Germain et al., "MADE: masked autoencoder for distribution estimation", arXiv:1502.03509, §4:
 * every unit has a degree, and sees units of a lower or equal one; an answer sees lower ones only.
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import { tf } from "../../core/deps.ts";
import { glorotUniform, zeros } from "../../core/initializers.ts";
import { dense } from "../../core/operations/dense.ts";
import type { Scope } from "../../core/scope.ts";
import { lazily } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";
import { conditionSize, withCondition } from "./_condition.ts";

/** What a masked network is made of. */
export interface MaskedNetworkParameters {
  /** K, the number of elements. */
  readonly size: number;
  /** The width of each hidden layer. */
  readonly hidden: readonly number[];
  /** The names of what it answers. */
  readonly outputs: readonly string[];
  /** Whether the last element comes first. */
  readonly reversed: boolean;
}

/** The answers `[N, K]` by their names, for rows `[N, K]`. */
export type MaskedNetwork = (rows: Tensor, context: Context) => Readonly<Record<string, Tensor>>;

/** The degree of each unit of a layer. */
type Degrees = readonly number[];

/** 1 where an output may see an input, and 0 elsewhere `[inputs, outputs]`. */
function maskOf(
  inputs: Degrees,
  outputs: Degrees,
  sees: (output: number, input: number) => boolean,
): Tensor {
  return tf.tensor2d(
    Float32Array.from(inputs.flatMap((from) => outputs.map((to) => Number(sees(to, from))))),
    [inputs.length, outputs.length],
  );
}

/**
 * Asks the scope for the weights of a masked network. A condition, where the scope has one, is put
 * beside the input, and everything may see it. Its last layers start at 0.
 *
 * @returns A function that reads the weights once, for as many passes as are wanted.
 */
export function maskedNetwork(
  scope: Scope,
  { size, hidden, outputs, reversed }: MaskedNetworkParameters,
): () => MaskedNetwork {
  const conditions = conditionSize(scope);
  // Units of degree 0 see the condition alone; without one they would see nothing.
  const lowest = conditions > 0 || size === 1 ? 0 : 1;
  // Degrees are counted out when a mask is wanted, for by then the weights were there.
  const ofPlaces = (): Degrees =>
    Array.from({ length: size }, (_, i) => reversed ? size - i : i + 1);
  const ofInputs = (): Degrees => [...ofPlaces(), ...Array<number>(conditions).fill(0)];
  const ofHidden = (i: number): Degrees =>
    Array.from({ length: hidden[i]! }, (_, unit) => lowest + unit % (size - lowest));
  const layers = hidden.map((width, i) => {
    const layer = scope.child(`hidden${i}`);
    const kernel = layer.weight(
      "kernel",
      [hidden[i - 1] ?? size + conditions, width],
      glorotUniform,
    );
    const mask = (): Tensor =>
      maskOf(
        i === 0 ? ofInputs() : ofHidden(i - 1),
        ofHidden(i),
        (output, input) => output >= input,
      );
    return { kernel, mask, bias: layer.weight("bias", [width], zeros) };
  });
  const heads = outputs.map((name) => {
    const head = scope.child(name);
    const kernel = head.weight("kernel", [hidden.at(-1) ?? size + conditions, size], zeros);
    return { name, kernel, bias: head.weight("bias", [size], zeros) };
  });
  const lastMask = (): Tensor => {
    const last = hidden.length === 0 ? ofInputs() : ofHidden(hidden.length - 1);
    return maskOf(last, ofPlaces(), (output, input) => output > input);
  };

  return () => {
    const kernels = layers.map(({ kernel, mask }) => lazily(() => tf.mul(kernel(), mask())));
    const headMask = lazily(lastMask);
    const headKernels = heads.map(({ kernel }) => lazily(() => tf.mul(kernel(), headMask())));
    return (rows, context) => {
      const features = layers.reduce(
        (y, { bias }, i) => dense(y, { kernel: kernels[i]!(), bias: bias(), activation: "tanh" }),
        withCondition(scope, rows, context),
      );
      return Object.fromEntries(
        heads.map(({ name, bias }, i) => [
          name,
          dense(features, { kernel: headKernels[i]!(), bias: bias() }),
        ]),
      );
    };
  };
}
