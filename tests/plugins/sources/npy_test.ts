import assert from "node:assert/strict";
import { concat, encode, gzip, npyFile, npyHeader, type Setter } from "../../helpers/file_bytes.ts";
import { refuses, rowsOf } from "../../helpers/files.ts";
import { sources, useBackend } from "../../../mod.ts";

await useBackend({ backend: "cpu" });

const FOUR = [0, 1, 2, 100];
const X = [[0, 1], [2, 100]];

Deno.test("sources.npy() reads every type of number in either order of bytes", async () => {
  const types: Record<string, Setter> = {
    u1: "Uint8",
    i1: "Int8",
    u2: "Uint16",
    i2: "Int16",
    u4: "Uint32",
    i4: "Int32",
    f4: "Float32",
    f8: "Float64",
  };
  for (const [type, setter] of Object.entries(types)) {
    for (const [order, little] of [["<", true], [">", false], ["=", true]] as const) {
      const header = npyHeader(`${type.endsWith("1") ? "|" : order}${type}`, "(2, 2)");
      const file = npyFile(header, encode(setter, FOUR, little));
      assert.deepEqual(await rowsOf(sources.npy(file)), { x: X }, `${order}${type}`);
      assert.deepEqual(await rowsOf(sources.npy(await gzip(file))), { x: X });
    }
  }
});

Deno.test("sources.npy() reads negative numbers, integers of 64 bits, halves and truth values", async () => {
  const signed = npyFile(npyHeader("<i2", "(2,)"), encode("Int16", [-5, 300], true));
  assert.deepEqual(await rowsOf(sources.npy(signed)), { x: [[-5], [300]] });
  const long = new BigInt64Array([-3n, 2n ** 40n]), header = npyHeader("<i8", "(2,)");
  const integers = npyFile(header, new Uint8Array(long.buffer));
  assert.deepEqual(await rowsOf(sources.npy(integers)), { x: [[-3], [2 ** 40]] });
  const large = npyFile(npyHeader(">u8", "(1,)"), Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2));
  assert.deepEqual(await rowsOf(sources.npy(large)), { x: [[258]] });
  // 1, −2, 2⁻²⁴, 65504 and 0.333251953125 in binary16.
  const halves = encode("Uint16", [0x3c00, 0xc000, 0x0001, 0x7bff, 0x3555], true);
  const x = [[1], [-2], [2 ** -24], [65504], [0.333251953125]];
  assert.deepEqual(await rowsOf(sources.npy(npyFile(npyHeader("<f2", "(5,)"), halves))), { x });
  const bits = npyFile(npyHeader("|b1", "(1, 3)"), Uint8Array.of(1, 0, 1));
  assert.deepEqual(await rowsOf(sources.npy(bits), { support: "binary" }), { x: [[1, 0, 1]] });
  const wrong = npyFile(npyHeader("|b1", "(2, 2)"), Uint8Array.of(1, 0, 1, 7));
  await refuses(sources.npy(wrong), /truth value must be 0 or 1 at row 1, column 1: .* 7$/);
});

Deno.test("sources.npy() reads headers of all versions, as NumPy and others write them", async () => {
  const data = encode("Float32", FOUR, true);
  for (const version of [1, 2, 3] as const) {
    const file = npyFile(npyHeader("<f4", "(2, 2)"), data, version);
    assert.deepEqual(await rowsOf(sources.npy(file)), { x: X });
  }
  const headers = [
    `{"shape": (2, 2), "fortran_order": False, "descr": "<f4"}`,
    `{'descr':'<f4','fortran_order':False,'shape':(2L,2L)}`,
    `{ 'fortran_order' : False , 'shape' : ( 2 , 2 ,) , 'descr' : '<f4' , }`,
  ];
  for (const header of headers) {
    assert.deepEqual(await rowsOf(sources.npy(npyFile(header, data))), { x: X }, header);
  }
});

Deno.test("sources.npy() reads what NumPy wrote", async () => {
  // numpy.save(file, numpy.arange(6, dtype=">i2").reshape(3, 2)), version 2.4.6.
  const base64 =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPmkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsIDIpLCB9" +
    "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAABAAIAAwAE" +
    "AAU=";
  const file = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  assert.deepEqual(await rowsOf(sources.npy(file)), { x: [[0, 1], [2, 3], [4, 5]] });
});

Deno.test("sources.npy() takes NaN for missing where it is told so", async () => {
  const file = npyFile(npyHeader("<f8", "(2, 2)"), encode("Float64", [1, NaN, 3, 4], true));
  const rows = await rowsOf(sources.npy(file, { missing: true }));
  assert.deepEqual(rows, { x: [[1, NaN], [3, 4]], mask: [[1, 0], [1, 1]] });
  await refuses(
    sources.npy(file),
    /must be finite .* at row 0, position \[1\]: current value is NaN/,
  );
});

Deno.test("sources.npy() refuses the order of Fortran, unless it is no other one", async () => {
  const data = encode("Float32", FOUR, true);
  const file = npyFile(npyHeader("<f4", "(2, 2)", "True"), data);
  await refuses(sources.npy(file), /rows must lie one after the other .*ascontiguousarray/);
  const vector = npyFile(npyHeader("<f4", "(4,)", "True"), data);
  assert.deepEqual(await rowsOf(sources.npy(vector)), { x: FOUR.map((value) => [value]) });
});

Deno.test("sources.npy() refuses what is no npy file, or not all of one", async () => {
  const data = encode("Float32", FOUR, true), file = npyFile(npyHeader("<f4", "(2, 2)"), data);
  await refuses(sources.npy(new Uint8Array(0)), /its header must have 8 bytes: current value is 0/);
  await refuses(sources.npy(file.slice(0, 60)), /its header must have 118 bytes/);
  await refuses(sources.npy(file.slice(1)), /must begin with the bytes of '\\x93NUMPY'/);
  const version = file.slice();
  version[6] = 9;
  await refuses(sources.npy(version), /its version must be 1, 2 or 3: current value is 9/);
  await refuses(sources.npy(file.slice(0, -1)), /must make 144 bytes: current value is 143/);
  await refuses(sources.npy(concat(file, data)), /must make 144 bytes: current value is 160/);
  const headers: [string, RegExp][] = [
    ["", /its header must say 'descr', 'fortran_order' and 'shape'/],
    ["{}", /its header must say/],
    ["{'descr': '<f4', 'fortran_order': False}", /its header must say/],
    ["{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2, 2)}", /its header must say/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (2, -2)}", /its header must say/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), 'x': (1,)}", /its header must say/],
    ["{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (4,)}", /its header must say/],
    ["__import__('os').system('true')", /its header must say/],
    [npyHeader("<c8", "(2, 2)"), /its numbers must be one of b1, u1, .*: current value is '<c8'/],
    [npyHeader("|O", "(2, 2)"), /its numbers must be one of/],
    [npyHeader("<f4", "()"), /it must have rows/],
    [npyHeader("<f4", "(0, 2)"), /must have at least one row/],
    [npyHeader("<f4", "(999999999999999, 999999999999999)"), /must make .* bytes/],
  ];
  for (const [header, message] of headers) {
    await refuses(sources.npy(npyFile(header, data)), message);
  }
  const long = npyFile(npyHeader("<f4", "(2, 2)"), data, 2);
  long[11] = 0x7f; // A header of 2 GB.
  await refuses(sources.npy(long), /its header must have at most 65536 bytes/);
});
