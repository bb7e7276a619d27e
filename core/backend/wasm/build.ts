/**
 * Compiles the kernels of assembly/ into the modules of generated/: `deno task kernels`.
 *
 * @module
 */
// An import of deno.json stands in deno.lock too, and everyone would have to fetch the compiler.
// deno-lint-ignore-file no-import-prefix
import asc from "npm:assemblyscript@0.28.20/asc";
import binaryen from "npm:assemblyscript@0.28.20/binaryen";

const RELAXED = ["--enable", "relaxed-simd"];
// The maximum is part of the type of shared memory: the largest that there is accepts every other.
const SHARED = ["--enable", "threads", "--sharedMemory", "--maximumMemory", "65536"];

/** The builds: with or without relaxed SIMD, for memory that is shared between threads or not. */
const BUILDS = {
  simd: [],
  relaxed_simd: RELAXED,
  shared_simd: SHARED,
  shared_relaxed_simd: [...RELAXED, ...SHARED],
};

/** The name of a build, which is also the name of its file in generated/. */
export type BuildName = keyof typeof BUILDS;

const OPTIONS = [
  "-O3",
  ...["--runtime", "stub"],
  "--noAssert",
  "--importMemory",
  "--noExportMemory",
  ...["--enable", "simd"],
];

/** Sources mark what is to be inlined in a comment, as `deno fmt` knows no decorated functions. */
const INLINE = /^\/\/ @inline$/gm;

/** Where the modules are written. */
const GENERATED = new URL("generated/", import.meta.url);

/**
 * Compiles the kernels.
 *
 * @param build Which build.
 * @returns The WebAssembly binary: the same sources give the same bytes.
 * @throws {Error} With what the compiler says, if the sources do not compile.
 */
export async function compileKernels(build: BuildName): Promise<Uint8Array> {
  const written = new Map<string, string>();
  const { error, stderr } = await asc.main(
    ["mod.ts", "--textFile", "kernels.wat", ...OPTIONS, ...BUILDS[build]],
    {
      readFile: readSource,
      writeFile: (name, contents) => {
        written.set(name, contents.toString());
      },
      listFiles: () => [],
    },
  );
  const text = written.get("kernels.wat");
  if (error !== null || text === undefined) {
    throw new Error(`Cannot compile the kernels: ${stderr.toString()}`, { cause: error });
  }
  const module = binaryen.parseText(hoistConstants(text));
  module.setFeatures(binaryen.Features.All);
  if (!module.validate()) throw new Error("Cannot compile the kernels: constants were misplaced");
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}

/** The text of a source, or null where the compiler looks in vain. */
async function readSource(name: string): Promise<string | null> {
  try {
    // The compiler puts .ts behind what sources import, although they name it.
    const file = name.replace(/\.ts\.ts$/, ".ts");
    const source = await Deno.readTextFile(new URL(`assembly/${file}`, import.meta.url));
    return source.replace(INLINE, "@inline");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Moves the vector constants of functions with loops to the beginning of the function. V8 builds a
 * constant anew, with four instructions, wherever the code has it, also within a loop: `exp` takes
 * 2.5 times as long. No pass of Binaryen moves constants.
 */
function hoistConstants(text: string): string {
  return text.split(/^(?= \(func )/m).map((part) => {
    if (!/^ \(func [^]*\bloop\b/.test(part)) return part;
    const locals = new Map<string, string>();
    const body = part.replace(/v128\.const i32x4( 0x[0-9a-f]{8}){4}/g, (constant) => {
      // Zeros take one instruction, and no register for all the loop.
      if (/( 0x00000000){4}/.test(constant)) return constant;
      if (!locals.has(constant)) locals.set(constant, `$constant${locals.size}`);
      return `local.get ${locals.get(constant)}`;
    });
    const lines = body.split("\n");
    const first = lines.findIndex((line, i) => i > 0 && !line.startsWith("  (local "));
    const names = [...locals.values()].map((name) => `  (local ${name} v128)`);
    const sets = [...locals].map(([constant, name]) => `  ${constant} local.set ${name}`);
    return lines.toSpliced(first, 0, ...names, ...sets).join("\n");
  }).join("");
}

/**
 * Compiles the kernels into the sources of generated/.
 *
 * @returns The text of every file, by its name.
 * @throws {Error} With what the compiler says, if the sources do not compile.
 */
export async function generateModules(): Promise<Map<string, string>> {
  const modules = new Map<string, string>();
  for (const build of Object.keys(BUILDS) as BuildName[]) {
    const binary = await compileKernels(build);
    const text = btoa(String.fromCharCode(...binary));
    modules.set(
      `${build}.ts`,
      `/**
 * The kernels of ../assembly/, compiled by \`deno task kernels\`: do not edit.
 *
 * @module
 */

/** The WebAssembly binary in base64. */
export const binary: string =
  "${text}";
`,
    );
  }
  return modules;
}

if (import.meta.main) {
  for (const [name, text] of await generateModules()) {
    await Deno.writeTextFile(new URL(name, GENERATED), text);
  }
}
