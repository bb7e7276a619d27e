/**
 * Codes of classes as one-hot rows.
 *
 * @module
 */
import { reading } from "../../core/data/place.ts";
import type { Source, SourceRows } from "../../core/data/source.ts";
import { outOfRange, requirePositiveInteger, wrongType } from "../../core/errors.ts";
import { sizeOf } from "../../core/types.ts";

/**
 * The codes 0 … C − 1 of a source as rows of C numbers, of which one is 1: what models are
 * conditioned on.
 *
 * @param source One code in each row, as in the files of labels of MNIST.
 * @param classes C, the number of classes.
 * @returns The source of one-hot rows.
 * @throws {RangeError} If the number of classes is no positive integer.
 *
 * @example
 * ```ts
 * import { collect, sources } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const labels = sources.idx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 2, 0));
 * const { x } = (await collect(sources.oneHot(labels, 3))).rows([0, 1]);
 * assert.deepEqual(x.arraySync(), [[0, 0, 1], [1, 0, 0]]);
 * x.dispose();
 * ```
 */
export function oneHot(source: Source, classes: number): Source<"binary"> {
  const action = reading(source.name);
  requirePositiveInteger(action, "classes", classes);
  return {
    kind: "source",
    name: source.name,
    support: "binary",
    open: async () => {
      const contents = await source.open();
      if (sizeOf(contents.shape) !== 1) {
        throw wrongType(action, "codes must be one number in each row", contents.shape);
      }

      async function* read(
        ranges?: Iterable<readonly [number, number]>,
      ): AsyncGenerator<SourceRows> {
        const all = ranges && [...ranges];
        let range = 0, first = all?.[0]?.[0] ?? 0;
        for await (const { size, x } of contents.read(all)) {
          const rows = new Uint8Array(size * classes);
          for (let row = 0; row < size; row++) {
            const code = x[row]!;
            if (!Number.isInteger(code) || code < 0 || code >= classes) {
              const requirement = `the code of row ${first + row} must be from 0 to ${classes - 1}`;
              throw outOfRange(action, requirement, code);
            }
            rows[row * classes + code] = 1;
          }
          yield { size, x: rows };
          first += size;
          if (all !== undefined && first === all[range]![1]) first = all[++range]?.[0] ?? 0;
        }
      }

      const { size, block } = contents;
      return { shape: [classes], size, block, read };
    },
  };
}
