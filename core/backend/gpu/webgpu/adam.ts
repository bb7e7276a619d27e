/**
 * Adam: one launch for every parameter.
 *
 * @module
 */
import { tf } from "../../../deps.ts";
import { ADAM, type AdamStep } from "../../../operations/adam.ts";
import type { Variable } from "../../../types.ts";
import { float, int, kernel, output, type WebgpuKernel } from "./program.ts";
import { launchElementwise } from "./shaders.ts";

// A number whose exponent has all its bits is not finite. Shaders may take it that there is none, so
// that comparing would not do.
const BODY = `
  if ((bitcast<u32>(theta[i]) & 0x7f800000u) == 0x7f800000u) {
    atomicStore(&probes[uniforms.parameter], 0x7fc00000u);
  }
  let first = uniforms.keep1 * m[i] + uniforms.take1 * g[i];
  let second = uniforms.keep2 * v[i] + uniforms.take2 * g[i] * g[i];
  newM[i] = first;
  newV[i] = second;
  newTheta[i] = theta[i] - uniforms.rate * first /
    (sqrt(second * uniforms.correction) + uniforms.epsilon);`;

/** Given θ, m, v and g of every parameter; answers its probes. */
export const adam: WebgpuKernel = kernel<readonly tf.Tensor[], AdamStep>(
  ADAM,
  ({ inputs, attributes, backend }) => {
    const { beta1, beta2, rate, correction, epsilon } = attributes;
    const parameters = inputs.length / 4;
    const zeros = new Float32Array(parameters);
    const probes = backend.makeTensorInfo([parameters], "float32", zeros);
    for (let parameter = 0; parameter < parameters; parameter++) {
      const from = 4 * parameter;
      const [theta, m, v] = inputs.slice(from, from + 3) as [Variable, Variable, Variable];
      const g = inputs[from + 3]!;
      const [newTheta, newM, newV] = [theta, m, v].map(({ shape }) => output(backend, shape)) as [
        tf.TensorInfo,
        tf.TensorInfo,
        tf.TensorInfo,
      ];
      launchElementwise(backend, {
        name: ADAM,
        reads: { theta, m, v, g },
        writes: { newTheta, newM, newV, "probes: atomic<u32>": probes },
        uniforms: {
          parameter: int(parameter),
          keep1: float(beta1),
          take1: float(1 - beta1),
          keep2: float(beta2),
          take2: float(1 - beta2),
          rate: float(rate),
          correction: float(correction),
          epsilon: float(epsilon),
        },
        body: BODY,
      });
      assign([theta, newTheta], [m, newM], [v, newV]);
    }
    return probes;
  },
);

/** Gives variables new data, in place of what they had. */
function assign(...pairs: readonly (readonly [variable: Variable, data: tf.TensorInfo])[]): void {
  for (const [variable, data] of pairs) {
    const tensor = tf.engine().makeTensorFromTensorInfo(data);
    variable.assign(tensor);
    tensor.dispose();
  }
}
