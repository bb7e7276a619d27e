/**
 * Functions of single numbers that networks and likelihoods are made of, vectorized.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { elementsOf, kernel, type WasmKernel } from "../kernel.ts";

/** Numbers below which a pass is not worth a second thread. */
const GRAIN = 8_000;

function unary(name: string, run: "exp" | "sigmoid" | "softplus" | "tanh"): WasmKernel {
  return kernel<{ readonly x: tf.TensorInfo }, unknown>(
    name,
    ({ inputs: { x }, runtime, stock }) => {
      if (x.dtype !== "float32") return stock();
      const y = runtime.output(x.shape);
      const [from, to] = [x, y].map(runtime.address) as [number, number];
      const part = (start: number, end: number) =>
        [from + 4 * start, to + 4 * start, end - start] as [number, number, number];
      if (run !== "softplus") runtime.inParts(run, elementsOf(x), GRAIN, part);
      else runtime.inParts(run, elementsOf(x), GRAIN, (start, end) => [...part(start, end), 0]);
      return y;
    },
  );
}

/** eˣ, 1/(1 + e⁻ˣ), log(1 + eˣ) and tanh x. */
export const unaries: readonly WasmKernel[] = [
  unary("Exp", "exp"),
  unary("Sigmoid", "sigmoid"),
  unary("Softplus", "softplus"),
  unary("Tanh", "tanh"),
];
