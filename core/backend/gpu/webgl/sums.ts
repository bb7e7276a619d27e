/**
 * Sums on the WebGL backend, which read what products leave as it is.
 *
 * @module
 */
import { tf } from "../../../deps.ts";
import type { Shape, Tensor } from "../../../types.ts";
import { sizeOf } from "../kernels.ts";
import { launch, type WebglBackend } from "./program.ts";

/** How many elements one run of a shader sums: more would leave too few of them running at once. */
const MOST = 4096;

/** A tensor as matrices, which is how the backend lays it out: always the same data. */
export function asMatrices({ dataId, dtype, shape }: tf.TensorInfo): tf.TensorInfo & {
  readonly shape: [count: number, rows: number, columns: number];
} {
  const [rows = 1, columns = 1] = shape.length === 1 ? [1, shape[0]!] : shape.slice(-2);
  return { dataId, dtype, shape: [sizeOf(shape.slice(0, -2)), rows, columns] };
}

/** The sum over the rows or the columns of each matrix: `[count, columns]` or `[count, rows]`. */
function sumMatrices(backend: WebglBackend, x: tf.TensorInfo, over: "rows" | "columns"): Tensor {
  const matrices = asMatrices(x), [count, rows, columns] = matrices.shape;
  const [length, width] = over === "rows" ? [rows, columns] : [columns, rows];
  const [here, next] = over === "rows" ? ["rg", "ba"] : ["rb", "ga"];
  return launch(backend, {
    reads: { X: matrices },
    shape: [count, width],
    code: `
      vec2 sumsOf(int matrix, int at) {
        vec2 sums = vec2(0.0);
        for (int i = 0; i < ${length}; i += 2) {
          vec4 x = getX(matrix, ${over === "rows" ? "i, at" : "at, i"});
          sums += x.${here};
          if (i + 1 < ${length}) sums += x.${next};
        }
        if (at + 1 >= ${width}) sums.y = 0.0;
        return sums;
      }
      void main() {
        ivec2 at = getOutputCoords();
        vec2 below = at.x + 1 < ${count} ? sumsOf(at.x + 1, at.y) : vec2(0.0);
        setOutput(vec4(sumsOf(at.x, at.y), below));
      }`,
  });
}

/** The sum over the event: of the shape `leading`. */
export function sumOverEvent(backend: WebglBackend, x: Tensor, leading: Shape): Tensor {
  const axes = x.rank - leading.length;
  if (axes === 0) return tf.reshape(x, [...leading]);
  if (axes > 1 || leading.length === 0 || x.shape.at(-1)! > MOST) {
    return tf.sum(x, Array.from({ length: axes }, (_, i) => leading.length + i));
  }
  return tf.reshape(sumMatrices(backend, x, "columns"), [...leading]);
}

/** The sum over all axes but the last: `[columns]`. */
export function sumOverRows(backend: WebglBackend, x: Tensor): Tensor {
  const [count, rows, columns] = asMatrices(x).shape;
  if (Math.max(count, rows) > MOST) return tf.sum(tf.reshape(x, [-1, columns]), 0);
  const sums = sumMatrices(backend, x, "rows");
  return tf.reshape(count === 1 ? sums : sumMatrices(backend, sums, "rows"), [columns]);
}

/** Fewer numbers that have the same sum. */
export function condense(backend: WebglBackend, x: Tensor): Tensor {
  if (x.size <= MOST) return x;
  const [count, rows, columns] = asMatrices(x).shape;
  // Not worth it where there is hardly anything to sum along.
  if (Math.max(rows, columns) < 8) return tf.sum(tf.reshape(x, [count, -1]), 1);
  return condense(backend, sumMatrices(backend, x, rows > columns ? "rows" : "columns"));
}
