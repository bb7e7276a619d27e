/**
 * The two shapes that most of our shaders have, and the functions that they share.
 *
 * @module
 */
import { sizeOf } from "../kernels.ts";
import { int, launch, type Program, THREADS, type WebgpuBackend } from "./program.ts";

/** log(1 + eˣ) and 1/(1 + e⁻ˣ), without overflow or lost digits. */
export const SOFTPLUS = `
  fn softplus(x: f32) -> f32 {
    let t = exp(-abs(x));
    // log(1 + t) loses what t has below its last digit.
    return max(x, 0.0) + select(log(1.0 + t), t * (1.0 - 0.5 * t), t < 1e-3);
  }
  fn sigmoid(x: f32) -> f32 {
    let t = exp(-abs(x));
    return select(t, 1.0, x >= 0.0) / (1.0 + t);
  }`;

/** The sum over all threads of a workgroup, known to its first thread. */
const SUM_OVER_THREADS = `
  var<workgroup> sums: array<f32, ${THREADS}>;
  fn sumOverThreads(value: f32, thread: i32) -> f32 {
    sums[thread] = value;
    for (var span = ${THREADS / 2}; span > 0; span /= 2) {
      workgroupBarrier();
      if (thread < span) { sums[thread] += sums[thread + span]; }
    }
    return sums[0];
  }`;

/** A shader for each element of what it writes: `body` computes that of number `i`. */
export function launchElementwise(
  backend: WebgpuBackend,
  { body, functions = "", ...program }:
    & Omit<Program, "code" | "workgroups">
    & { readonly body: string; readonly functions?: string },
): void {
  const size = sizeOf(Object.values(program.writes)[0]!.shape);
  launch(backend, {
    ...program,
    uniforms: { size: int(size), ...program.uniforms },
    code: `${functions}
      fn run(group: i32, thread: i32) {
        let i = group * ${THREADS} + thread;
        if (i < uniforms.size) { ${body} }
      }`,
    workgroups: Math.ceil(size / THREADS),
  });
}

/** A shader for rows: each gets the sum of `term`, which computes that of element `i`. */
export function launchRows(
  backend: WebgpuBackend,
  { term, answer, functions = "", rows, columns, ...program }:
    & Omit<Program, "code" | "workgroups">
    & {
      readonly term: string;
      /** Takes `sum` and the number of the `row`. */
      readonly answer: string;
      readonly functions?: string;
      readonly rows: number;
      readonly columns: number;
    },
): void {
  launch(backend, {
    ...program,
    uniforms: { rows: int(rows), columns: int(columns), ...program.uniforms },
    code: `${functions} ${SUM_OVER_THREADS}
      fn run(group: i32, thread: i32) {
        let row = min(group, uniforms.rows - 1);
        var total = 0.0;
        for (var column = thread; column < uniforms.columns; column += ${THREADS}) {
          let i = row * uniforms.columns + column;
          ${term}
        }
        let sum = sumOverThreads(total, thread);
        if (thread == 0 && group < uniforms.rows) { ${answer} }
      }`,
    workgroups: rows,
  });
}
