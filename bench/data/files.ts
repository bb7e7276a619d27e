/**
 * Reads the files of real data that the studies are about.
 *
 * @module
 */
import {
  type ArrayDataset,
  collect,
  type Source,
  type SourceOptions,
  sources,
  type Support,
} from "../../mod.ts";

/** A list of numbers for each row. */
export type Rows = readonly (readonly number[])[];

/**
 * The path of a file.
 *
 * @param folder The folder of all data.
 * @param name The file in it.
 * @throws {Error} If it is not there.
 */
export async function pathOf(folder: string, name: string): Promise<string> {
  const path = `${folder}/${name}`;
  try {
    await Deno.stat(path);
    return path;
  } catch (error) {
    const requirement = `'--data' must name a folder that holds '${name}'`;
    throw new Error(`Cannot read data as ${requirement}: current value is ${folder}`, {
      cause: error,
    });
  }
}

/** So many pictures of a file, at equal distances; the test files are in an order of their own. */
export async function readPictures<const S extends Support>(
  path: string,
  count: number,
  options: SourceOptions<S>,
): Promise<ArrayDataset<S>> {
  const all = await collect<Support, S>(sources.idx(path), options);
  const step = Math.max(1, Math.floor(all.size / count));
  return all.subset(Array.from({ length: Math.min(count, all.size) }, (_, row) => row * step));
}

/** The rows of a source as lists, and those of what it is conditioned on. */
export async function rowsOf(
  source: Source,
): Promise<{ readonly rows: Rows; readonly conditions: Rows }> {
  const contents = await source.open();
  const rows: number[][] = [], conditions: number[][] = [];
  for await (const { size, x, condition } of contents.read()) {
    for (let row = 0; row < size; row++) {
      const cut = (values: ArrayLike<number>): number[] => {
        const width = values.length / size;
        return Array.from({ length: width }, (_, i) => values[row * width + i]!);
      };
      rows.push(cut(x));
      if (condition !== undefined) conditions.push(cut(condition));
    }
  }
  return { rows, conditions };
}
