/**
 * The log-probabilities of Bernoulli and normal data, row by row.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import type { Shape } from "../../../types.ts";
import { elementsOf, kernel, type WasmKernel } from "../kernel.ts";

/** Elements below which a pass is not worth a second thread. */
const GRAIN = 8_000;

/** The axes `[S, B]` before those of the event, and how many numbers each row has. */
function rowsOf(
  x: tf.TensorInfo,
  event: Shape,
): { leading: number[]; rows: number; columns: number } {
  const leading = x.shape.slice(0, x.shape.length - event.length);
  const rows = leading.reduce((product, axis) => product * axis, 1);
  return { leading, rows, columns: rows === 0 ? 0 : elementsOf(x) / rows };
}

/** Σ x·ℓ − softplus(ℓ). */
export const bernoulliLogProb: WasmKernel = kernel<
  { readonly logits: tf.TensorInfo; readonly x: tf.TensorInfo },
  { readonly event: Shape }
>("ElboBernoulliLogProb", ({ inputs: { logits, x }, attributes: { event }, runtime }) => {
  const { leading, rows, columns } = rowsOf(x, event);
  const y = runtime.output(leading);
  const [l, v, out] = [logits, x, y].map(runtime.address) as [number, number, number];
  runtime.inParts("bernoulliLogProb", rows, 1 + GRAIN / columns, (r0, r1) => {
    const skip = 4 * r0 * columns;
    return [l + skip, v + skip, r1 - r0, columns, out + 4 * r0];
  });
  return y;
});

/** dℓ = dy·(x − sigmoid(ℓ)). */
export const bernoulliLogProbGradient: WasmKernel = kernel<
  { readonly logits: tf.TensorInfo; readonly x: tf.TensorInfo; readonly upstream: tf.TensorInfo },
  unknown
>("ElboBernoulliLogProbGradient", ({ inputs: { logits, x, upstream }, runtime }) => {
  const rows = elementsOf(upstream), columns = elementsOf(logits) / rows;
  const dlogits = runtime.output(logits.shape);
  const [l, v, dy, out] = [logits, x, upstream, dlogits].map(runtime.address) as number[];
  runtime.inParts("bernoulliLogProbGradient", rows, 1 + GRAIN / columns, (r0, r1) => {
    const skip = 4 * r0 * columns;
    return [l! + skip, v! + skip, dy! + 4 * r0, r1 - r0, columns, out! + skip];
  });
  return dlogits;
});

type NormalInputs = {
  readonly mean: tf.TensorInfo;
  readonly scale: tf.TensorInfo;
  readonly x: tf.TensorInfo;
};

/** Σ −½((x − μ)/σ)² − log σ − ½ log 2π. */
export const normalLogProb: WasmKernel = kernel<NormalInputs, { readonly event: Shape }>(
  "ElboNormalLogProb",
  ({ inputs: { mean, scale, x }, attributes: { event }, runtime }) => {
    const { leading, rows, columns } = rowsOf(x, event);
    const shared = Number(elementsOf(scale) !== elementsOf(mean));
    const y = runtime.output(leading);
    const [m, s, v, out] = [mean, scale, x, y].map(runtime.address) as number[];
    runtime.inParts("normalLogProb", rows, 1 + GRAIN / columns, (r0, r1) => {
      const skip = 4 * r0 * columns;
      const scaleStart = s! + (shared ? 0 : skip);
      return [m! + skip, scaleStart, shared, v! + skip, r1 - r0, columns, out! + 4 * r0];
    });
    return y;
  },
);

/** dμ, and dσ of every element, or of every row where σ is shared. */
export const normalLogProbGradient: WasmKernel = kernel<
  NormalInputs & { readonly upstream: tf.TensorInfo },
  unknown
>("ElboNormalLogProbGradient", ({ inputs: { mean, scale, x, upstream }, runtime }) => {
  const rows = elementsOf(upstream), columns = elementsOf(mean) / rows;
  const shared = Number(elementsOf(scale) !== elementsOf(mean));
  const dmean = runtime.output(mean.shape);
  const dscale = runtime.output(shared ? [rows] : scale.shape);
  const [m, s, v, dy, dm, ds] = [mean, scale, x, upstream, dmean, dscale].map(
    runtime.address,
  ) as number[];
  runtime.inParts("normalLogProbGradient", rows, 1 + GRAIN / columns, (r0, r1) => {
    const skip = 4 * r0 * columns;
    return [
      m! + skip,
      s! + (shared ? 0 : skip),
      shared,
      v! + skip,
      dy! + 4 * r0,
      r1 - r0,
      columns,
      dm! + skip,
      ds! + (shared ? 4 * r0 : skip),
    ];
  });
  return [dmean, dscale];
});
