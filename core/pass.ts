/**
 * One batch on its way through a model: data → encoder → q(z|x) → draw → decoder → p(x|z).
 *
 * @module
 */
import type { Context } from "./context.ts";
import { tf } from "./deps.ts";
import { type Distribution, isFactorized, sumOverEvent } from "./distribution.ts";
import { wrongType } from "./errors.ts";
import type { Objective, Pass } from "./objective.ts";
import { inShape } from "./operations/in_shape.ts";
import { repeatRows } from "./operations/repeat_rows.ts";
import { stopGradient } from "./operations/stop_gradient.ts";
import { where } from "./operations/where.ts";
import type { Seed } from "./random.ts";
import type { ModelShapes } from "./scope.ts";
import { fillValues } from "./support.ts";
import type { Batch, Heads, Outputs, Tensor } from "./types.ts";

/** The parts of a model, built: plain functions of tensors. */
export interface BuiltParts<
  HQ extends Heads,
  Q extends Distribution,
  P extends Distribution,
  HL extends Heads,
  X extends Distribution,
> {
  readonly encoder: (x: Tensor, context: Context) => Outputs<HQ>;
  readonly posterior: (outputs: Outputs<HQ>, context: Context) => Q;
  readonly detachedPosterior: (outputs: Outputs<HQ>, context: Context) => Q;
  readonly prior: (context: Context) => P;
  readonly decoder: (latents: Tensor, context: Context) => Outputs<HL>;
  readonly likelihood: (outputs: Outputs<HL>, context: Context) => X;
  readonly objective: Objective<Q, P>;
}

/** Sees what the networks answer on the way, by name. */
export type Observer = (name: string, value: Tensor) => void;

/** What a pass needs beside the batch. */
export interface PassOptions {
  readonly seed: Seed;
  readonly run: Pick<Context, "training" | "progress">;
  readonly observe?: Observer | undefined;
}

/** The context of one batch: what came with the data, and what is known of the run. */
export function contextOf(
  { condition, mask, offset }: Pick<Batch, "condition" | "mask" | "offset">,
  { training, progress }: Pick<Context, "training" | "progress">,
): Context {
  return { training, progress, condition, mask, offset };
}

/** The context of S·B folded latents. */
function tileContext(context: Context, samples: number): Context {
  const { condition, mask, offset } = context;
  return {
    ...context,
    condition: condition && repeatRows(condition, samples),
    mask: mask && repeatRows(mask, samples),
    offset: offset && repeatRows(offset, samples),
  };
}

/** The batch with its missing entries replaced by a value inside the support. */
export function fillMissing(batch: Batch, shapes: ModelShapes): Batch {
  if (batch.mask === undefined) return batch;
  const fill = tf.tensor(fillValues(shapes.support, shapes.data), [1, ...shapes.data]);
  return { ...batch, x: where(tf.greater(batch.mask, 0), batch.x, fill) };
}

function observeAll(observe: Observer | undefined, part: string, outputs: Outputs<Heads>): void {
  if (observe === undefined) return;
  for (const [name, value] of Object.entries(outputs)) {
    observe(`${part} output '${name}'`, value);
  }
}

/** log p(x) of every datum `[1, B]` → over its observed entries alone, where there is a mask. */
function score(distribution: Distribution, x: Tensor, mask?: Tensor): Tensor {
  const value = inShape(x, [1, ...x.shape]);
  if (mask === undefined) return distribution.logProb(value);
  if (!isFactorized(distribution)) {
    throw wrongType(
      "score data with a mask",
      "the likelihood must be factorized (have 'logDensities')",
      distribution.family,
    );
  }
  return sumOverEvent(
    tf.mul(distribution.logDensities(value), tf.expandDims(mask, 0)),
    distribution.event,
  );
}

/** p(x|z) for latents `[N, …K]`. */
export function decode<HL extends Heads, X extends Distribution>(
  parts: Pick<BuiltParts<Heads, Distribution, Distribution, HL, X>, "decoder" | "likelihood">,
  latents: Tensor,
  context: Context,
  observe?: Observer,
): X {
  const outputs = parts.decoder(latents, { ...context, offset: undefined });
  observeAll(observe, "decoder", outputs);
  return parts.likelihood(outputs, context);
}

/** A pass as the core sees it. */
export interface StartedPass<
  Q extends Distribution,
  P extends Distribution,
  X extends Distribution,
> extends Pass<Q, P> {
  /** p(x|z) of latents `[S, B, …K]`, folded to a batch of S·B; `nats` is their `logLikelihood`. */
  readonly decode: (latents: Tensor) => { readonly likelihood: X; readonly nats: () => Tensor };
}

/** Sends one batch through the model as far as q(z|x), and says how to go on. */
export function startPass<
  HQ extends Heads,
  Q extends Distribution,
  P extends Distribution,
  HL extends Heads,
  X extends Distribution,
>(
  parts: Omit<BuiltParts<HQ, Q, P, HL, X>, "objective">,
  shapes: ModelShapes,
  given: Batch,
  { seed, run, observe }: PassOptions,
): StartedPass<Q, P, X> {
  const batch = fillMissing(given, shapes);
  // The log size factors are for the likelihood alone.
  const whole = contextOf(batch, run), context = { ...whole, offset: undefined };
  const outputs = parts.encoder(batch.x, context);
  observeAll(observe, "encoder", outputs);

  function decodeDraws(latents: Tensor): { likelihood: X; nats: () => Tensor } {
    const [samples, size] = latents.shape as [number, number];
    const folded = inShape(latents, [samples * size, ...shapes.latent]);
    const likelihood = decode(parts, folded, tileContext(whole, samples), observe);
    const nats = (): Tensor => {
      const mask = batch.mask && repeatRows(batch.mask, samples);
      return inShape(score(likelihood, repeatRows(batch.x, samples), mask), [samples, size]);
    };
    return { likelihood, nats };
  }

  return {
    batch,
    seed,
    context,
    posterior: parts.posterior(outputs, context),
    prior: parts.prior(context),
    detachedPosterior: () => {
      const detached = Object.entries(outputs).map(([name, value]) => [name, stopGradient(value)]);
      return parts.detachedPosterior(Object.fromEntries(detached) as Outputs<HQ>, context);
    },
    logLikelihood: (latents) => decodeDraws(latents).nats(),
    decode: decodeDraws,
  };
}
