/**
 * Matrix products on the wasm backend with their operands laid straight first.
 *
 * The stock kernel takes a naive loop whenever an operand is transposed, which every gradient of a
 * dense layer has, and the fast one of XNNPACK otherwise: transposing the operands beforehand
 * makes a training step four times as fast.
 *
 * @module
 */
import { tf } from "../deps.ts";

/** What the wasm backend adds to the public interface of a backend. */
interface WasmBackend {
  readonly disposeData: (dataId: object) => boolean;
}

let replaced = false;

/** Replaces `BatchMatMul` on the wasm backend, once. */
export function transposeMatMulOperands(): void {
  if (replaced) return;
  replaced = true;
  const stock = tf.getKernel("BatchMatMul", "wasm");
  const transpose = tf.getKernel("Transpose", "wasm");

  const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
    const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
    const made: tf.TensorInfo[] = [];

    function straight(x: tf.TensorInfo, transposed: boolean): tf.TensorInfo {
      if (!transposed) return x;
      const perm = x.shape.map((_, axis) => axis);
      perm.push(...perm.splice(-2).reverse());
      const laid = transpose.kernelFunc({ inputs: { x }, backend, attrs: { perm } });
      made.push(laid as tf.TensorInfo);
      return laid as tf.TensorInfo;
    }

    try {
      return stock.kernelFunc({
        inputs: { a: straight(a, transposeA), b: straight(b, transposeB) },
        backend,
        attrs: { ...attrs, transposeA: false, transposeB: false },
      });
    } finally {
      for (const { dataId } of made) (backend as WasmBackend).disposeData(dataId);
    }
  };

  tf.unregisterKernel("BatchMatMul", "wasm");
  tf.registerKernel({ ...stock, kernelFunc });
}
