import assert from "node:assert/strict";
import { decodeSafetensors, encodeSafetensors } from "../../core/safetensors.ts";

const encoder = new TextEncoder();

/** A file: the length of a header, the header, and what follows. */
function file(
  header: string | Uint8Array,
  values: readonly number[] = [],
): Uint8Array<ArrayBuffer> {
  const json = typeof header === "string" ? encoder.encode(header) : header;
  const bytes = new Uint8Array(8 + json.length + values.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(values, 8 + json.length);
  return bytes;
}

/** One tensor of some numbers. */
const numbers = (...values: number[]) => ({
  shape: [values.length],
  values: Float32Array.from(values),
});

Deno.test("encodeSafetensors() writes the published format, byte by byte", () => {
  const bytes = encodeSafetensors(new Map([["a", numbers(1, -2)]]));
  const header = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  ';
  assert.deepEqual([...bytes.slice(0, 8)], [header.length, 0, 0, 0, 0, 0, 0, 0]);
  assert.equal(new TextDecoder().decode(bytes.slice(8, 8 + header.length)), header);
  assert.deepEqual([...bytes.slice(8 + header.length)], [0, 0, 128, 63, 0, 0, 0, 192]);
  assert.deepEqual(decodeSafetensors(bytes).tensors.get("a"), numbers(1, -2));
});

Deno.test("encodeSafetensors() sorts tensors, puts metadata first and values at multiples of 8", () => {
  const tensors = new Map([
    ["b", numbers(2)],
    ["é", { shape: [0, 2], values: new Float32Array(0) }],
    ["a", { shape: [], values: Float32Array.of(1) }],
  ]);
  const bytes = encodeSafetensors(tensors, { format: "pt" });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.equal(length % 8, 0);
  assert.equal(
    new TextDecoder().decode(bytes.slice(8, 8 + length)).trimEnd(),
    '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},' +
      '"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},' +
      '"é":{"dtype":"F32","shape":[0,2],"data_offsets":[8,8]}}',
  );
  assert.deepEqual([...new Float32Array(bytes.buffer, 8 + length)], [1, 2]);
  const { metadata, tensors: read } = decodeSafetensors(bytes);
  assert.deepEqual(metadata, { format: "pt" });
  assert.deepEqual(read, new Map([...tensors].sort()));
});

Deno.test("decodeSafetensors() reads what the reference implementation wrote, of every type", async () => {
  // torch 1.13 and safetensors 0.8.0 wrote it.
  const bytes = await Deno.readFile("tests/fixtures/safetensors/dtypes.safetensors");
  const { tensors, metadata } = decodeSafetensors(bytes);
  assert.deepEqual(metadata, { format: "pt" });
  const found = Object.fromEntries(
    Array.from(tensors, ([name, { shape, values }]) => [name, [shape, [...values]]]),
  );
  const tenth = Math.fround(0.1);
  assert.deepEqual(found, {
    f64: [[4], [0, 1, -2.5, tenth]],
    f32: [[4], [0, 1, -2.5, tenth]],
    f16: [[8], [0, 1, -2.5, 1638 / 16384, 65504, 2 ** -24, Infinity, -Infinity]],
    bf16: [[6], [0, 1, -2.5, 205 / 2048, 226 * 2 ** 120, 2 ** -133]],
    i64: [[4], [0, -1, 2 ** 24, -(2 ** 40)]],
    i32: [[4], [0, -1, 2 ** 24, -(2 ** 31)]],
    i16: [[2, 1], [-32768, 32767]],
    i8: [[2], [-128, 127]],
    u8: [[2], [0, 255]],
    bool: [[1, 3], [1, 0, 1]],
    scalar: [[], [3.5]],
    none: [[0, 3], []],
  });
});

Deno.test("decodeSafetensors() reads headers that are not aligned, and values in any order", () => {
  const header = '{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},' +
    ' "a":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}}\n';
  const bytes = file(header, [0, 0, 128, 63, 0, 0, 0, 64]);
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  for (const given of [bytes, shifted.subarray(1)]) {
    const { tensors } = decodeSafetensors(given);
    assert.deepEqual([...tensors.keys()], ["a", "b"]);
    assert.deepEqual([tensors.get("a"), tensors.get("b")], [numbers(1), numbers(2)]);
  }
});

/** A header of entries of some type, with the given places of their values. */
const entries = (dtype: string, ...places: readonly (readonly [number, number])[]) =>
  JSON.stringify(Object.fromEntries(
    places.map(([from, to], i) => [`t${i}`, { dtype, shape: [], data_offsets: [from, to] }]),
  ));

const eight = [0, 0, 0, 0, 0, 0, 0, 0];

/** 2⁵³ + 1 and 10³⁰⁰ in 64 bits. */
const long = [1, 0, 0, 0, 0, 0, 32, 0], huge = [156, 117, 0, 136, 60, 228, 55, 126];

const refused: Readonly<Record<string, readonly [Uint8Array<ArrayBuffer>, RegExp]>> = {
  "no header": [new Uint8Array(7), /at least 8 bytes: current value is 7$/],
  "a header beyond the end": [file("{}").slice(0, 9), /its header must end within 9 bytes/],
  "an endless header": [
    Uint8Array.of(...Array(8).fill(255)),
    /its header must have at most 100000000 bytes/,
  ],
  "a header that is no JSON": [
    file("{'a'}"),
    /its header must be JSON: current value is '\{'a'\}'/,
  ],
  "a header that is no UTF-8": [file(Uint8Array.of(0x7b, 0xff, 0x7d)), /must be JSON/],
  "a byte order mark": [file("\ufeff{}"), /must be JSON/],
  "a list": [file("[]"), /its header must be a record/],
  "a space before the header": [file(" {}"), /its header must be a record/],
  "a name twice": [
    file('{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"\\u0061":{}}', [0]),
    /the names in each record of its header must be unique: current value is 'a'/,
  ],
  "a prototype": [file('{"__proto__":{}}'), /no name in its header may be '__proto__'/],
  "a deep header": [file('{"a":'.repeat(101) + "0" + "}".repeat(101)), /at most 100 deep/],
  "metadata that are no strings": [
    file('{"__metadata__":{"a":1}}'),
    /'__metadata__' must be a record of strings/,
  ],
  "an unknown type": [file(entries("F8_E4M3", [0, 1]), [0]), /'t0' must be one of F64, F32, F16/],
  "a type that everything inherits": [
    file(entries("constructor", [0, 1]), [0]),
    /'t0' must be one of F64/,
  ],
  "another size than the shape has": [
    file(entries("F32", [0, 8]), eight),
    /'t0' must have as many bytes as its shape says/,
  ],
  "values backwards": [file(entries("F32", [8, 4]), eight), /as many bytes as its shape says/],
  "tensors that overlap": [
    file(entries("F32", [0, 4], [2, 6]), eight),
    /'t1' must begin where the one before it ends: current value is \[4, 2\]/,
  ],
  "the same values twice": [
    file(entries("F64", [0, 8], [0, 8]), eight),
    /'t1' must begin where the one before it ends: current value is \[8, 0\]/,
  ],
  "a hole": [file(entries("U8", [0, 1], [2, 3]), eight), /'t1' must begin where/],
  "a hole at the beginning": [file(entries("U8", [1, 2]), eight), /'t0' must begin where/],
  "too few values": [file(entries("F64", [0, 8])), /its tensors must fill the 0 bytes/],
  "too many values": [
    file(entries("U8", [0, 1]), eight),
    /must fill the 8 bytes behind the header/,
  ],
  "an integer that float32 cannot hold": [
    file(entries("I64", [0, 8]), long),
    /the I64 numbers of 't0' must be float32 numbers too: current value is 'another one at position 0'/,
  ],
  "a number beyond float32": [
    file(entries("F64", [0, 8]), huge),
    /the F64 numbers of 't0' must be/,
  ],
};
for (const [what, [bytes, message]] of Object.entries(refused)) {
  Deno.test(`decodeSafetensors() refuses ${what}`, () => {
    assert.throws(() => decodeSafetensors(bytes), { name: "RangeError", message });
  });
}

Deno.test("encodeSafetensors() refuses names that mean something else in the format or to a reader", () => {
  for (const name of ["__metadata__", "__proto__"]) {
    const tensors = new Map([[name, { shape: [1], values: new Float32Array(1) }]]);
    assert.throws(() => encodeSafetensors(tensors), {
      name: "RangeError",
      message:
        `Cannot write safetensors as no tensor may have this name: current value is '${name}'`,
    });
  }
});
