/**
 * A source with what comes with its rows: checked to fit together, and read side by side.
 *
 * @module
 */
import { outOfRange, requireNumber, requirePositiveInteger, wrongType } from "../errors.ts";
import { requireInside } from "../inside.ts";
import type { OptionNames } from "../options.ts";
import { type Categories, requireSupport, type Support } from "../support.ts";
import { sameShape, type Shape, sizeOf } from "../types.ts";
import { reading } from "./place.ts";
import type { Source, SourceContents, SourceRows } from "./source.ts";

/** How a source is read. */
export interface SourceOptions<S extends Support> {
  /** The support of the values: that of the source unless told. Each of them is checked. */
  readonly support?: S | undefined;
  /** The shape of a row `[…D]`, if it is to be another one with as many entries. */
  readonly shape?: Shape | undefined;
  /**
   * What every value is multiplied by: 1 / 255 makes bytes grey values between 0 and 1.
   * @default 1
   */
  readonly scale?: number | undefined;
  /** What the model is conditioned on, a row for each datum. */
  readonly condition?: Source | undefined;
  /** 1 where an entry was observed and 0 where it is missing, a row for each datum. */
  readonly mask?: Source | undefined;
  /** Log size factors for the likelihood, a number for each datum. */
  readonly offset?: Source | undefined;
}

/** The names of these options. */
export const SOURCE_NAMES: OptionNames<SourceOptions<Support>> = {
  support: true,
  shape: true,
  scale: true,
  condition: true,
  mask: true,
  offset: true,
};

/** What a batch is made of. */
export type PartName = "x" | "condition" | "mask" | "offset";

/** One of the parts that the rows of some data have. */
export interface Part {
  readonly name: PartName;
  readonly shape: Shape;
  /** The numbers of one row. */
  readonly width: number;
}

/** Data that can be read. */
export interface OpenData<S extends Support> {
  readonly name: string;
  readonly support: S;
  readonly categories?: Categories | undefined;
  readonly parts: readonly Part[];
  readonly scale: number;
  readonly size?: number | undefined;
  readonly block?: number | undefined;
  readonly read: (ranges?: readonly (readonly [number, number])[]) => AsyncIterable<SourceRows>;
  /** Throws unless values that were read, or made of them, lie inside their support. */
  readonly requireInside: (
    part: Part,
    values: Float32Array,
    support: Support,
    mask: Float32Array | undefined,
    numberOf: (row: number) => number,
  ) => void;
}

/** Where reading stands in a source that is read beside others. */
interface Cursor {
  readonly part: Part;
  readonly rows: AsyncIterator<SourceRows>;
  current: SourceRows | undefined;
  at: number;
}

/** Rows of several sources side by side. All have to end together. */
async function* beside(
  action: string,
  sources: readonly { readonly part: Part; readonly contents: SourceContents }[],
  ranges: readonly (readonly [number, number])[] | undefined,
): AsyncGenerator<SourceRows> {
  const cursors = sources.map(({ part, contents }): Cursor => ({
    part,
    rows: contents.read(ranges)[Symbol.asyncIterator](),
    current: undefined,
    at: 0,
  }));
  let taken = 0;
  try {
    for (;;) {
      for (const cursor of cursors) {
        while (cursor.current === undefined || cursor.at === cursor.current.size) {
          const { value, done } = await cursor.rows.next();
          if (done) {
            cursor.current = undefined;
            break;
          }
          cursor.current = value;
          cursor.at = 0;
        }
      }
      const ended = cursors.find(({ current }) => current === undefined);
      if (ended !== undefined) {
        const other = cursors.find(({ current }) => current !== undefined);
        if (other === undefined) return;
        const requirement = `'${ended.part.name}' must have as many rows as '${other.part.name}'`;
        throw outOfRange(action, requirement, taken);
      }
      const size = Math.min(...cursors.map(({ current, at }) => current!.size - at));
      const parts: [PartName, SourceRows["x"]][] = [];
      for (const [i, cursor] of cursors.entries()) {
        const { current, at, part } = cursor, rows = current!;
        const cut = (values: SourceRows["x"], width: number) =>
          values.subarray(at * width, (at + size) * width);
        parts.push([part.name, cut(rows.x, part.width)]);
        if (i === 0) {
          for (const name of ["condition", "mask", "offset"] as const) {
            const values = rows[name];
            if (values !== undefined) parts.push([name, cut(values, values.length / rows.size)]);
          }
        }
        cursor.at += size;
      }
      taken += size;
      yield { size, ...Object.fromEntries(parts) as unknown as Omit<SourceRows, "size"> };
    }
  } finally {
    for (const { rows } of cursors) await rows.return?.();
  }
}

/** Opens a source, and what comes with it. */
export async function openData<S extends Support, T extends Support = S>(
  source: Source<S>,
  options: SourceOptions<T>,
): Promise<OpenData<T>> {
  if (source?.kind !== "source") {
    throw wrongType("read data", "they must be a source, as in 'sources.idx(path)'", source);
  }
  const { name } = source, action = reading(name);
  const { scale = 1 } = options;
  requireNumber(action, "scale", scale);
  const contents = await source.open();
  const shape = options.shape ?? contents.shape;
  shape.forEach((axis) => requirePositiveInteger(action, "shape", axis));
  if (sizeOf(shape) !== sizeOf(contents.shape)) {
    const requirement = `'shape' must have as many entries as [${contents.shape.join(", ")}]`;
    throw wrongType(action, requirement, shape);
  }
  const support = (options.support ?? source.support) as Support as T;
  requireSupport(action, support, shape);

  const partOf = (name: PartName, shape: Shape): Part => ({ name, shape, width: sizeOf(shape) });
  const x = partOf("x", shape), parts = [x], all = [{ part: x, contents }];
  const own = {
    condition: contents.condition,
    mask: contents.mask ? shape : undefined,
    offset: contents.offset ? [] : undefined,
  };
  for (const part of ["condition", "mask", "offset"] as const) {
    const other = options[part], known = own[part];
    if (other === undefined) {
      if (known !== undefined) parts.push(partOf(part, known));
      continue;
    }
    if (known !== undefined) {
      throw outOfRange(action, `'${part}' must not be given twice`, other.name);
    }
    const beside = await other.open();
    const wanted = { condition: beside.shape, mask: shape, offset: [] }[part];
    if (sizeOf(beside.shape) !== sizeOf(wanted)) {
      const requirement = `'${part}' must have rows of shape [${wanted.join(", ")}]`;
      throw wrongType(action, requirement, beside.shape);
    }
    if (contents.size !== undefined && beside.size !== undefined && contents.size !== beside.size) {
      throw outOfRange(action, `'${part}' must have ${contents.size} rows`, beside.size);
    }
    const added = partOf(part, wanted);
    parts.push(added);
    all.push({ part: added, contents: beside });
  }
  const columns = sameShape(shape, contents.shape) ? contents.columns : undefined;
  return {
    name,
    support,
    categories: options.support === undefined ? contents.categories : undefined,
    parts,
    scale,
    size: all.find(({ contents }) => contents.size !== undefined)?.contents.size,
    block: all.every(({ contents }) => contents.block !== undefined) ? contents.block : undefined,
    read: all.length === 1 ? contents.read : (ranges) => beside(action, all, ranges),
    requireInside: ({ name, shape, width }, values, support, mask, numberOf) =>
      requireInside(action, name, values, support, shape, mask, (index) => {
        const row = `row ${numberOf(Math.floor(index / width))}`, column = columns?.[index % width];
        return { row, column: name === "x" ? column : undefined };
      }),
  };
}
