/**
 * The models in the operations of jax-js.
 *
 * @module
 */
import type { JaxArray, lazy } from "../deps.ts";
import type { ModelName } from "../models.ts";

/** Named arrays: parameters, gradients, what an optimizer keeps. */
export type Arrays = { [name: string]: JaxArray };

/** A model as pure functions. */
interface JaxModel {
  /** One datum, channels first. */
  readonly shape: readonly number[];
  readonly latent: number;
  readonly initial: () => Arrays;
  /** −ELBO of a batch in nats per datum; it uses up what it is given. */
  readonly loss: (parameters: Arrays, x: JaxArray, noise: JaxArray) => JaxArray;
}

/** Every model by its name. */
export function jaxModels(
  { lax, nn, numpy, random }: Awaited<ReturnType<typeof lazy.jax>>,
): Record<ModelName, JaxModel> {
  /** A weight between ±√(6 / (in + out)), after Glorot and Bengio. */
  function weight(seed: number, shape: number[], fanIn: number, fanOut: number): JaxArray {
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    return random.uniform(random.key(seed), shape, { minval: -limit, maxval: limit });
  }

  /** Kernels `wN` and biases `bN` of dense layers of these widths, after those that are there. */
  function denseLayers(widths: readonly (readonly [number, number])[], after: Arrays = {}): Arrays {
    const all: Arrays = { ...after };
    for (const [i, [inputs, outputs]] of widths.entries()) {
      all[`w${i}`] = weight(i, [inputs, outputs], inputs, outputs);
      all[`b${i}`] = numpy.zeros([outputs]);
    }
    return all;
  }

  const dense = (parameters: Arrays, layer: number, x: JaxArray): JaxArray =>
    numpy.matmul(x, parameters[`w${layer}`]!).add(parameters[`b${layer}`]!);

  /** −ELBO, where z = μ + σ·ε and p(x|z) is Bernoulli. */
  function negativeElbo(
    x: JaxArray,
    mean: JaxArray,
    logVariance: JaxArray,
    noise: JaxArray,
    decode: (z: JaxArray) => JaxArray,
  ): JaxArray {
    const logits = decode(mean.ref.add(numpy.exp(logVariance.ref.mul(0.5)).mul(noise)));
    const rows = x.shape[0]!;
    const flat = logits.reshape([rows, -1]);
    const reconstruction = nn.softplus(flat.ref).sub(x.reshape([rows, -1]).mul(flat)).sum(1);
    const both = numpy.square(mean).add(numpy.exp(logVariance.ref));
    return reconstruction.add(logVariance.add(1).sub(both).sum(1).mul(-0.5)).mean();
  }

  const mlp: JaxModel = {
    shape: [784],
    latent: 20,
    initial: () => denseLayers([[784, 400], [400, 20], [400, 20], [20, 400], [400, 784]]),
    loss: (p, x, noise) => {
      const h = nn.relu(dense(p, 0, x.ref));
      return negativeElbo(
        x,
        dense(p, 1, h.ref),
        dense(p, 2, h),
        noise,
        (z) => dense(p, 4, nn.relu(dense(p, 3, z))),
      );
    },
  };

  const bias = (p: Arrays, name: string): JaxArray => p[name]!.reshape([1, -1, 1, 1]);
  const down = (p: Arrays, i: number, x: JaxArray): JaxArray =>
    nn.relu(lax.conv(x, p[`c${i}`]!, [2, 2], "SAME").add(bias(p, `cb${i}`)));
  const up = (p: Arrays, i: number, x: JaxArray): JaxArray =>
    lax.convTranspose(x, p[`c${i}`]!, [2, 2], "SAME").add(bias(p, `cb${i}`));

  const conv: JaxModel = {
    shape: [1, 28, 28],
    latent: 16,
    initial: () => {
      const kernels: Arrays = {};
      for (const [i, [inputs, outputs]] of [[1, 32], [32, 64], [64, 32], [32, 1]].entries()) {
        const shape = [outputs!, inputs!, 3, 3];
        kernels[`c${i}`] = weight(10 + i, shape, 9 * inputs!, 9 * outputs!);
        kernels[`cb${i}`] = numpy.zeros([outputs!]);
      }
      return denseLayers([[3136, 16], [16, 16], [16, 16], [16, 16], [16, 3136]], kernels);
    },
    loss: (p, x, noise) => {
      const rows = x.shape[0]!;
      const h = nn.relu(dense(p, 0, down(p, 1, down(p, 0, x.ref)).reshape([rows, 3136])));
      return negativeElbo(x, dense(p, 1, h.ref), dense(p, 2, h), noise, (z) => {
        const wide = nn.relu(dense(p, 4, nn.relu(dense(p, 3, z))));
        return up(p, 3, nn.relu(up(p, 2, wide.reshape([rows, 64, 7, 7]))));
      });
    },
  };

  return { mlp, conv };
}
