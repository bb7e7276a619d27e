/**
 * Tables of text with a line of names at their head: RFC 4180, and its kin with other delimiters.
 *
 * @module
 */
import { type ByteFile, openPlace, type Place, reading } from "../../core/data/place.ts";
import type { Source, SourceContents, SourceRows } from "../../core/data/source.ts";
import { lazy } from "../../core/deps.ts";
import { outOfRange } from "../../core/errors.ts";
import {
  type Columns,
  type ColumnsSupport,
  planTable,
  type TableOptions,
  tableSource,
} from "./_table.ts";

/** Options of {@linkcode csv}. */
export interface CsvOptions<C extends Columns = readonly string[]> extends TableOptions<C> {
  /** The words that stand for a missing entry, such as `["", "NA"]`; without them none may be missing. */
  readonly missing?: readonly string[];
  /**
   * What stands between two cells.
   * @default ","
   */
  readonly delimiter?: string;
  /** The number of rows, where it is known: reading them all says whether it is right. */
  readonly size?: number;
}

/** What is used of Papa Parse, whose package has no types. */
interface Papa {
  readonly Parser: new (options: { readonly delimiter: string; readonly newline: string }) => {
    readonly parse: (text: string, base: number, ignoreLastRow: boolean) => {
      readonly data: readonly (readonly string[])[];
      readonly errors: readonly { readonly message: string; readonly row: number }[];
      readonly meta: { readonly cursor: number };
    };
  };
}

/** How much text is read at once. */
const BLOCK = 1 << 17;

/** The longest line that is read: a quote that nobody closes would hold all the rest. */
const LONGEST_LINE = 1 << 22;

/** Whether a line is empty. */
function isEmpty(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0]!.trim() === "";
}

/** The lines of a file, cell by cell and some at a time, without those that are empty. */
async function* linesOf(
  file: ByteFile,
  delimiter: string,
): AsyncGenerator<readonly (readonly string[])[]> {
  const { default: papa } = await lazy.csv() as { readonly default: Papa };
  const refuse = (requirement: string, current: unknown): never => {
    throw outOfRange(reading(file.name), requirement, current);
  };
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (bytes: Uint8Array, stream: boolean): string => {
    try {
      return decoder.decode(bytes, { stream });
    } catch {
      return refuse("it must be text in UTF-8", "other bytes");
    }
  };
  const reader = await file.open();
  try {
    const block = new Uint8Array(BLOCK);
    let parser: InstanceType<Papa["Parser"]> | undefined;
    let text = "", lines = 0, empty = 0, filled: number, columns: number | undefined;
    do {
      filled = await reader.fill(block);
      text += decode(block.subarray(0, filled), filled === BLOCK);
      // Line feeds end lines with or without a carriage return before them, which is trimmed.
      const newline = text.includes("\n") || !text.includes("\r") ? "\n" : "\r";
      parser ??= new papa.Parser({ delimiter, newline });
      const { data, errors, meta } = parser.parse(text, 0, filled === BLOCK);
      const error = errors.find(({ row }) => filled < BLOCK || row < data.length);
      if (error !== undefined) {
        const row = lines + empty + error.row;
        const place = row === 0 ? "its header" : `row ${row - 1}`;
        refuse(`the quotes of ${place} must be closed, and two stand for one`, error.message);
      }
      text = filled < BLOCK ? "" : text.slice(meta.cursor);
      if (text.length > LONGEST_LINE) {
        refuse(
          `row ${lines + empty + data.length - 1} must have at most ${LONGEST_LINE} letters`,
          text,
        );
      }
      // In a single column an empty line is an empty cell, but not at the end of the file.
      let full: (readonly string[])[] = [];
      for (const cells of data) {
        if (isEmpty(cells)) {
          if (columns === 1) empty++;
          continue;
        }
        columns ??= cells.length;
        for (; empty > 0; empty--) {
          if (full.push([""]) < BLOCK) continue;
          lines += full.length;
          yield full;
          full = [];
        }
        full.push(cells);
      }
      lines += full.length;
      if (full.length > 0) yield full;
    } while (filled === BLOCK);
  } finally {
    await reader.close();
  }
}

