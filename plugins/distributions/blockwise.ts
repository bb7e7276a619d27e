/**
 * Distributions side by side: a block of the event for each of them, independent of the others.
 *
 * log p(x) = Σ_b log p_b(x_b)
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import {
  type Distribution,
  type Domain,
  type Factorized,
  hasMean,
  hasVariance,
  isFactorized,
  predictionOf,
  type Reparameterized,
  type WithMean,
  type WithPrediction,
  type WithVariance,
} from "../../core/distribution.ts";
import { outOfRange, wrongType } from "../../core/errors.ts";
import type { Family } from "../../core/family.ts";
import { lazily } from "../../core/tidy.ts";
import { sameShape, type Tensor } from "../../core/types.ts";
import { laplace } from "./laplace.ts";
import { normal } from "./normal.ts";

/** Distributions by name, in the order of their blocks. */
export type Blocks = { readonly [name: string]: Distribution };

/** B distributions whose events are blocks `[…, D₁]`, `[…, D₂]`, … side by side. */
export interface BlockwiseDistribution<M extends Blocks> extends Distribution<"blockwise"> {
  /** The distribution of every block. */
  readonly blocks: M;
}

/** Distributions side by side, of which is true what is true of every block. */
export type Blockwise<M extends Blocks> =
  & BlockwiseDistribution<M>
  & (M[keyof M] extends Factorized ? Factorized<"blockwise"> : unknown)
  & (M[keyof M] extends Reparameterized ? Reparameterized : unknown)
  & (M[keyof M] extends WithMean ? WithMean<"blockwise"> : unknown)
  & (M[keyof M] extends WithMean | WithPrediction ? WithPrediction<"blockwise"> : unknown)
  & (M[keyof M] extends WithVariance ? WithVariance<"blockwise"> : unknown);

/** Domains of which a product is another. */
const PRODUCTS: readonly Domain[] = ["real", "positive", "unit", "discrete"];

/** What all blocks lie on. */
function domainOf(blocks: readonly Distribution[]): Domain {
  const [{ domain }] = blocks as readonly [Distribution];
  return PRODUCTS.includes(domain) && blocks.every((block) => block.domain === domain)
    ? domain
    : "mixed";
}

/** Throws unless the blocks fit side by side. */
function requireBlocks(blocks: Blocks): void {
  const action = "put distributions side by side", [first, ...others] = Object.values(blocks);
  if (first === undefined) throw outOfRange(action, "there must be at least one", blocks);
  for (const [name, { event }] of Object.entries(blocks)) {
    if (event.length > 0 && sameShape(event.slice(0, -1), first.event.slice(0, -1))) continue;
    const requirement = `the event of '${name}' must differ in its last axis alone`;
    throw wrongType(action, requirement, event);
  }
  const batch = Math.max(...Object.values(blocks).map(({ batch }) => batch));
  const odd = others.concat(first).find((block) => block.batch !== 1 && block.batch !== batch);
  if (odd !== undefined) {
    throw wrongType(action, `every batch must be 1 or ${batch}`, odd.batch);
  }
}

/**
 * Distributions side by side, along the last axis of their events.
 *
 * @param blocks Distributions by name, whose events have the same shape but for the last axis.
 * @returns Their product: factorized where all of them are, with a mean, a variance and a prediction
 * where all of them know theirs.
 * @throws {RangeError} If there are none.
 * @throws {TypeError} If their events or batches do not fit.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const { bernoulli, blockwise, standardNormal } = distributions;
 *   const person = blockwise({
 *     size: standardNormal({ event: [2] }),
 *     smokes: bernoulli({ logits: tf.zeros([1, 1]) }),
 *   });
 *   assert.deepEqual([person.event, person.domain], [[3], "mixed"]);
 *   const [nats] = person.logProb(tf.tensor3d([[[0, 0, 1]]])).dataSync();
 *   assert(Math.abs(nats! + Math.log(2 * Math.PI) + Math.log(2)) < 1e-6);
 * });
 * ```
 */
