/**
 * How large bundled code is, by the backend that a page uses.
 *
 * @module
 */

/** Bytes, as they are and as a server sends them. */
export interface Size {
  readonly raw: number;
  readonly gzip: number;
}

/** A file of a bundle. */
interface Chunk {
  readonly size: Size;
  /** The files that are loaded with it. */
  readonly imports: readonly string[];
  /** What it was made of. */
  readonly sources: readonly string[];
}

/** The size of a file. */
export async function sizeOfFile(path: URL): Promise<Size> {
  const bytes = await Deno.readFile(path);
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return { raw: bytes.length, gzip: (await new Response(packed).arrayBuffer()).byteLength };
}

/** Sizes together. */
export function total(sizes: readonly Size[]): Size {
  return sizes.reduce(
    (sum, { raw, gzip }) => ({ raw: sum.raw + raw, gzip: sum.gzip + gzip }),
    { raw: 0, gzip: 0 },
  );
}

async function readChunks(folder: URL): Promise<Map<string, Chunk>> {
  const chunks = new Map<string, Chunk>();
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".js")) continue;
    const path = new URL(name, folder);
    const code = await Deno.readTextFile(path);
    const { sources } = JSON.parse(await Deno.readTextFile(new URL(`${name}.map`, folder)));
    const imports = [...code.matchAll(/(?:from|import)"\.\/([^"]+)"/g)].map(([, file]) => file!);
    chunks.set(name, { size: await sizeOfFile(path), imports, sources });
  }
  return chunks;
}

/**
 * The size of what a page loads from a bundle, with all that its files import, each file compressed on
 * its own.
 *
 * @param folder The folder of the bundle, with source maps.
 * @param entry Its first file.
 * @param lazy Sources that are loaded later, by how their paths end.
 */
export async function sizeOfLoaded(
  folder: URL,
  entry: string,
  lazy: readonly string[],
): Promise<Size> {
  const chunks = await readChunks(folder);
  const loaded = new Map<string, Size>();
  function load(name: string): void {
    const chunk = chunks.get(name);
    if (chunk === undefined) throw new Error(`there is no '${name}' in the bundle`);
    if (loaded.has(name)) return;
    loaded.set(name, chunk.size);
    chunk.imports.forEach(load);
  }
  load(entry);
  for (const end of lazy) {
    const found = [...chunks].find(([, { sources }]) => sources.some((path) => path.endsWith(end)));
    if (found === undefined) throw new Error(`'${end}' is in no file of the bundle`);
    load(found[0]);
  }
  return total([...loaded.values()]);
}
