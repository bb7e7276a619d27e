/**
 * TensorFlow.js's products, mended where an inner axis is odd.
 *
 * Its packed products also multiply what texels hold beyond the end of that axis, as if that were
 * zero; but its own packed operations leave there what they make of zero, as exp(0) = 1. Where both
 * factors come from such operations, an answer is off by the product of these. So here they get copies
 * that are zero there, unless a kernel of ours wrote them.
 *
 * @module
 */
import { tf } from "../../../deps.ts";
import { registerKernels } from "../kernels.ts";
import {
  elementwise,
  endsInZeros,
  kernel,
  type WebglBackend,
  type WebglKernel,
} from "./program.ts";

/** The inputs of a kernel, by name. */
type Inputs = Readonly<Record<string, tf.TensorInfo>>;

/** A kernel of TensorFlow.js that multiplies. */
interface Product {
  readonly name: string;
  readonly factors: readonly [string, string];
  /** How long the axis is over which it sums in packed textures. */
  readonly length: (inputs: Inputs, attributes: { readonly transposeA?: boolean }) => number;
}

const ofMatrices: Omit<Product, "name"> = {
  factors: ["a", "b"],
  length: ({ a }, { transposeA = false }) => a!.shape.at(transposeA ? -2 : -1)!,
};

const ofPictures: Omit<Product, "name"> = {
  factors: ["x", "filter"],
  // With larger filters the pictures are copied into columns, which end in zeros.
  length: ({ filter }) => {
    const [height = 1, width = 1, channels = 1] = filter!.shape;
    return height * width === 1 ? channels : 0;
  },
};

const PRODUCTS: readonly Product[] = [
  { name: "BatchMatMul", ...ofMatrices },
  { name: "_FusedMatMul", ...ofMatrices },
  { name: "Conv2D", ...ofPictures },
  { name: "FusedConv2D", ...ofPictures },
  {
    name: "Conv2DBackpropInput",
    factors: ["dy", "filter"],
    length: ({ filter }) => filter!.shape[3]!,
  },
];

/** The same tensor with zeros beyond its ends; itself where it has them. */
function zeroEnded(backend: WebglBackend, x: tf.TensorInfo): tf.TensorInfo {
  // What is yet to be packed gets zeros then.
  const packed = x.dtype === "float32" && backend.texData.get(x.dataId).isPacked === true;
  if (!packed || endsInZeros(x)) return x;
  return elementwise(backend, { reads: { x }, shape: x.shape, value: "x" });
}

/** The kernel of TensorFlow.js, the factors of which end in zeros where it takes them to. */
function mended(
  { name, factors, length }: Product,
  run: tf.KernelConfig["kernelFunc"],
): WebglKernel {
  return kernel<Inputs, tf.NamedAttrMap>(name, ({ inputs, attributes, backend }) => {
    const given = { ...inputs };
    if (length(inputs, attributes) % 2 === 1) {
      for (const factor of factors) given[factor] = zeroEnded(backend, given[factor]!);
    }
    const answer = run({ inputs: given, attrs: attributes, backend });
    return tf.engine().makeTensorFromTensorInfo(answer as tf.TensorInfo);
  });
}

let done = false;

/** Puts the mended products in the place of TensorFlow.js's. */
export function mendProducts(): void {
  if (done) return;
  done = true;
  for (const product of PRODUCTS) {
    const own = tf.getKernel(product.name, "webgl");
    tf.unregisterKernel(product.name, "webgl");
    registerKernels("webgl", [mended(product, own.kernelFunc)]);
  }
}
