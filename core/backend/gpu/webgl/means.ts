/**
 * The means of some tensors: one launch for all small ones, and one or two before it for a large one.
 *
 * @module
 */
import { tf } from "../../../deps.ts";
import { MEANS } from "../../../operations/means.ts";
import type { Shape, Tensor } from "../../../types.ts";
import { elementwise, kernel, launch, type WebglBackend, type WebglKernel } from "./program.ts";
import { asMatrices, condense } from "./sums.ts";

/** How many textures a shader may read. */
const atOnce = (): number => tf.env().getNumber("WEBGL_MAX_TEXTURES_IN_SHADER");

/** GLSL for the mean of matrices of some shape, which the sums over `size` numbers are in. */
function meanCode(name: string, [count, rows, columns]: Shape, size: number): string {
  return `
    float meanOf${name}() {
      float sum = 0.0;
      for (int matrix = 0; matrix < ${count}; matrix++) {
        for (int row = 0; row < ${rows}; row += 2) {
          for (int column = 0; column < ${columns}; column += 2) {
            vec4 x = get${name}(matrix, row, column);
            sum += x.r;
            if (column + 1 < ${columns}) sum += x.g;
            if (row + 1 < ${rows}) sum += x.b;
            if (column + 1 < ${columns} && row + 1 < ${rows}) sum += x.a;
          }
        }
      }
      return sum / ${size}.0;
    }`;
}

/** The means of at most {@linkcode atOnce} tensors, or all of these means added up. */
function meansOf(backend: WebglBackend, tensors: readonly Tensor[], added = false): Tensor {
  const parts = tensors.map((x) => asMatrices(condense(backend, tf.cast(x, "float32"))));
  const names = parts.map((_, i) => `X${i}`);
  return launch(backend, {
    reads: Object.fromEntries(parts.map((part, i) => [names[i]!, part])),
    shape: added ? [] : [tensors.length],
    packed: false,
    code: `${names.map((name, i) => meanCode(name, parts[i]!.shape, tensors[i]!.size)).join("")}
      void main() {
        ${
      added
        ? `setOutput(${names.map((name) => `meanOf${name}()`).join(" + ")});`
        : `${tensors.length > 1 ? "int at = getOutputCoords();" : "int at = 0;"}
          ${names.map((name, i) => `if (at == ${i}) setOutput(meanOf${name}());`).join("\n")}`
    }
      }`,
  });
}

/** The mean of each tensor. */
export function meansOfAll(backend: WebglBackend, tensors: readonly Tensor[]): Tensor {
  const groups: Tensor[] = [];
  for (let first = 0; first < tensors.length; first += atOnce()) {
    groups.push(meansOf(backend, tensors.slice(first, first + atOnce())));
  }
  return groups.length === 1 ? groups[0]! : tf.concat(groups);
}

/** The mean of each tensor. */
export const means: WebglKernel = kernel<Readonly<Record<string, Tensor>>, unknown>(
  MEANS,
  ({ inputs, backend }) => meansOfAll(backend, Object.values(inputs)),
);

/** The mean over the batch of the sum of columns `[B]` or `[]`, which is the sum of their means. */
export const meanOfTotal: WebglKernel = kernel<Readonly<Record<string, Tensor>>, unknown>(
  "ElboMeanOfTotal",
  ({ inputs, backend }) => {
    const columns = Object.values(inputs);
    return columns.length > atOnce()
      ? tf.sum(meansOfAll(backend, columns))
      : meansOf(backend, columns, true);
  },
);

/** The gradient by one of the columns. */
export const meanOfTotalGradient: WebglKernel = kernel<
  { readonly upstream: tf.TensorInfo },
  { readonly shape: Shape }
>(
  "ElboMeanOfTotalGradient",
  ({ inputs: { upstream }, attributes: { shape }, backend }) =>
    elementwise(backend, {
      reads: { upstream },
      shape,
      uniforms: { size: shape[0] ?? 1 },
      value: "upstream / size",
    }),
);
