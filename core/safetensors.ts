/**
 * Tensors in the safetensors format: the length of a JSON header in eight bytes, the header, and
 * the values one after the other. https://github.com/huggingface/safetensors#format
 *
 * @module
 */
import { outOfRange } from "./errors.ts";
import { sameShape, type Shape, sizeOf } from "./types.ts";

/** Values with a shape. */
export interface StoredTensor {
  readonly shape: Shape;
  readonly values: Float32Array;
}

interface Entry {
  readonly dtype: string;
  readonly shape: Shape;
  readonly data_offsets: readonly [number, number];
}

/** The bytes of some tensors by name. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
): Uint8Array<ArrayBuffer> {
  let offset = 0;
  const entries = Array.from(tensors, ([name, { shape, values }]) => {
    const start = offset;
    offset += values.byteLength;
    return [name, { dtype: "F32", shape, data_offsets: [start, offset] }] as const;
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  // Spaces bring the values to a multiple of eight bytes.
  const header = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  header.set(json);
  const bytes = new Uint8Array(8 + header.length + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let at = 8 + header.length;
  for (const { values } of tensors.values()) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

/**
 * The tensors in some bytes, by name.
 *
 * @throws {RangeError} If the bytes are not in the format, or hold anything but float32.
 */
export function decodeSafetensors(bytes: Uint8Array): Map<string, StoredTensor> {
  const refuse = (requirement: string, current: unknown): never => {
    throw outOfRange("read safetensors", requirement, current);
  };
  if (bytes.length < 8) refuse("it must have at least 8 bytes", bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const start = 8 + length;
  if (start > bytes.length) {
    refuse(`its header must end within ${bytes.length} bytes`, start);
  }
  const text = new TextDecoder().decode(bytes.subarray(8, start));
  let header: Record<string, Entry>;
  try {
    header = JSON.parse(text);
  } catch {
    return refuse("its header must be JSON", text.slice(0, 40));
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    refuse("its header must be a record", text);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets } = (entry ?? {}) as Partial<Entry>;
    if (dtype !== "F32") refuse(`'${name}' must be F32`, dtype);
    const [from, to] = Array.isArray(data_offsets) ? data_offsets : [NaN, NaN];
    const whole = [from, to, ...(Array.isArray(shape) ? shape : [NaN])].every((value) =>
      Number.isSafeInteger(value) && value >= 0
    );
    if (!whole || start + to > bytes.length || to - from !== 4 * sizeOf(shape!)) {
      refuse(`'${name}' must lie within the bytes as its shape says`, entry);
    }
    const values = new Float32Array((to - from) / 4);
    for (let i = 0; i < values.length; i++) {
      values[i] = view.getFloat32(start + from + 4 * i, true);
    }
    tensors.set(name, { shape: shape!, values });
  }
  return tensors;
}

/** Throws unless there is exactly one tensor of the right shape for every wanted name. */
export function requireTensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  wanted: ReadonlyMap<string, { readonly shape: Shape }>,
): void {
  const action = "load parameters";
  for (const name of tensors.keys()) {
    if (!wanted.has(name)) {
      throw outOfRange(action, "every name must be one of the model's", name);
    }
  }
  for (const [name, { shape }] of wanted) {
    const found = tensors.get(name);
    if (found !== undefined && sameShape(found.shape, shape)) continue;
    const requirement = `'${name}' must have shape [${shape.join(", ")}]`;
    throw outOfRange(action, requirement, found?.shape ?? "missing");
  }
}
