/**
 * The reader of safetensors.
 *
 * @module
 */
import { decodeSafetensors, encodeSafetensors } from "../../../core/safetensors.ts";
import { sizeOf } from "../../../core/types.ts";
import { fc } from "../../laws/deps.ts";
import { mutatedJson } from "../inputs.ts";
import type { Reader } from "../reader.ts";

/** A header and what follows it. */
function file(header: string, values: Uint8Array): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + values.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(values, 8 + json.length);
  return bytes;
}

const values = Uint8Array.from({ length: 64 }, (_, i) => i);

/** Headers of 64 bytes of values. */
const headers = [
  { a: { dtype: "F32", shape: [4, 4], data_offsets: [0, 64] } },
  {
    __metadata__: { format: "pt", note: "ünïcödé" },
    "encoder.0.weight": { dtype: "BF16", shape: [2, 3], data_offsets: [0, 12] },
    "encoder.0.bias": { dtype: "F16", shape: [2], data_offsets: [12, 16] },
    mask: { dtype: "BOOL", shape: [8], data_offsets: [16, 24] },
    double: { dtype: "F64", shape: [], data_offsets: [24, 32] },
    long: { dtype: "I64", shape: [1], data_offsets: [32, 40] },
    int: { dtype: "I32", shape: [1, 1], data_offsets: [40, 44] },
    bytes: { dtype: "U8", shape: [20], data_offsets: [44, 64] },
    none: { dtype: "F32", shape: [0, 7], data_offsets: [64, 64] },
  },
  Object.fromEntries(
    Array.from({ length: 16 }, (_, i) => [
      `t${i}`,
      { dtype: "F32", shape: [], data_offsets: [4 * i, 4 * i + 4] },
    ]),
  ),
];

/** Many tensors that lie anywhere in 64 KiB, one upon the other. */
const anywhere = fc.array(
  fc.record({
    dtype: fc.constantFrom("F64", "F32", "BF16", "U8", "BOOL"),
    from: fc.nat(8),
    length: fc.constantFrom(0, 1024, 1 << 15, 1 << 16),
  }),
  { maxLength: 300, size: "max" },
).map((tensors) => {
  const sizes: Readonly<Record<string, number>> = { F64: 8, F32: 4, BF16: 2 };
  const entries = tensors.map(({ dtype, from, length }, i) => {
    const shape = [length / (sizes[dtype] ?? 1)];
    return [`t${i}`, { dtype, shape, data_offsets: [8 * from, 8 * from + length] }];
  });
  const header = JSON.stringify(Object.fromEntries(entries));
  return { seed: 0, bytes: file(header, new Uint8Array((1 << 16) + 64)) };
});

/** The reader, which must give back what was read when that is written again. */
export function safetensors(): Reader {
  return {
    name: "safetensors",
    seeds: headers.map((header) => file(JSON.stringify(header), values)),
    tokens: ['"F32"', '"I64"', '"dtype":', '"shape":', '"data_offsets":', '"__metadata__":'],
    inputs: fc.oneof(
      {
        weight: 9,
        arbitrary: mutatedJson(headers).map(({ seed, text }) => ({
          seed,
          bytes: file(text, values),
        })),
      },
      { weight: 1, arbitrary: anywhere },
    ),
    read: ({ bytes }) => {
      const { tensors, metadata } = decodeSafetensors(bytes);
      const again = decodeSafetensors(encodeSafetensors(tensors, metadata)).tensors;
      if (again.size !== tensors.size) throw new Error("it is written with other tensors");
      for (const [name, { shape, values }] of tensors) {
        const same = String(again.get(name)!.values) === String(values);
        if (!same || sizeOf(shape) !== values.length) throw new Error(`'${name}' has changed`);
      }
    },
  };
}
