/**
 * What is common to the distributions of μ + σ·ε, for noise ε of one kind.
 *
 * log p(x) = log f((x − μ)/σ) − log σ, where f is the density of the noise.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import {
  type Factorized,
  sumOverEvent,
  type WithMean,
  type WithVariance,
} from "../../core/distribution.ts";
import type { Seed } from "../../core/random.ts";
import { lazily } from "../../core/tidy.ts";
import type { Shape, Tensor } from "../../core/types.ts";

/** A distribution of μ + σ·ε, independent over the elements of its event. */
export interface LocationScale<Family extends string>
  extends Factorized<Family>, WithMean<Family>, WithVariance<Family> {
  readonly domain: "real";
  readonly reparameterized: true;
  readonly location: Tensor;
  readonly scale: Tensor;
}

/** What tells one of these families from another. */
export interface LocationScaleParts<Family extends string> {
  readonly family: Family;
  /** μ `[B, …event]`. */
  readonly location: Tensor;
  /** σ of that shape, or one that broadcasts to it. */
  readonly scale: Tensor;
  /** ε of some shape. */
  readonly noise: (seed: Seed, shape: Shape) => Tensor;
  /** log f(ε), element by element. */
  readonly logNoiseDensity: (noise: Tensor) => Tensor;
  /** The mean, where that is not μ. */
  readonly mean?: () => Tensor;
  /** The variance of ε. */
  readonly noiseVariance: () => Tensor | number;
}

/** The distribution of μ + σ·ε. */
export function locationScale<Family extends string>({
  family,
  location,
  scale,
  noise: noiseOf,
  logNoiseDensity,
  mean = () => location,
  noiseVariance,
}: LocationScaleParts<Family>): LocationScale<Family> {
  const [batch, ...event] = location.shape as [number, ...number[]];
  const logScaleOf = lazily(() => tf.log(scale));
  const meanOf = lazily(mean);
  const varianceOf = lazily(() =>
    tf.broadcastTo(tf.mul(tf.square(scale), noiseVariance()), location.shape)
  );

  const densitiesOf = (noise: Tensor): Tensor => tf.sub(logNoiseDensity(noise), logScaleOf());
  const logDensities = (value: Tensor): Tensor =>
    densitiesOf(tf.div(tf.sub(value, location), scale));

  return {
    family,
    domain: "real",
    reparameterized: true,
    batch,
    event,
    location,
    scale,
    get mean() {
      return meanOf();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      const noise = noiseOf(seed, [samples, batch, ...event]);
      return {
        value: tf.add(location, tf.mul(scale, noise)),
        logProb: lazily(() => sumOverEvent(densitiesOf(noise), event)),
      };
    },
    logDensities,
    logProb: (value) => sumOverEvent(logDensities(value), event),
  };
}
