/**
 * Reads the files of real data that the studies are about: pictures in the format IDX and tables of
 * numbers, compressed or not.
 *
 * @module
 */
import { parseRows } from "../deps.ts";

/** Bytes of pictures or labels, one after the other. */
export interface Idx {
  /** The sizes of all axes, the first of which numbers the pictures. */
  readonly shape: readonly number[];
  /** The bytes. */
  readonly values: Uint8Array;
}

/** A table, of numbers unless told. */
export interface Table<Cell = number> {
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** A list of cells for each row. */
  readonly rows: readonly (readonly Cell[])[];
}

/** The bytes of a file, unpacked if its name ends so. */
async function bytesOf(folder: string, name: string): Promise<ArrayBuffer> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(`${folder}/${name}`);
  } catch (error) {
    const requirement = `'--data' must name a folder that holds '${name}'`;
    throw new Error(`Cannot read data as ${requirement}: current value is ${folder}`, {
      cause: error,
    });
  }
  const packed = name.endsWith(".gz");
  const stream = packed
    ? file.readable.pipeThrough(new DecompressionStream("gzip"))
    : file.readable;
  return await new Response(stream).arrayBuffer();
}

/**
 * Reads pictures or labels.
 *
 * @param folder The folder of all data.
 * @param name The file in it.
 * @throws {Error} If it is not there.
 */
export async function readIdx(folder: string, name: string): Promise<Idx> {
  const bytes = await bytesOf(folder, name);
  const view = new DataView(bytes);
  const shape = Array.from({ length: view.getUint8(3) }, (_, axis) => view.getUint32(4 + 4 * axis));
  return { shape, values: new Uint8Array(bytes, 4 + 4 * shape.length) };
}

/**
 * Reads a table whose first line names the columns, and leaves its cells as they are written.
 *
 * @param folder The folder of all data.
 * @param name The file in it.
 * @throws {Error} If it is not there.
 */
export async function readCells(folder: string, name: string): Promise<Table<string>> {
  const [columns, ...rows] = parseRows(new TextDecoder().decode(await bytesOf(folder, name)));
  return { columns: columns!, rows };
}

/** Reads a table of numbers in the same way. */
export async function readTable(folder: string, name: string): Promise<Table> {
  const { columns, rows } = await readCells(folder, name);
  return { columns, rows: rows.map((row) => row.map(Number)) };
}
