/**
 * Bias and activation over the last axis, and the way back.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import type { LayerAttributes } from "../dense.ts";
import { sizeOf } from "../kernels.ts";
import { int, kernel, launch, output, THREADS, type WebgpuKernel } from "./program.ts";
import { launchElementwise } from "./shaders.ts";

/** Columns that a workgroup of {@linkcode addBiasGradient} sums; the other threads share the rows. */
const COLUMNS = 16;
const LANES = THREADS / COLUMNS;

/** Bias and activation over the last axis. */
export const addBias: WebgpuKernel = kernel<
  { readonly x: tf.TensorInfo; readonly bias: tf.TensorInfo },
  LayerAttributes
>("ElboAddBias", ({ inputs: { x, bias }, attributes: { activation }, backend }) => {
  const y = output(backend, x.shape);
  launchElementwise(backend, {
    name: `ElboAddBias ${activation}`,
    reads: { x, bias },
    writes: { y },
    uniforms: { columns: int(sizeOf(bias.shape)) },
    body: `let before = x[i] + bias[i % uniforms.columns];
      y[i] = ${activation === "relu" ? "select(before, 0.0, before < 0.0)" : "before"};`,
  });
  return y;
});

/** The gradients by the bias and, where there is an activation, by what came before it. */
export const addBiasGradient: WebgpuKernel = kernel<
  { readonly upstream: tf.TensorInfo; readonly answer?: tf.TensorInfo },
  LayerAttributes
>("ElboAddBiasGradient", ({ inputs: { upstream, answer }, backend }) => {
  const columns = upstream.shape.at(-1)!, rows = sizeOf(upstream.shape) / columns;
  const dbias = output(backend, [columns]);
  const dx = answer && output(backend, upstream.shape);
  launch(backend, {
    name: `ElboAddBiasGradient ${answer === undefined ? "linear" : "relu"}`,
    reads: { upstream, ...(answer && { answer }) },
    writes: { dbias, ...(dx && { dx }) },
    uniforms: { rows: int(rows), columns: int(columns) },
    code: `var<workgroup> sums: array<f32, ${THREADS}>;
      fn run(group: i32, thread: i32) {
        let column = group * ${COLUMNS} + thread % ${COLUMNS};
        var total = 0.0;
        if (column < uniforms.columns) {
          for (var row = thread / ${COLUMNS}; row < uniforms.rows; row += ${LANES}) {
            let i = row * uniforms.columns + column;
            ${
      answer === undefined
        ? "total += upstream[i];"
        : "let before = select(0.0, upstream[i], answer[i] > 0.0); dx[i] = before; total += before;"
    }
          }
        }
        sums[thread] = total;
        for (var span = ${THREADS / 2}; span >= ${COLUMNS}; span /= 2) {
          workgroupBarrier();
          if (thread < span) { sums[thread] += sums[thread + span]; }
        }
        if (thread < ${COLUMNS} && column < uniforms.columns) { dbias[column] = sums[thread]; }
      }`,
    workgroups: Math.ceil(columns / COLUMNS),
  });
  return dx === undefined ? [dbias] : [dbias, dx];
});
