/**
 * Compute shaders of ours on TensorFlow.js's WebGPU backend: with several outputs, unlike its own.
 *
 * The backend records them among its own, so that order, memory and timing stay its business. Of what
 * it does not promise, this file uses `recordAndSubmit` and the layout of the uniforms that it writes.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { type GpuKernel, type KernelAnswer, type KernelCall, sizeOf } from "../kernels.ts";

/** What this file asks of a WebGPU device, whose types not every program has. */
interface Device {
  createShaderModule(descriptor: { code: string; label: string }): unknown;
  createComputePipeline(descriptor: {
    layout: "auto";
    label: string;
    compute: { module: unknown; entryPoint: string };
  }): unknown;
}

/** A number that changes from call to call, without another compilation. */
export interface Uniform {
  readonly type: "float32" | "int32";
  readonly data: number[];
}

/** What this file asks of the backend. */
export interface WebgpuBackend {
  readonly device: Device;
  makeTensorInfo(shape: number[], dtype: string, values?: Float32Array): tf.TensorInfo;
  uploadToGPU(dataId: object): void;
  recordAndSubmit(
    program: object,
    output: tf.TensorInfo,
    inputs: tf.TensorInfo[],
    uniforms: Uniform[],
  ): void;
}

/** A kernel of the WebGPU backend. */
export type WebgpuKernel = GpuKernel<WebgpuBackend>;

/** A kernel with the types of its inputs and attributes. */
export function kernel<Inputs, Attributes>(
  name: string,
  run: (call: KernelCall<Inputs, Attributes, WebgpuBackend>) => KernelAnswer,
): WebgpuKernel {
  return { name, run };
}

/** A new tensor, whose numbers are whatever its memory holds. */
export function output(backend: WebgpuBackend, shape: readonly number[]): tf.TensorInfo {
  const values = sizeOf(shape) === 0 ? new Float32Array(0) : undefined;
  return backend.makeTensorInfo([...shape], "float32", values);
}

/** The threads of a workgroup. */
export const THREADS = 256;

/** At least this many workgroups, in two dimensions, as one holds no more than 65,535 of them. */
function dispatchOf(workgroups: number): [x: number, y: number, z: number] {
  const across = Math.min(workgroups, 32_768);
  return [across, Math.ceil(workgroups / across), 1];
}

/** A shader with what it reads and writes. */
export interface Program {
  /** Its name, under which it is compiled once. */
  readonly name: string;
  /** WGSL: functions, and `fn run(group: i32, thread: i32)`, in which `group` may be too large. */
  readonly code: string;
  readonly reads: Readonly<Record<string, tf.TensorInfo>>;
  /** What it writes, by name; with `: atomic<u32>` behind the name, as that. */
  readonly writes: Readonly<Record<string, tf.TensorInfo>>;
  readonly uniforms?: Readonly<Record<string, Uniform>>;
  readonly workgroups: number;
}

const pipelines = new WeakMap<Device, Map<string, unknown>>();

/** The shader as a whole. */
function sourceOf({ code, reads, writes, uniforms = {} }: Program): string {
  const [first, ...others] = Object.keys(writes).map((name) =>
    ["read_write", ...(name.includes(":") ? name.split(": ") : [name, "f32"])] as const
  );
  const inputs = Object.keys(reads).map((name) => ["read", name, "f32"] as const);
  const buffers = [first!, ...inputs, ...others];
  const declarations = buffers.map(([access, name, type], i) =>
    `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<${type}>;`
  );
  // The backend writes two constants, and size and stride of each buffer, before what is asked for.
  const fields = [
    ...Array.from({ length: 2 + 2 * buffers.length }, (_, i) => `unused${i}: u32`),
    ...Object.entries(uniforms).map(([name, { type }]) =>
      `${name}: ${type === "int32" ? "i32" : "f32"}`
    ),
  ];
  return `struct Uniforms { ${fields.join(", ")} };
    ${declarations.join("\n")}
    @group(0) @binding(${buffers.length}) var<uniform> uniforms: Uniforms;
    ${code}
    @compute @workgroup_size(${THREADS})
    fn main(
      @builtin(workgroup_id) group: vec3<u32>,
      @builtin(num_workgroups) groups: vec3<u32>,
      @builtin(local_invocation_index) thread: u32,
    ) {
      run(i32(group.y * groups.x + group.x), i32(thread));
    }`;
}

/** Runs a shader. Nothing happens where it has nothing to write. */
export function launch(backend: WebgpuBackend, program: Program): void {
  const { name, reads, writes, uniforms = {}, workgroups } = program;
  if (workgroups === 0) return;
  const { device } = backend;
  const compiled = pipelines.get(device) ?? new Map<string, unknown>();
  pipelines.set(device, compiled);
  if (!compiled.has(name)) {
    const module = device.createShaderModule({ code: sourceOf(program), label: name });
    const compute = { module, entryPoint: "main" };
    compiled.set(name, device.createComputePipeline({ layout: "auto", label: name, compute }));
  }
  const [first, ...others] = Object.values(writes);
  const buffers = [first!, ...Object.values(reads), ...others];
  const [written, ...rest] = buffers.map(({ dataId, shape, dtype }) => {
    backend.uploadToGPU(dataId);
    return { dataId, dtype, shape: [sizeOf(shape)] };
  });
  const dispatch = dispatchOf(workgroups);
  const recorded = { pipeline: compiled.get(name), shaderKey: name, dispatch };
  backend.recordAndSubmit(recorded, written!, rest, Object.values(uniforms));
}

/** A whole number as a uniform. */
export function int(value: number): Uniform {
  return { type: "int32", data: [value] };
}

/** A number as a uniform. */
export function float(value: number): Uniform {
  return { type: "float32", data: [value] };
}
