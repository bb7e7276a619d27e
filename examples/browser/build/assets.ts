/**
 * Puts beside the bundled code what else the page needs: its HTML and CSS, the digits, and the
 * binaries of the wasm backend.
 *
 *     deno run --unstable-raw-imports --allow-read --allow-write=out/playground \
 *       examples/browser/build/assets.ts
 *
 * @module
 */
// deno-lint-ignore-file no-import-prefix -- binaries of the package that core/deps.ts names
import { handwrittenDigits } from "../../helpers/handwritten_digits.ts";
import { DIGIT_BYTES, DIGITS_FILE } from "./packing.ts";

const OUT = new URL("../../../out/playground/", import.meta.url);

/** How many digits the page has. */
const DIGITS = { 1: 10_000, 4: 6_000 } as const;

await Deno.mkdir(OUT, { recursive: true });
for (const name of ["index.html", "style.css"]) {
  await Deno.copyFile(new URL(`../${name}`, import.meta.url), new URL(name, OUT));
}

const all = await handwrittenDigits({ labels: true });
// Every seventh of them, again and again, so that the first few are of all classes.
const order = Array.from({ length: all.size }, (_, i) => (i * 3571) % all.size);
const { x, condition } = all.rows(order);
const pixels = x.dataSync(), classes = condition!.argMax(-1).dataSync();
for (const bits of [1, 4] as const) {
  const width = 1 + DIGIT_BYTES[bits], count = Math.min(DIGITS[bits], all.size);
  const packed = new Uint8Array(count * width), most = 2 ** bits - 1;
  for (let row = 0; row < count; row++) {
    packed[row * width] = classes[row]!;
    for (let pixel = 0; pixel < 784; pixel++) {
      const value = Math.round(pixels[row * 784 + pixel]! * most), bit = pixel * bits;
      packed[row * width + 1 + (bit >> 3)]! |= value << (8 - bits - (bit & 7));
    }
  }
  await Deno.writeFile(new URL(DIGITS_FILE[bits], OUT), packed);
}

const { default: simd } = await import(
  "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm-simd.wasm",
  { with: { type: "bytes" } }
);
const { default: threaded } = await import(
  "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm-threaded-simd.wasm",
  { with: { type: "bytes" } }
);
await Deno.writeFile(new URL("tfjs-backend-wasm-simd.wasm", OUT), simd);
await Deno.writeFile(new URL("tfjs-backend-wasm-threaded-simd.wasm", OUT), threaded);
