/**
 * Fragment shaders of ours on TensorFlow.js's WebGL backend.
 *
 * All of them read and write packed textures, whose texels hold two rows by two columns of the last
 * two axes, as its own products do. Texels at an odd edge reach beyond the tensor: what we write
 * there is zero, as products take it to be.
 *
 * @module
 */
import { tf } from "../../../deps.ts";
import type { Shape, Tensor } from "../../../types.ts";
import { type GpuKernel, type KernelAnswer, type KernelCall, sizeOf } from "../kernels.ts";

/** What this file asks of the backend. */
export interface WebglBackend {
  readonly texData: {
    get(dataId: object): {
      readonly texture?: unknown;
      readonly isPacked?: boolean;
      readonly values?: ArrayLike<number> | null;
    };
  };
  packTensor(input: tf.TensorInfo): tf.TensorInfo;
  disposeIntermediateTensorInfo(tensor: tf.TensorInfo): void;
  runWebGLProgram(
    program: object,
    inputs: tf.TensorInfo[],
    dtype: string,
    uniforms: number[][],
  ): tf.TensorInfo;
}

/** A kernel of the WebGL backend. */
export type WebglKernel = GpuKernel<WebglBackend>;

/** A kernel with the types of its inputs and attributes; what it makes on its way ends with it. */
export function kernel<Inputs, Attributes>(
  name: string,
  run: (call: KernelCall<Inputs, Attributes, WebglBackend>) => KernelAnswer,
): WebglKernel {
  return {
    name,
    run: (call) => tf.tidy(() => run(call) as unknown as tf.Tensor) as unknown as KernelAnswer,
  };
}

/** A shader with what it reads. */
export interface Program {
  /** What it reads, by name: `get` and that name are its functions. */
  readonly reads: Readonly<Record<string, tf.TensorInfo>>;
  /** The shape of what it writes. */
  readonly shape: Shape;
  /** GLSL, with a `main` that calls `setOutput`. */
  readonly code: string;
  /** Numbers that change from call to call, without another compilation. */
  readonly uniforms?: Readonly<Record<string, number>>;
  /** Whether what it writes is packed; it is unless told. */
  readonly packed?: boolean;
}

/** What {@linkcode elementwise} wrote, by what names its data. */
const zeroEnds = new WeakSet<object>();

/** Whether it is known that a packed texture is zero beyond the ends of its tensor. */
export function endsInZeros({ dataId }: tf.TensorInfo): boolean {
  return zeroEnds.has(dataId);
}

/** Runs a shader. */
export function launch(
  backend: WebglBackend,
  { reads, shape, code, uniforms = {}, packed = true }: Program,
): Tensor {
  const program = {
    variableNames: Object.keys(reads),
    outputShape: [...shape],
    packedInputs: true,
    packedOutput: packed,
    customUniforms: Object.keys(uniforms).map((name) => ({ name, type: "float" })),
    userCode: code,
  };
  const values = Object.values(uniforms).map((value) => [value]);
  const written = backend.runWebGLProgram(program, Object.values(reads), "float32", values);
  return tf.engine().makeTensorFromTensorInfo(written);
}

/** log(1 + eˣ) and 1/(1 + e⁻ˣ), without overflow or lost digits. */
export const SOFTPLUS = `
  vec4 softplus(vec4 x) {
    vec4 t = exp(-abs(x));
    // log(1 + t) loses what t has below its last digit.
    return max(x, 0.0) + mix(log(1.0 + t), t * (1.0 - 0.5 * t), vec4(lessThan(t, vec4(1e-3))));
  }
  vec4 sigmoid(vec4 x) {
    vec4 t = exp(-abs(x));
    return mix(t, vec4(1.0), vec4(greaterThanEqual(x, vec4(0.0)))) / (1.0 + t);
  }`;

const COORDINATES = ["x", "y", "z", "w", "u", "v"];

/** GLSL that writes zeros beyond the tensor. */
function zeroBeyond(shape: Shape): string {
  if (sizeOf(shape) === 1) return "result.yzw = vec3(0.0);";
  const at = (axis: number) => shape.length === 1 ? "at" : `at.${COORDINATES[axis]}`;
  const type = ["", "int", "ivec2", "ivec3", "ivec4", "ivec5", "ivec6"][shape.length];
  const last = shape.length - 1;
  const below = last === 0 ? "true" : `${at(last - 1)} + 1 >= ${shape[last - 1]}`;
  return `${type} at = getOutputCoords();
    if (${at(last)} + 1 >= ${shape[last]}) result.yw = vec2(0.0);
    if (${below}) result.zw = vec2(0.0);`;
}

/**
 * A shader for each element of what it writes.
 *
 * @param value What it computes of four of them, from one `vec4` for each of what it reads, which
 * are broadcast as TensorFlow.js does.
 */
export function elementwise(
  backend: WebglBackend,
  { value, functions = "", ...program }:
    & Omit<Program, "code" | "packed">
    & { readonly value: string; readonly functions?: string },
): Tensor {
  const names = Object.keys(program.reads);
  const reads = Object.fromEntries(
    Object.entries(program.reads).map(([name, read]) => [`${name}Texture`, read]),
  );
  const upper = (name: string) => `${name[0]!.toUpperCase()}${name.slice(1)}`;
  const written = launch(backend, {
    ...program,
    reads,
    code: `${functions}
      void main() {
        ${names.map((name) => `vec4 ${name} = get${upper(name)}TextureAtOutCoords();`).join("\n")}
        vec4 result = ${value};
        ${zeroBeyond(program.shape)}
        setOutput(result);
      }`,
  });
  zeroEnds.add(written.dataId);
  return written;
}
