/**
 * TensorFlow.js as this page loads it: the operations that Elbo uses, and all gradients, without
 * layers, converters and readers of data. Each backend is fetched when it is first used, the cpu one
 * as well.
 *
 * The bundler is told to take this file where Elbo names the whole package (import_map.json), and
 * `deno task playground:check` says what is missing that Elbo uses.
 *
 * @module
 */
// deno-lint-ignore-file no-import-prefix -- these are the parts of a package that core/deps.ts names
import "npm:@tensorflow/tfjs-core@4.22.0/dist/register_all_gradients.js";
import "npm:@tensorflow/tfjs-core@4.22.0/dist/public/chained_ops/add.js";
import "npm:@tensorflow/tfjs-core@4.22.0/dist/public/chained_ops/div.js";
import "npm:@tensorflow/tfjs-core@4.22.0/dist/public/chained_ops/exp.js";
import "npm:@tensorflow/tfjs-core@4.22.0/dist/public/chained_ops/expand_dims.js";
import "npm:@tensorflow/tfjs-core@4.22.0/dist/public/chained_ops/mul.js";
import "npm:@tensorflow/tfjs-core@4.22.0/dist/public/chained_ops/relu.js";
import "npm:@tensorflow/tfjs-core@4.22.0/dist/public/chained_ops/sqrt.js";
import "npm:@tensorflow/tfjs-core@4.22.0/dist/public/chained_ops/sub.js";
import { type KernelBackend, registerBackend } from "npm:@tensorflow/tfjs-core@4.22.0";

export {
  abs,
  AdamOptimizer,
  add,
  addN,
  argMax,
  argMin,
  atan2,
  backend,
  backend_util,
  broadcast_util,
  broadcastTo,
  cast,
  clipByValue,
  clone,
  concat,
  conv2d,
  conv2dTranspose,
  cos,
  cumsum,
  customGrad,
  depthwiseConv2d,
  dispose,
  div,
  elu,
  engine,
  env,
  equal,
  exp,
  expandDims,
  expm1,
  eye,
  fill,
  findBackendFactory,
  floor,
  fused,
  gather,
  getBackend,
  getKernel,
  grad,
  greater,
  greaterEqual,
  keep,
  KernelBackend,
  less,
  lessEqual,
  log,
  log1p,
  logicalAnd,
  logSoftmax,
  logSumExp,
  matMul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  oneHot,
  ones,
  onesLike,
  Optimizer,
  pad,
  profile,
  range,
  ready,
  reciprocal,
  registerBackend,
  registerGradient,
  registerKernel,
  relu,
  removeBackend,
  reshape,
  reverse,
  round,
  rsqrt,
  scalar,
  serialization,
  setBackend,
  sigmoid,
  sign,
  sin,
  slice,
  softmax,
  softplus,
  split,
  sqrt,
  square,
  squaredDifference,
  squeeze,
  stack,
  step,
  sub,
  sum,
  tanh,
  Tensor,
  tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
  tile,
  train,
  transpose,
  unregisterKernel,
  unsortedSegmentSum,
  unstack,
  util,
  Variable,
  variable,
  variableGrads,
  where,
  zeros,
  zerosLike,
} from "npm:@tensorflow/tfjs-core@4.22.0";
export type {
  DataType,
  GradFunc,
  GradSaveFunc,
  KernelConfig,
  NamedAttrMap,
  NamedTensorMap,
  Scalar,
  Tensor2D,
  Tensor4D,
  TensorContainerObject,
  TensorInfo,
  TypedArray,
} from "npm:@tensorflow/tfjs-core@4.22.0";

registerBackend("cpu", async (): Promise<KernelBackend> => {
  await import("npm:@tensorflow/tfjs-backend-cpu@4.22.0/dist/register_all_kernels.js");
  const { MathBackendCPU } = await import(
    "npm:@tensorflow/tfjs-backend-cpu@4.22.0/dist/backend_cpu.js"
  );
  return new MathBackendCPU();
}, 1);