export function blockwise<const M extends Blocks>(blocks: M): Blockwise<M> {
  requireBlocks(blocks);
  const all = Object.entries<Distribution>(blocks), list = Object.values<Distribution>(blocks);
  const widths = list.map(({ event }) => event.at(-1)!);
  const batch = Math.max(...list.map((block) => block.batch));
  const leading = list[0]!.event.slice(0, -1);
  const event = [...leading, widths.reduce((sum, width) => sum + width, 0)];

  const partsOf = (value: Tensor): Tensor[] => tf.split(value, widths, -1);
  const joined = (parts: readonly Tensor[], shape: readonly number[]): Tensor =>
    tf.concat(
      parts.map((part, i) => {
        const whole = [...shape, ...leading, widths[i]!];
        return sameShape(part.shape, whole) ? part : tf.broadcastTo(part, whole);
      }),
      -1,
    );
  const sumOf = (nats: readonly Tensor[]): Tensor => nats.reduce((sum, part) => tf.add(sum, part));

  const made: BlockwiseDistribution<M> = {
    family: "blockwise",
    domain: domainOf(list),
    reparameterized: list.every((block) => block.reparameterized),
    batch,
    event,
    blocks,
    draw: (seed, samples = 1) => {
      const draws = all.map(([name, block]) => {
        // A block that all rows share is drawn from anew for each of them.
        const draw = block.draw(seed.split(name), samples * batch / block.batch);
        return [
          tf.reshape(draw.value, [samples, batch, ...block.event]),
          () => tf.reshape(draw.logProb(), [samples, batch]),
        ] as const;
      });
      return {
        value: tf.concat(draws.map(([value]) => value), -1),
        logProb: () => sumOf(draws.map(([, logProb]) => logProb())),
      };
    },
    logProb: (value, seed) => {
      const parts = partsOf(value);
      return sumOf(all.map(([name, block], i) => block.logProb(parts[i]!, seed?.split(name))));
    },
  };
  const also: PropertyDescriptorMap = {};
  if (list.every(isFactorized)) {
    const logDensities = (value: Tensor): Tensor => {
      const parts = partsOf(value), [samples, rows] = value.shape as [number, number];
      const densities = list.map((block, i) => block.logDensities(parts[i]!));
      return joined(densities, [samples, Math.max(rows, batch)]);
    };
    also.logDensities = { value: logDensities, enumerable: true };
  }
  if (list.every(hasMean)) {
    const mean = lazily(() => joined(list.map(({ mean }) => mean), [batch]));
    also.mean = { get: mean, enumerable: true };
  }
  if (list.every(hasVariance)) {
    const variance = lazily(() => joined(list.map(({ variance }) => variance), [batch]));
    also.variance = { get: variance, enumerable: true };
  }
  if (list.every((block) => hasMean(block) || "prediction" in block)) {
    const prediction = lazily(() => joined(list.map((block) => predictionOf(block)!), [batch]));
    also.prediction = { get: prediction, enumerable: true };
  }
  return Object.defineProperties(made, also) as Blockwise<M>;
}

/**
 * A normal and a Laplace distribution side by side, as the laws are told of blocks.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.blockwiseFamily.support, "real");
 * ```
 */
export const blockwiseFamily: Family<Factorized<"blockwise">, "location" | "scale"> = {
  name: "blockwise",
  parameters: { location: "real", scale: "positive" },
  support: "real",
  make: ({ location, scale }, event) => {
    const width = event.at(-1)!, half = Math.ceil(width / 2), widths = [half, width - half];
    if (width === 1) return blockwise({ normal: normal({ mean: location, scale }) });
    const [mean, other] = tf.split(location, widths, -1) as [Tensor, Tensor];
    const [first, second] = tf.split(scale, widths, -1) as [Tensor, Tensor];
    return blockwise({
      normal: normal({ mean, scale: first }),
      laplace: laplace({ location: other, scale: second }),
    });
  },
};
