/**
 * Makes what is handed out, in dist/: a bundle for browsers, and an npm package.
 *
 *     deno task build
 *
 * The last line is one JSON object: the sizes in bytes, raw and gzip, by backend. "elbo" is Elbo's
 * own code, "bundle" the same with TensorFlow.js; the binary of wasm is stated apart.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- it says what it made
import { writePackage } from "./npm.ts";
import { type Size, sizeOfFile, sizeOfLoaded } from "./sizes.ts";

const ROOT = new URL("../../", import.meta.url);
const DIST = new URL("dist/", ROOT);
const [NPM, BROWSER, OWN] = ["npm/", "browser/", "own/"].map((name) => new URL(name, DIST)) as [
  URL,
  URL,
  URL,
];

/** Binaries of the wasm backend, of which a browser takes one. */
const BINARIES = ["", "-simd", "-threaded-simd"].map((kind) => `tfjs-backend-wasm${kind}.wasm`);

/** Elbo's own code for a backend, by how the paths end without their extension. */
const KERNELS = {
  start: [],
  cpu: [],
  wasm: ["core/backend/wasm/start", "core/backend/wasm/generated/relaxed_simd"],
  webgl: ["core/backend/gpu/register"],
  webgpu: ["core/backend/gpu/register"],
} as const;

/** What the bundle loads beside it; the packages bring source maps of their own. */
const PACKAGES = {
  start: [],
  cpu: backendSources("cpu"),
  wasm: [".ci/packaging/browser/wasm.ts"],
  webgl: backendSources("webgl"),
  webgpu: backendSources("webgpu"),
} as const;

function backendSources(name: string): string[] {
  const folder = `tfjs-backend-${name}/src/`;
  return [`${folder}register_all_kernels.ts`, `${folder}backend_${name}.ts`];
}

type Row = keyof typeof KERNELS;

const ROWS = Object.keys(KERNELS) as Row[];

async function bundle(entry: URL, out: URL, args: readonly string[]): Promise<void> {
  const { success } = await new Deno.Command("deno", {
    args: [
      ...["bundle", "--quiet", "--no-lock", "--platform=browser", "--minify"],
      ...["--sourcemap=linked", "--code-splitting", `--outdir=${out.pathname}`],
      ...args,
      entry.pathname,
    ],
    // The package is no project of its own here, whose packages would have to be installed.
    env: { DENO_NO_PACKAGE_JSON: "1" },
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) Deno.exit(1);
}

/** The sizes of a bundle by backend. */
async function sizes(
  folder: URL,
  entry: string,
  lazy: (row: Row) => readonly string[],
): Promise<Record<Row, Size>> {
  const found = ROWS.map(async (row) => [row, await sizeOfLoaded(folder, entry, lazy(row))]);
  return Object.fromEntries(await Promise.all(found));
}

await Deno.remove(DIST, { recursive: true }).catch(() => {});
for (const folder of [NPM, BROWSER, OWN]) await Deno.mkdir(folder, { recursive: true });

const dependencies = await writePackage(ROOT, NPM);
await bundle(new URL(".ci/packaging/browser/elbo.ts", ROOT), BROWSER, [
  "--import-map=.ci/packaging/browser/import_map.json",
]);
for (const name of BINARIES) {
  const { default: bytes } = await import(
    `npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/${name}`,
    { with: { type: "bytes" } }
  );
  await Deno.writeFile(new URL(name, BROWSER), bytes);
}
await bundle(new URL("mod.js", NPM), OWN, [
  "--no-config",
  ...["#tfjs", "node:*", ...dependencies.flatMap((name) => [name, `${name}/*`])].map((name) =>
    `--external=${name}`
  ),
]);

const bundled = await sizes(
  BROWSER,
  "elbo.js",
  (row) => [...PACKAGES[row], ...KERNELS[row].map((path) => `${path}.ts`)],
);
const elbo = await sizes(OWN, "mod.js", (row) => KERNELS[row].map((path) => `${path}.js`));
const binary = await sizeOfFile(new URL(BINARIES[1]!, BROWSER));
await Deno.remove(OWN, { recursive: true });

const kilobytes = ({ raw, gzip }: Size): string =>
  [raw, gzip].map((bytes) => (bytes / 1000).toFixed(1).padStart(9)).join("");
console.log(
  `kB         Elbo alone        with TensorFlow.js\n${" ".repeat(9)}raw     gzip      raw     gzip`,
);
for (const row of ROWS) {
  console.log(`${row.padEnd(7)}${kilobytes(elbo[row])}${kilobytes(bundled[row])}`);
}
console.log(`${"binary".padEnd(25)}${kilobytes(binary)}   of wasm, beside the bundle\n`);
console.log(JSON.stringify({ elbo, bundle: bundled, wasmBinary: binary }));
