/**
 * Adam: three launches for every parameter, as a shader writes one texture.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { ADAM, type AdamStep } from "../../../operations/adam.ts";
import type { Tensor, Variable } from "../../../types.ts";
import { meansOfAll } from "./means.ts";
import { elementwise, kernel, type WebglBackend, type WebglKernel } from "./program.ts";

/** Packed, so that not each of several shaders packs it anew. */
function packed(backend: WebglBackend, x: tf.TensorInfo): tf.TensorInfo {
  const { texture, isPacked } = backend.texData.get(x.dataId);
  return texture == null || isPacked ? x : backend.packTensor(x);
}

/** Given θ, m, v and g of every parameter; answers its probes. */
export const adam: WebglKernel = kernel<readonly Tensor[], AdamStep>(
  ADAM,
  ({ inputs, attributes: { beta1, beta2, rate, correction, epsilon }, backend }) => {
    const parameters = inputs.filter((_, i) => i % 4 === 0);
    // Taken before anything changes.
    const probes = meansOfAll(backend, parameters);
    parameters.forEach((_, i) => {
      const [theta, m, v, g] = inputs.slice(4 * i, 4 * i + 4) as [
        Variable,
        Variable,
        Variable,
        Tensor,
      ];
      const gradient = packed(backend, g), { shape } = theta;
      m.assign(elementwise(backend, {
        reads: { m, g: gradient },
        shape,
        uniforms: { keep: beta1, take: 1 - beta1 },
        value: "keep * m + take * g",
      }));
      v.assign(elementwise(backend, {
        reads: { v, g: gradient },
        shape,
        uniforms: { keep: beta2, take: 1 - beta2 },
        value: "keep * v + take * g * g",
      }));
      theta.assign(elementwise(backend, {
        reads: { theta, m, v },
        shape,
        uniforms: { rate, correction, epsilon },
        value: "theta - rate * m / (sqrt(v * correction) + epsilon)",
      }));
      if (gradient !== g) backend.disposeIntermediateTensorInfo(gradient);
    });
    return probes;
  },
);
