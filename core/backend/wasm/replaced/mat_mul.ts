/**
 * Matrix products: stock ones take a naive loop whenever an operand is transposed, which every
 * gradient of a dense layer has.
 *
 * @module
 */
import { tf } from "../../../deps.ts";
import { kernel, type WasmKernel } from "../kernel.ts";
import type { WasmRuntime } from "../runtime.ts";

interface Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

type Operands = { readonly a: tf.TensorInfo; readonly b: tf.TensorInfo };

const product = (shape: readonly number[]): number => shape.reduce((size, axis) => size * axis, 1);

/** The products of two batches of matrices, where both or one are single or as many as the other. */
function multiplyBatches(
  { a, b }: Operands,
  { transposeA, transposeB }: Attributes,
  runtime: WasmRuntime,
  then: { readonly bias?: number; readonly relu?: boolean } = {},
): tf.TensorInfo | undefined {
  const batchA = a.shape.slice(0, -2), batchB = b.shape.slice(0, -2);
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
  const [countA, countB, count] = [batchA, batchB, batch].map(product) as [number, number, number];
  const [m, k] = transposeA
    ? [a.shape.at(-1)!, a.shape.at(-2)!]
    : [a.shape.at(-2)!, a.shape.at(-1)!];
  const [n, inner] = transposeB
    ? [b.shape.at(-2)!, b.shape.at(-1)!]
    : [b.shape.at(-1)!, b.shape.at(-2)!];
  const alike = [countA, countB].every((some) => some === count || some === 1);
  const floats = a.dtype === "float32" && b.dtype === "float32";
  if (!alike || !floats || k !== inner) return undefined;
  const c = runtime.output([...batch, m, n]);
  const [startA, startB, startC] = [a, b, c].map(runtime.address) as [number, number, number];
  for (let i = 0; i < count; i++) {
    runtime.multiply({
      m,
      n,
      k,
      a: startA + (countA === 1 ? 0 : 4 * i * m * k),
      b: startB + (countB === 1 ? 0 : 4 * i * k * n),
      c: startC + 4 * i * m * n,
      transposeA,
      transposeB,
      ...then,
    });
  }
  return c;
}

/** `tf.matMul`. */
export const batchMatMul: WasmKernel = kernel<Operands, Attributes>(
  "BatchMatMul",
  ({ inputs, attributes, runtime, stock }) =>
    multiplyBatches(inputs, attributes, runtime) ?? stock(),
);

/** `tf.fused.matMul`, which layers of TensorFlow.js use where they are not trained. */
export const fusedMatMul: WasmKernel = kernel<
  Operands & { readonly bias?: tf.TensorInfo; readonly preluActivationWeights?: tf.TensorInfo },
  Attributes & { readonly activation: string }
>("_FusedMatMul", ({ inputs, attributes, runtime, stock }) => {
  const { bias, preluActivationWeights } = inputs, { activation } = attributes;
  const columns = inputs.b.shape.at(attributes.transposeB ? -2 : -1)!;
  const plain = preluActivationWeights == null &&
    (activation === "linear" || activation === "relu") &&
    (bias == null || (bias.shape.length === 1 && bias.shape[0] === columns));
  if (!plain) return stock();
  const then = { bias: bias == null ? 0 : runtime.address(bias), relu: activation === "relu" };
  return multiplyBatches(inputs, attributes, runtime, then) ?? stock();
});
