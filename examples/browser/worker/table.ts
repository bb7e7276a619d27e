/**
 * The visitor's own table: a file of text whose first line names the columns (RFC 4180).
 *
 * @module
 */
import { dataset, type Leaf } from "../../../mod.ts";
import type { Column } from "../protocol.ts";
import { likelihoodsFor } from "./choices.ts";
import type { Data } from "./data.ts";
import { refuse } from "./refusal.ts";

/** Fewer rows than this are no data set. */
const FEWEST = 20;

/** A column with more different words than this, or than every second row, names its rows. */
const MOST_WORDS = 40;

/** A table with more columns than this is more than a page can show. */
const MOST_COLUMNS = 200;

const ADVICE = "The first line names the columns; every other line has as many cells.";

/** What stands for an entry that is missing. */
const MISSING: ReadonlySet<string> = new Set(["", "na", "n/a", "nan", "null", "none", "?"]);

function isMissing(cell: string): boolean {
  return MISSING.has(cell.toLowerCase());
}

/** The sign that stands most often in the first line. */
function delimiterOf(text: string): string {
  const line = text.slice(0, text.search(/[\r\n]|$/));
  const count = (sign: string): number => line.split(sign).length;
  return [",", ";", "\t"].reduce((best, sign) => count(sign) > count(best) ? sign : best);
}

/** The cells of each line; a cell in quotes may hold delimiters, line ends and doubled quotes. */
export function parse(text: string): string[][] {
  const delimiter = delimiterOf(text), lines: string[][] = [];
  let line: string[] = [], cell = "", quoted = false;
  const endLine = (): void => {
    line.push(cell.trim());
    if (line.length > 1 || line[0] !== "") lines.push(line);
    line = [];
    cell = "";
  };
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (sign === '"' && cell.trim() === "") quoted = true;
    else if (sign === delimiter) {
      line.push(cell.trim());
      cell = "";
    } else if (sign === "\n" || sign === "\r") endLine();
    else cell += sign;
  }
  endLine();
  return lines;
}

/** What a column holds. */
interface Kind {
  readonly leaf: Leaf;
  readonly words?: readonly string[];
}

/** What a column holds, judged by its cells; nothing where it says nothing of its rows. */
function kindOf(cells: readonly string[]): Kind | undefined {
  const present = cells.filter((cell) => !isMissing(cell));
  const different = new Set(present);
  if (different.size < 2) return undefined;
  const numbers = present.map(Number);
  if (numbers.every(Number.isFinite)) {
    if (numbers.every((value) => value === 0 || value === 1)) return { leaf: "binary" };
    const counts = numbers.every((value) => Number.isInteger(value) && value >= 0 && value < 1e6);
    return { leaf: counts ? "count" : "real" };
  }
  if (different.size > Math.min(MOST_WORDS, present.length / 2)) return undefined;
  return { leaf: "category", words: [...different].sort() };
}

/** Mean and standard deviation of what is there. */
function unitsOf(values: readonly number[]): { mean: number; scale: number } {
  const there = values.filter(Number.isFinite);
  const mean = there.reduce((sum, value) => sum + value, 0) / there.length;
  const variance = there.reduce((sum, value) => sum + (value - mean) ** 2, 0) / there.length;
  return { mean, scale: Math.sqrt(variance) || 1 };
}

/** Reads a table. Columns of real numbers are standardized; what is missing is masked. */
export async function readTable(file: File): Promise<Data> {
  const text = (await file.text()).replace(/^\ufeff/, "");
  if (text.includes("\0")) {
    refuse(`“${file.name}” is not text, whatever its name says.`, "Save the table as CSV.");
  }
  const [header = [], ...lines] = parse(text);
  const odd = lines.findIndex((line) => line.length !== header.length);
  if (odd >= 0) {
    const [has, wants] = [lines[odd]!.length, header.length];
    refuse(`Row ${odd + 1} of “${file.name}” has ${has} cells; its header has ${wants}.`, ADVICE);
  }
  if (lines.length < FEWEST) {
    refuse(
      `“${file.name}” has ${lines.length} rows below its header, too few to train on.`,
      `Choose a table with at least ${FEWEST} rows, better some hundreds. ${ADVICE}`,
    );
  }
  const names = new Set<string>(), passedOver: string[] = [];
  const columns: Column[] = [], leaves: Record<string, Leaf> = {};
  const values: number[][] = [], units: { mean: number; scale: number }[] = [];
  header.forEach((given, index) => {
    // A record keeps names that are numbers in an order of its own.
    const stem = given === "" || /^\d+$/.test(given) ? `column ${index + 1}` : given;
    const name = names.has(stem) ? `${stem} (${index + 1})` : stem;
    names.add(name);
    const cells = lines.map((line) => line[index]!);
    const kind = kindOf(cells);
    if (kind === undefined || columns.length === MOST_COLUMNS) return passedOver.push(name);
    const { leaf, words } = kind;
    const numbers = cells.map((cell) =>
      isMissing(cell) ? NaN : words === undefined ? Number(cell) : words.indexOf(cell)
    );
    const unit = leaf === "real" ? unitsOf(numbers) : { mean: 0, scale: 1 };
    columns.push({ name, likelihoods: likelihoodsFor(leaf), ...(words && { words }) });
    leaves[name] = leaf;
    units.push(unit);
    values.push(numbers);
  });
  if (columns.length === 0) {
    refuse(`No column of “${file.name}” holds numbers or a few different words.`, ADVICE);
  }
  const rows = lines.map((_, row) => values.map((column) => column[row]!));
  const missing = rows.flat().filter(Number.isNaN).length;
  const notes: string[] = [];
  if (passedOver.length > 0) {
    notes.push(
      `Left out, as all cells are the same or all words differ: ${passedOver.join(", ")}.`,
    );
  }
  if (units.some(({ scale }) => scale !== 1)) {
    notes.push("Real numbers are standardized for the model, and shown in their own units.");
  }
  if (missing > 0) notes.push(`${missing} entries are missing: they are masked.`);
  const first = columns.findIndex(({ words }) => words !== undefined);
  const classes = first < 0 ? {} : {
    classes: {
      names: columns[first]!.words!,
      codes: Uint8Array.from(values[first]!, (code) => Number.isNaN(code) ? 255 : code),
    },
  };
  return {
    name: file.name,
    dataset: dataset(rows, {
      support: leaves,
      ...(missing > 0 &&
        { mask: rows.map((row) => row.map((value) => Number.isNaN(value) ? 0 : 1)) }),
    }),
    values: Float32Array.from(rows.flat()),
    columns,
    standardization: {
      mean: units.map(({ mean }) => mean),
      scale: units.map(({ scale }) => scale),
    },
    ...classes,
    notes,
  };
}
