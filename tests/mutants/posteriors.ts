/**
 * Wrong posteriors.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution, Reparameterized } from "../../core/distribution.ts";
import { zeros } from "../../core/initializers.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import type { Posterior } from "../../core/posterior.ts";
import { type Heads, type Shape, sizeOf, type Tensor } from "../../core/types.ts";
import { normal, positiveScale } from "../../plugins/distributions/normal.ts";
import { transformed } from "../../plugins/distributions/transformed.ts";
import { posteriorLaws } from "../laws/mod.ts";
import {
  type MeanAndScale,
  normalDensities,
  normalOf,
  normalValue,
  type Pieces,
} from "./families.ts";
import type { Mutant, Suite } from "./mutant.ts";

/** A posterior of `mean` and `rawScale`. */
const posterior = (
  name: string,
  make: (outputs: MeanAndRaw) => Distribution,
  heads: (latent: Shape) => Heads = (latent) => ({ mean: latent, rawScale: latent }),
): Posterior<Heads, Reparameterized> => ({
  kind: "posterior",
  name,
  options: {},
  heads,
  build: () => (outputs) => make(outputs as unknown as MeanAndRaw) as Reparameterized,
});

interface MeanAndRaw {
  readonly mean: Tensor;
  readonly rawScale: Tensor;
}

/** σ = exp(½ raw), as papers have it: raw is log σ². */
const scaleOf = (rawScale: Tensor): Tensor => tf.exp(tf.mul(rawScale, 0.5));

/** A posterior of log σ², whose pieces know log σ² too. */
const logVariance = (
  pieces: (rawScale: Tensor) => Partial<Pieces<MeanAndScale>>,
): Posterior<Heads, Reparameterized> =>
  posterior(
    "logVariance",
    ({ mean, rawScale }) => normalOf({ mean, scale: scaleOf(rawScale) }, pieces(rawScale)),
  );

const fromLogVariance = (
  bug: string,
  pieces: (rawScale: Tensor) => Partial<Pieces<MeanAndScale>>,
): Mutant => ({
  bug: `posterior of log σ²: ${bug}`,
  // Beyond e⁴⁰ there is no σ² in float32.
  laws: () => posteriorLaws(logVariance(pieces), { extremes: { rawScale: [-20, 20] } }),
});

/** Σ log a of a flow y = a·z + b. */
type LogDeterminant = (logScale: Tensor) => Tensor;

const sum: LogDeterminant = (logScale) => tf.sum(logScale);

interface FlowPieces {
  /** Σ log a, as log q(y) = log q(z) − Σ log a has it. */
  readonly determinant: LogDeterminant;
  /** The same in what a draw says of itself. */
  readonly ownDeterminant: LogDeterminant;
  /** z of some y. */
  readonly inverse: (y: Tensor, logScale: Tensor, shift: Tensor) => Tensor;
}

/** q(z|x) that an affine flow of weights stretches and shifts: y = exp(s)·z + b. */
function flow(given: Partial<FlowPieces>): Posterior<Heads, Reparameterized> {
  const determinant = given.determinant ?? sum;
  const {
    ownDeterminant = determinant,
    inverse = (y, logScale, shift) => tf.div(tf.sub(y, shift), tf.exp(logScale)),
  } = given;
  return {
    kind: "posterior",
    name: "affineFlow",
    options: {},
    heads: (latent) => ({ mean: latent, rawScale: latent }),
    build: (scope) => {
      const logScaleOf = scope.weight("logScale", scope.latent, zeros);
      const shiftOf = scope.weight("shift", scope.latent, zeros);
      return (outputs) => {
        const { mean, rawScale } = outputs as unknown as MeanAndRaw;
        const logScale = logScaleOf(), shift = shiftOf();
        const flowWith = (determinant: LogDeterminant): Reparameterized =>
          transformed({
            base: normal({ mean, rawScale }),
            map: {
              forward: (z) => ({
                value: tf.add(tf.mul(z, tf.exp(logScale)), shift),
                logDeterminant: determinant(logScale),
              }),
              inverse: (y) => ({
                value: inverse(y, logScale, shift),
                logDeterminant: tf.neg(determinant(logScale)),
              }),
            },
          });
        return { ...flowWith(determinant), draw: flowWith(ownDeterminant).draw };
      };
    },
  };
}

const withFlow = (bug: string, pieces: Partial<FlowPieces>): Mutant => ({
  bug: `affine flow: ${bug}`,
  laws: () => posteriorLaws(flow(pieces)),
});

