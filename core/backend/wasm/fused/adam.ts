/**
 * Adam in place, for all parameters in one launch.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { ADAM, type AdamStep } from "../../../operations/adam.ts";
import { kernel, type WasmKernel } from "../kernel.ts";

/** Elements below which an update is not worth a second thread. */
const GRAIN = 10_000;

/** Given θ, m, v and g of every parameter; answers its probes. */
export const adam: WasmKernel = kernel<readonly tf.Tensor[], AdamStep>(
  ADAM,
  ({ inputs, attributes: { beta1, beta2, rate, correction, epsilon }, runtime }) => {
    const probes: number[] = [];
    for (let i = 0; i < inputs.length; i += 4) {
      const [theta, m, v, g] = inputs.slice(i, i + 4) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const [p, first, second] = [theta, m, v].map(runtime.own) as [number, number, number];
      const gradient = runtime.address(g);
      const found = runtime.inParts("adam", theta.size, GRAIN, (from, to) => {
        const skip = 4 * from;
        return [
          p + skip,
          first + skip,
          second + skip,
          gradient + skip,
          to - from,
          beta1,
          beta2,
          rate,
          correction,
          epsilon,
        ];
      });
      probes.push(found.reduce((sum, probe) => sum + probe));
    }
    const answer = runtime.output([probes.length]);
    runtime.view(runtime.address(answer), probes.length).set(probes);
    return answer;
  },
);
