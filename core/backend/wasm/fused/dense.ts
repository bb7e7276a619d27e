/**
 * activation(x·W + b), and the way back through bias and activation.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import type { FusedActivation } from "../../../operations/activation.ts";
import { addBias as addRows } from "../add_bias.ts";
import { elementsOf, kernel, type WasmKernel } from "../kernel.ts";
import { ACTIVATION } from "../kernels.ts";
import type { WasmRuntime } from "../runtime.ts";

/** What our layers have as an attribute. */
interface LayerAttributes {
  readonly activation: FusedActivation;
}

interface LayerInputs {
  readonly x: tf.TensorInfo;
  readonly kernel: tf.TensorInfo;
  readonly bias: tf.TensorInfo;
}

/** Elements below which a pass is not worth a second thread. */
const GRAIN = 20_000;

/** A dense layer. */
export const dense: WasmKernel = kernel<LayerInputs, LayerAttributes>(
  "ElboDense",
  ({ inputs: { x, kernel, bias }, attributes, runtime }) => {
    const [m, k] = x.shape as [number, number], n = kernel.shape[1]!;
    const y = runtime.output([m, n]);
    const { address } = runtime;
    runtime.multiply({
      m,
      n,
      k,
      a: address(x),
      b: address(kernel),
      c: address(y),
      bias: address(bias),
      relu: attributes.activation === "relu",
    });
    return y;
  },
);

/** Bias and activation over the last axis. */
export const addBias: WasmKernel = kernel<
  { readonly x: tf.TensorInfo; readonly bias: tf.TensorInfo },
  LayerAttributes
>("ElboAddBias", ({ inputs: { x, bias }, attributes, runtime }) => {
  const columns = elementsOf(bias), rows = elementsOf(x) / columns;
  const y = runtime.output(x.shape);
  const [from, b, to] = [x, bias, y].map(runtime.address) as [number, number, number];
  const relu = attributes.activation === "relu";
  addRows({ x: from, rows, columns, bias: b, relu, y: to }, runtime.inParts);
  return y;
});

/** The gradients by the bias and, where something follows it, by what came before. */
function backThroughBias(
  { upstream, answer }: { readonly upstream: tf.TensorInfo; readonly answer?: tf.TensorInfo },
  { activation }: LayerAttributes,
  { inParts, address, output }: WasmRuntime,
): [dbias: tf.TensorInfo, dx?: tf.TensorInfo] {
  const columns = upstream.shape.at(-1)!, rows = elementsOf(upstream) / columns;
  const dbias = output([columns]), dx = answer && output(upstream.shape);
  const code = ACTIVATION[activation];
  const [dy, y, dxStart] = [upstream, answer, dx].map((tensor) => tensor ? address(tensor) : 0);
  const dbiasStart = address(dbias);
  inParts("addBiasGradient", columns, 1 + GRAIN / rows, (c0, c1) => {
    return [dy!, y!, rows, columns, c0, c1, code, dxStart!, dbiasStart];
  });
  return dx === undefined ? [dbias] : [dbias, dx];
}

/** The way back through bias and activation. */
export const addBiasGradient: WasmKernel = kernel<
  { readonly upstream: tf.TensorInfo; readonly answer?: tf.TensorInfo },
  LayerAttributes
>(
  "ElboAddBiasGradient",
  ({ inputs, attributes, runtime }) =>
    backThroughBias(inputs, attributes, runtime) as tf.TensorInfo[],
);

/** The way back through a dense layer, but for its input. */
export const denseGradient: WasmKernel = kernel<
  { readonly upstream: tf.TensorInfo; readonly x: tf.TensorInfo; readonly answer?: tf.TensorInfo },
  LayerAttributes
>("ElboDenseGradient", ({ inputs, attributes, runtime }) => {
  const { x, upstream } = inputs;
  const [dbias, dproduct] = backThroughBias(inputs, attributes, runtime);
  const [k, m] = x.shape as [number, number], n = upstream.shape[1]!;
  const dkernel = runtime.output([m, n]);
  runtime.multiply({
    m,
    n,
    k,
    a: runtime.address(x),
    transposeA: true,
    b: runtime.address(dproduct ?? upstream),
    c: runtime.address(dkernel),
  });
  return dproduct === undefined ? [dkernel, dbias] : [dkernel, dbias, dproduct];
});