const posteriorMutants: readonly Mutant[] = [
  fromLogVariance("log σ² is used as log σ in the draws", (raw) => ({
    value: (noise, { mean }) => normalValue(noise, { mean, scale: tf.exp(raw) }),
  })),
  fromLogVariance("log σ² is used as log σ in the density", (raw) => ({
    densities: (x, { mean }) => normalDensities(x, { mean, scale: tf.exp(raw) }),
  })),
  fromLogVariance("log σ² is subtracted where log σ should be", (raw) => ({
    densities: (x, at) => tf.sub(normalDensities(x, at), tf.mul(raw, 0.5)),
  })),
  fromLogVariance("log σ² is declared as the variance", (raw) => ({ variance: () => raw })),
  fromLogVariance("the deviation is declared as the variance", (raw) => ({
    variance: () => scaleOf(raw),
  })),
  fromLogVariance("no gradient by the mean in the log-density", () => ({
    densities: (x, { mean, scale }) => normalDensities(x, { mean: stopGradient(mean), scale }),
  })),
  fromLogVariance("it says that no gradient passes through its draws", () => ({
    spoil: () => ({ reparameterized: false }),
  })),
  fromLogVariance("draws at the mean: noise is forgotten", () => ({
    value: (noise, { mean }) => tf.add(mean, tf.mul(noise, 0)),
  })),
  {
    bug: "posterior of log σ²: exp overflows for what an encoder may say",
    laws: () => posteriorLaws(logVariance(() => ({}))),
  },
  {
    bug: "posterior: the raw scale is used as it is, and so negative",
    laws: () =>
      posteriorLaws(posterior("raw", ({ mean, rawScale }) => normal({ mean, scale: rawScale }))),
  },
  {
    bug: "posterior: softplus without a floor, which underflows to 0",
    laws: () =>
      posteriorLaws(
        posterior(
          "noFloor",
          ({ mean, rawScale }) => normal({ mean, scale: tf.softplus(rawScale) }),
        ),
      ),
  },
  {
    bug: "posterior: one scale for all latents, the mean of what the encoder says",
    laws: () =>
      posteriorLaws(
        posterior("coupled", ({ mean, rawScale }) =>
          normal({ mean, scale: positiveScale(tf.broadcastTo(tf.mean(rawScale), mean.shape)) })),
      ),
  },
  {
    bug: "posterior: one head for both, which is cut along the batch",
    laws: () =>
      posteriorLaws(
        posterior(
          "cut",
          ({ mean }) => {
            const halves = tf.reshape(mean, [2, mean.shape[0]!, -1]);
            const [first, second] = tf.unstack(halves) as [Tensor, Tensor];
            return normal({ mean: first, rawScale: second });
          },
          (latent) => ({ mean: latent.map((size) => 2 * size) }),
        ),
      ),
  },
  {
    bug: "posterior: latents are flattened, also where they have several axes",
    laws: () =>
      posteriorLaws(
        posterior(
          "flat",
          ({ mean, rawScale }) => normal({ mean, rawScale }),
          (latent) => ({ mean: [sizeOf(latent)], rawScale: [sizeOf(latent)] }),
        ),
      ),
  },
  withFlow("the log-determinant is left out", { determinant: () => tf.scalar(0) }),
  withFlow("the log-determinant has the wrong sign", {
    determinant: (logScale) => tf.neg(sum(logScale)),
  }),
  withFlow("the log-determinant is averaged over the latents", {
    determinant: (logScale) => tf.mean(logScale),
  }),
  withFlow("the log-determinant is a product of scales, not its logarithm", {
    determinant: (logScale) => tf.exp(sum(logScale)),
  }),
  withFlow("the log-determinant stops the gradient", {
    determinant: (logScale) => stopGradient(sum(logScale)),
  }),
  withFlow("the log-determinant is left out of what a draw says of itself", {
    ownDeterminant: () => tf.scalar(0),
  }),
  withFlow("the inverse forgets the shift", {
    inverse: (y, logScale) => tf.div(y, tf.exp(logScale)),
  }),
  withFlow("the inverse multiplies by the scale", {
    inverse: (y, logScale, shift) => tf.mul(tf.sub(y, shift), tf.exp(logScale)),
  }),
];

/** Wrong posteriors. */
export const posteriors: Suite = {
  name: "posteriors",
  sound: [
    {
      name: "posterior of log σ²",
      laws: () => posteriorLaws(logVariance(() => ({})), { extremes: { rawScale: [-20, 20] } }),
    },
    { name: "affine flow", laws: () => posteriorLaws(flow({})) },
    {
      name: "posterior of a raw scale",
      laws: () =>
        posteriorLaws(
          posterior("sound", ({ mean, rawScale }) =>
            normalOf({ mean, scale: positiveScale(rawScale) }, {})),
        ),
    },
  ],
  mutants: posteriorMutants,
};
