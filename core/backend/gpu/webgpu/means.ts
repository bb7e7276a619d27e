/**
 * The means of some tensors, a few of them in one launch.
 *
 * @module
 */
import { tf } from "../../../deps.ts";
import { MEANS } from "../../../operations/means.ts";
import type { Shape, Tensor } from "../../../types.ts";
import { sizeOf } from "../kernels.ts";
import { int, kernel, output, type WebgpuKernel } from "./program.ts";
import { launchElementwise, launchRows } from "./shaders.ts";

/** WebGPU grants every program eight buffers, one of which is the answer. */
const AT_ONCE = 7;

/** The mean of each tensor. */
export const means: WebgpuKernel = kernel<Readonly<Record<string, Tensor>>, unknown>(
  MEANS,
  ({ inputs, backend }) => {
    const tensors = Object.values(inputs);
    const answer = output(backend, [tensors.length]);
    for (let from = 0; from < tensors.length; from += AT_ONCE) {
      const some = tensors.slice(from, from + AT_ONCE);
      const names = some.map((_, i) => `x${i}`);
      tf.tidy(() =>
        launchRows(backend, {
          name: `${MEANS} ${some.length}`,
          reads: Object.fromEntries(some.map((x, i) => [names[i]!, tf.cast(x, "float32")])),
          writes: { answer },
          uniforms: {
            first: int(from),
            ...Object.fromEntries(some.map(({ shape }, i) => [`size${i}`, int(sizeOf(shape))])),
          },
          rows: some.length,
          // One row a tensor, and a column for each of its elements.
          columns: Math.max(...some.map(({ shape }) => sizeOf(shape))),
          functions: `
            fn sizeOf(row: i32) -> i32 {
              switch row { ${names.map((_, i) => cased(i, `uniforms.size${i}`)).join(" ")} }
            }
            fn element(row: i32, i: i32) -> f32 {
              switch row { ${names.map((name, i) => cased(i, `${name}[i]`)).join(" ")} }
            }`,
          term: "if (column < sizeOf(row)) { total += element(row, column); }",
          answer: "answer[uniforms.first + row] = sum / f32(sizeOf(row));",
        })
      );
    }
    return answer;
  },
);

/** The mean over the batch of the sum of columns `[B]` or `[]`. */
export const meanOfTotal: WebgpuKernel = kernel<Readonly<Record<string, Tensor>>, unknown>(
  "ElboMeanOfTotal",
  ({ inputs, backend }) => {
    const columns = Object.values(inputs);
    if (columns.length > AT_ONCE) {
      return tf.tidy(() => tf.mean(columns.reduce((sum, column) => tf.add(sum, column))));
    }
    const answer = output(backend, []), size = Math.max(...columns.map(({ size }) => size));
    const constant = columns.map(({ size: own }) => own < size);
    launchRows(backend, {
      name: `ElboMeanOfTotal ${constant}`,
      reads: inputs,
      writes: { answer },
      rows: 1,
      columns: size,
      term: Object.keys(inputs).map((name, i) => `total += ${name}[${constant[i] ? 0 : "i"}];`)
        .join(" "),
      answer: "answer[0] = sum / f32(uniforms.columns);",
    });
    return answer;
  },
);

/** The gradient by one of the columns. */
export const meanOfTotalGradient: WebgpuKernel = kernel<
  { readonly upstream: tf.TensorInfo },
  { readonly shape: Shape }
>("ElboMeanOfTotalGradient", ({ inputs: { upstream }, attributes: { shape }, backend }) => {
  const dcolumn = output(backend, shape);
  launchElementwise(backend, {
    name: "ElboMeanOfTotalGradient",
    reads: { upstream },
    writes: { dcolumn },
    body: "dcolumn[i] = upstream[0] / f32(uniforms.size);",
  });
  return dcolumn;
});

/** A branch of a switch; the first one is the default, which WGSL asks for. */
function cased(i: number, value: string): string {
  return `${i === 0 ? "default" : `case ${i}`} { return ${value}; }`;
}
