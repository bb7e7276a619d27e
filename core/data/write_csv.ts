/**
 * Rows in a CSV file.
 *
 * Lines of numbers with commas between them, after a line of names. RFC 4180.
 *
 * @module
 */
import { outOfRange } from "../errors.ts";
import { writePieces } from "../files/write.ts";
import { sizeOf } from "../types.ts";
import { entryNames, type Rows, sameRows } from "./rows.ts";

/** Options of {@linkcode writeCsv}. */
export interface WriteCsvOptions {
  /**
   * The names of the columns, one for each number of a row.
   * @default those that the rows bring along, or `x0`, `x1`, …
   */
  readonly columns?: readonly string[];
  /**
   * What to write in place of the codes 0, 1, 2, … of classes, by column: `{ kind: ["cat", "dog"] }`.
   */
  readonly words?: { readonly [column: string]: readonly string[] };
}

/** Writes the numbers of one column. */
type Show = (value: number) => string;

/** The largest number up to which float32 holds every integer. */
const INTEGERS = 2 ** 24;

/** The fewest digits that read back as the same float32. */
function showNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) <= INTEGERS) return String(value);
  for (const digits of [6, 7, 8]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/** A name, in quotes where it has to be. */
export function quoted(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

/** Writes codes as words. */
function showWords(column: string, words: readonly string[]): Show {
  const cells = words.map(quoted);
  return (code) => {
    const cell = cells[code];
    if (cell !== undefined) return cell;
    const requirement = `every code of '${column}' must be one of 0 … ${words.length - 1}`;
    throw outOfRange("write rows", requirement, code);
  };
}

/** How to write each of some columns. */
function showsOf(names: readonly string[], words: WriteCsvOptions["words"] = {}): readonly Show[] {
  const unknown = Object.keys(words).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw outOfRange("write rows", `there must be a column '${unknown}' for its words`, names);
  }
  return names.map((name) =>
    Object.hasOwn(words, name) ? showWords(name, words[name]!) : showNumber
  );
}

/** Some rows as lines. */
function linesOf({ size, values }: Rows, shows: readonly Show[]): string {
  let text = "", i = 0;
  for (let row = 0; row < size; row++) {
    text += `${shows.map((show) => show(values[i++]!)).join(",")}\n`;
  }
  return text;
}

/**
 * Writes rows into a CSV file, chunk by chunk, so that there may be more than fit into memory. Each
 * number has the digits that read back as the same float32. The file is there when all rows are, not
 * before. In Deno this needs `--allow-write` there.
 *
 * @param path The path of the file, which takes the place of one that is there.
 * @param rows Chunks of rows: a stream as `embeddings` answers, or a list of chunks.
 * @param options The names of the columns, and of classes.
 * @returns The number of rows.
 * @throws {RangeError} If there are no rows, not as many names as columns, no word for a code, the disk
 * has no room, or nothing may be written there.
 * @throws {TypeError} If chunks have rows of different shapes, or not as many numbers as they say.
 *
 * @example
 * ```ts
 * import { anomalyScores, dataset, presets, writeCsv } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [2], latent: 3, hidden: [8] });
 * const bits = dataset([[0, 1], [1, 1], [1, 0]], { support: "binary" });
 * const scores = anomalyScores(model, bits, { seed: 1 });
 * assert.equal(await writeCsv("out/scores.csv", scores), 3); // after a line "anomalyScore"
 * model.dispose();
 * ```
 */
export function writeCsv(
  path: string,
  rows: (AsyncIterable<Rows> | Iterable<Rows>) & {
    readonly columns?: readonly string[] | undefined;
  },
  options: WriteCsvOptions = {},
): Promise<number> {
  const encoder = new TextEncoder();
  return writePieces(path, async (put) => {
    let size = 0, shows: readonly Show[] = [];
    for await (const chunk of sameRows("write rows", rows)) {
      const width = sizeOf(chunk.shape);
      if (size === 0) {
        const names = options.columns ?? rows.columns ?? entryNames("x", chunk.shape);
        if (names.length !== width) {
          throw outOfRange("write rows", `'columns' must name all ${width} columns`, names);
        }
        shows = showsOf(names, options.words);
        await put(encoder.encode(`${names.map(quoted).join(",")}\n`));
      }
      await put(encoder.encode(linesOf(chunk, shows)));
      size += chunk.size;
    }
    if (size === 0) throw outOfRange("write rows", "there must be at least one", 0);
    return size;
  });
}