async function open<C extends Columns>(
  place: Place,
  options: CsvOptions<C>,
): Promise<SourceContents> {
  const { delimiter = ",", missing, size } = options;
  const file = await openPlace(place), action = reading(file.name);
  if (typeof delimiter !== "string" || !/^[^\s"\ufeff]$|^\t$/.test(delimiter)) {
    throw outOfRange(action, "'delimiter' must be one sign", delimiter);
  }
  let header: readonly string[] | undefined;
  for await (const [first] of linesOf(file, delimiter)) {
    header = first!.map((column) => column.trim());
    break;
  }
  if (header === undefined) throw outOfRange(action, "it must have a line of names", "nothing");
  const words = missing && new Set<unknown>(missing);
  const plan = planTable(file.name, header, options, words && ((cell) => words.has(cell)));
  const columns = header.length;

  async function* read(): AsyncGenerator<SourceRows> {
    let first = -1; // The header.
    for await (const lines of linesOf(file, delimiter)) {
      const rows = first < 0 ? lines.slice(1) : lines;
      if (first < 0) first = 0;
      for (const [i, cells] of rows.entries()) {
        if (cells.length === columns) continue;
        const requirement = `row ${first + i} must have ${columns} cells, as its header has`;
        throw outOfRange(action, requirement, cells.length);
      }
      if (rows.length > 0) yield plan.rows(rows.length, first, (row, column) => rows[row]![column]);
      first += rows.length;
    }
    if (size === undefined || first === size) return;
    throw outOfRange(action, `it must have ${size} rows`, first);
  }

  return { ...plan.contents, mask: missing !== undefined, size, read };
}

/**
 * The rows of a table of text, packed by gzip or not. Its first line names the columns.
 *
 * @param place Where the file is: a path, a URL, a `Blob` or bytes.
 * @param options Which columns mean what, which words say that an entry is missing, the delimiter.
 * @returns The source, whose support is that of its columns.
 *
 * @example
 * ```ts
 * import { collect, sources } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const text = "name,age,kind\nMinka,3,cat\nRex,NA,dog\n";
 * const animals = sources.csv(new TextEncoder().encode(text), {
 *   columns: { age: "count", kind: ["cat", "dog"] },
 *   missing: ["NA"],
 * });
 * const { x, mask } = (await collect(animals)).rows([0, 1]);
 * assert.deepEqual(x.arraySync(), [[3, 0], [NaN, 1]]);
 * assert.deepEqual(mask!.arraySync(), [[1, 1], [0, 1]]);
 * x.dispose();
 * mask!.dispose();
 * ```
 */
export function csv<const C extends Columns = readonly string[]>(
  place: Place,
  options: CsvOptions<C> = {},
): Source<ColumnsSupport<C>> {
  return tableSource(place, options, () => open(place, options));
}

/** The most different words that make categories. */
const MOST_WORDS = 10_000;

/**
 * The different words of a column in alphabetical order, as {@linkcode csv} wants them for its
 * categories. Reads the whole file.
 *
 * @param place Where the file is.
 * @param column The name of the column.
 * @param options The words that are none, and the delimiter.
 * @returns The words. Keep them with the model, as their places are the codes.
 * @throws {RangeError} If there is no such column, or it has more than 10,000 different words.
 *
 * @example
 * ```ts
 * import { sources } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const text = new TextEncoder().encode("kind\ndog\ncat\ndog\n");
 * assert.deepEqual(await sources.words(text, "kind"), ["cat", "dog"]);
 * ```
 */
export async function words(
  place: Place,
  column: string,
  { missing = [], delimiter = "," }: Pick<CsvOptions, "missing" | "delimiter"> = {},
): Promise<readonly string[]> {
  const file = await openPlace(place), found = new Set<string>();
  let index = -1;
  for await (const lines of linesOf(file, delimiter)) {
    let rows = lines;
    if (index < 0) {
      const header = lines[0]!.map((name) => name.trim());
      index = header.indexOf(column);
      if (index < 0) {
        throw outOfRange(reading(file.name), `'${column}' must be one of its columns`, header);
      }
      rows = lines.slice(1);
    }
    for (const cells of rows) found.add((cells[index] ?? "").trim());
    if (found.size > MOST_WORDS) {
      const requirement = `column '${column}' must have at most ${MOST_WORDS} different words`;
      throw outOfRange(reading(file.name), requirement, found.size);
    }
  }
  for (const word of missing) found.delete(word);
  return [...found].sort();
}
