/**
 * Rows of numbers that are made chunk by chunk, so that there may be more than fit into memory.
 *
 * @module
 */
import { wrongType } from "../errors.ts";
import { sameShape, type Shape, sizeOf } from "../types.ts";

/** Some rows of numbers. */
export interface Rows {
  /** The number of rows. */
  readonly size: number;
  /** The shape of one row; `[]` where it is a single number. */
  readonly shape: Shape;
  /** Their numbers, one row after the other. */
  readonly values: Float32Array;
}

/**
 * Rows of one shape that are computed chunk by chunk while one goes through them with `for await`.
 * Nothing is computed before that or kept after it; to go through them again computes them anew.
 */
export interface RowStream<out R extends Rows = Rows> extends AsyncIterable<R> {
  /** The shape of one row; `[]` where it is a single number. */
  readonly shape: Shape;
  /** The number of rows, where it is known. */
  readonly size: number | undefined;
  /** The names of the numbers in a row, where they have any. */
  readonly columns?: readonly string[] | undefined;
}

/**
 * All rows at once, where they fit into memory.
 *
 * @param rows The rows.
 * @returns All of them as one chunk.
 *
 * @example
 * ```ts
 * import { allRows, dataset, embeddings, presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [2], latent: 3, hidden: [8] });
 * const bits = dataset([[0, 1], [1, 1], [1, 0]], { support: "binary" });
 * const { size, shape, values } = await allRows(embeddings(model, bits));
 * assert.deepEqual([size, shape, values.length], [3, [3], 9]);
 * model.dispose();
 * ```
 */
export async function allRows(rows: RowStream): Promise<Rows> {
  const chunks: Rows[] = [];
  for await (const chunk of rows) chunks.push(chunk);
  const size = chunks.reduce((sum, chunk) => sum + chunk.size, 0), width = sizeOf(rows.shape);
  const values = new Float32Array(size * width);
  let row = 0;
  for (const chunk of chunks) {
    values.set(chunk.values, row * width);
    row += chunk.size;
  }
  return { size, shape: rows.shape, values };
}

/** `z0`, `z1`, … for the numbers of a row, `z0_0`, `z0_1`, … where it has two axes. */
export function entryNames(prefix: string, shape: Shape): string[] {
  return shape.reduce(
    (names, axis, i) =>
      names.flatMap((name) =>
        Array.from({ length: axis }, (_, j) => i === 0 ? `${name}${j}` : `${name}_${j}`)
      ),
    [prefix],
  );
}

/**
 * Chunks of rows that have one shape, without those that are empty.
 *
 * @throws {TypeError} If one has another shape, or not as many numbers as it says.
 */
export async function* sameRows(
  action: string,
  rows: AsyncIterable<Rows> | Iterable<Rows>,
): AsyncGenerator<Rows> {
  let shape: Shape | undefined;
  for await (const chunk of rows) {
    shape ??= chunk.shape;
    if (!sameShape(chunk.shape, shape)) {
      throw wrongType(action, `all must have shape [${shape.join(", ")}]`, chunk.shape);
    }
    const numbers = chunk.size * sizeOf(shape);
    if (chunk.values.length !== numbers) {
      const requirement = `${chunk.size} rows must have ${numbers} numbers`;
      throw wrongType(action, requirement, chunk.values.length);
    }
    if (chunk.size > 0) yield chunk;
  }
}
