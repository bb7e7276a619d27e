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
import { DIGITS_FILE, pack } from "./packing.ts";

const OUT = new URL("../../../out/playground/", import.meta.url);

/** How many digits the page has. */
const DIGITS = { 1: 10_000, 4: 6_000 } as const;

/** The style sheets in their order: the page fetches them as one. */
const STYLES = [
  "ground",
  "settings",
  "equations",
  "stage",
  "latents",
  "ledger",
  "pictures",
  "problems",
  "screens",
];

await Deno.mkdir(OUT, { recursive: true });
await Deno.copyFile(new URL("../index.html", import.meta.url), new URL("index.html", OUT));
const styles = await Promise.all(
  STYLES.map((name) => Deno.readTextFile(new URL(`../styles/${name}.css`, import.meta.url))),
);
await Deno.writeTextFile(new URL("style.css", OUT), styles.join("\n"));

const all = await handwrittenDigits({ labels: true });
// They lie class by class: from here on they are mixed.
const order = Array.from({ length: all.size }, (_, i) => (i * 3571) % all.size);
for (const bits of [1, 4] as const) {
  const { x, condition } = all.rows(order.slice(0, DIGITS[bits]));
  const values = x.dataSync<"float32">(), classes = condition!.argMax(-1).dataSync();
  const packed = pack({ values, classes: Uint8Array.from(classes) }, bits);
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
