/**
 * Wrong closed forms of the KL between normal distributions.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { sumOverEvent } from "../../core/distribution.ts";
import type { Divergence, Estimate } from "../../core/divergence.ts";
import { divergenceTerm, type Term } from "../../core/ledger.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import type { Shape, Tensor } from "../../core/types.ts";
import { type Normal, normal, normalFamily } from "../../plugins/distributions/normal.ts";
import { type Contributes, divergenceLaws, type Law } from "../laws/mod.ts";
import type { Mutant, Suite } from "./mutant.ts";

/** What a divergence between normal distributions is estimated from. */
export type Given = Estimate<Normal, Normal>;

/** A divergence between normal distributions. */
export type NormalDivergence = Divergence<Normal, Normal>;

/** The laws of a divergence, between two normal distributions. */
export const lawsOf = (divergence: NormalDivergence, contributes?: Contributes): readonly Law[] =>
  divergenceLaws(divergence, {
    posterior: normalFamily,
    prior: normalFamily,
    ...(contributes && { contributes }),
  });

/** A divergence of some rows. */
export const divergenceOf = (
  terms: (given: Given) => readonly Term[],
  isKl = true,
): NormalDivergence => ({
  kind: "divergence",
  name: "mutant",
  options: {},
  isKl,
  estimate: (given) => terms(given) as readonly [Term, ...Term[]],
});

/** What a closed form is made of. */
interface ClosedPieces {
  /** The KL of every latent. */
  readonly factors: (q: Normal, p: Normal) => Tensor;
  /** The KL out of its factors. */
  readonly total: (factors: Tensor, event: Shape) => Tensor;
  /** What is said of the row in other words. */
  readonly spoil: (sound: Term, given: Given) => Partial<Term>;
}

const squareRatio = (q: Normal, p: Normal): Tensor => tf.square(tf.div(q.scale, p.scale));
const squareDistance = (q: Normal, p: Normal): Tensor =>
  tf.square(tf.div(tf.sub(q.mean, p.mean), p.scale));
const logRatio = (q: Normal, p: Normal): Tensor => tf.log(tf.div(q.scale, p.scale));

/** KL(q ‖ p) = ½ (σ²/s² + (μ − m)²/s² − 1) − log σ/s. */
function klFactors(q: Normal, p: Normal): Tensor {
  const moments = tf.sub(tf.add(squareRatio(q, p), squareDistance(q, p)), 1);
  return tf.sub(tf.mul(moments, 0.5), logRatio(q, p));
}

export const closedWith = (pieces: Partial<ClosedPieces>): NormalDivergence =>
  divergenceOf((given) => {
    const { posterior: q, prior: p } = given;
    const factors = (pieces.factors ?? klFactors)(q, p);
    const nats = (pieces.total ?? sumOverEvent)(factors, q.event);
    const how = { estimator: "closed form", samples: 0, factors } as const;
    const sound = divergenceTerm("divergence", nats, how);
    return [{ ...sound, ...pieces.spoil?.(sound, given) }];
  });

const closed = (bug: string, pieces: Partial<ClosedPieces>): Mutant => ({
  bug: `closed form: ${bug}`,
  laws: () => lawsOf(closedWith(pieces)),
});

/** A normal behind a stop-gradient. */
const stopped = ({ mean, scale }: Normal, names: readonly ("mean" | "scale")[]): Normal =>
  normal({
    mean: names.includes("mean") ? stopGradient(mean) : mean,
    scale: names.includes("scale") ? stopGradient(scale) : scale,
  });

const closedMutants: readonly Mutant[] = [
  closed("KL(p ‖ q) for KL(q ‖ p)", { factors: (q, p) => klFactors(p, q) }),
  closed("the prior is taken for the standard normal", {
    factors: (q) =>
      tf.sub(
        tf.mul(tf.sub(tf.add(tf.square(q.mean), tf.square(q.scale)), 1), 0.5),
        tf.log(q.scale),
      ),
  }),
  closed("the ½ is dropped", { factors: (q, p) => tf.mul(klFactors(q, p), 2) }),
  closed("the ½ is dropped, but not of the logarithm", {
    factors: (q, p) => tf.sub(tf.mul(tf.add(klFactors(q, p), logRatio(q, p)), 2), logRatio(q, p)),
  }),
  closed("the sign is flipped", { factors: (q, p) => tf.neg(klFactors(q, p)) }),
  closed("−log σ where −2 log σ is meant", {
    factors: (q, p) => tf.add(klFactors(q, p), tf.mul(logRatio(q, p), 0.5)),
  }),
  closed("the sign of log σ is wrong", {
    factors: (q, p) => tf.add(klFactors(q, p), tf.mul(logRatio(q, p), 2)),
  }),
  closed("the −1 is forgotten", { factors: (q, p) => tf.add(klFactors(q, p), 0.5) }),
  closed("the scales are forgotten: the squared distance of the means", {
    factors: (q, p) => tf.mul(squareDistance(q, p), 0.5),
  }),
  closed("the distance of the means is measured in deviations of q", {
    factors: (q, p) =>
      tf.add(
        klFactors(q, p),
        tf.mul(tf.sub(squareDistance(p, q), squareDistance(q, p)), 0.5),
      ),
  }),
  closed("σ where σ² is meant", {
    factors: (q, p) => {
      const ratio = squareRatio(q, p);
      return tf.add(klFactors(q, p), tf.mul(tf.sub(tf.sqrt(ratio), ratio), 0.5));
    },
  }),
  closed("the mean over the latents for their sum", {
    total: (factors) => tf.mean(factors, -1),
  }),
  closed("the sum over the last axis alone, also for latents of several axes", {
    total: (factors) => tf.sum(factors, -1),
  }),
  closed("the mean over the batch for every row", {
    total: (factors, event) => {
      const nats = sumOverEvent(factors, event);
      return tf.broadcastTo(tf.mean(nats), nats.shape);
    },
  }),
  closed("the sum over the batch", { total: (factors) => tf.sum(factors) }),
  closed("free bits inside the nats", { factors: (q, p) => tf.maximum(klFactors(q, p), 0.1) }),
  closed("it is cut off at 10 nats", {
    total: (factors, event) => tf.clipByValue(sumOverEvent(factors, event), 0, 10),
  }),
  closed("no gradient by the scale of q", {
    factors: (q, p) => klFactors(stopped(q, ["scale"]), p),
  }),
  closed("no gradient reaches the prior", {
    factors: (q, p) => klFactors(q, stopped(p, ["mean", "scale"])),
  }),
  closed("the distance of the means through a square root, whose gradient at 0 is NaN", {
    factors: (q, p) => {
      const distance = tf.sqrt(squareDistance(q, p));
      return tf.add(
        tf.sub(klFactors(q, p), tf.mul(squareDistance(q, p), 0.5)),
        tf.mul(tf.square(distance), 0.5),
      );
    },
  }),
  closed("exp of the difference of log σ⁸, which overflows", {
    factors: (q, p) => {
      const eighth = tf.exp(tf.mul(logRatio(q, p), 8));
      const ratio = tf.sqrt(tf.sqrt(eighth));
      return tf.add(klFactors(q, p), tf.mul(tf.sub(ratio, squareRatio(q, p)), 0.5));
    },
  }),
  closed("its contribution has the wrong sign", { spoil: ({ nats }) => ({ contribution: nats }) }),
  closed("its contribution carries no gradient", {
    spoil: ({ contribution }) => ({ contribution: stopGradient(contribution) }),
  }),
  closed("a weight of ½ that its contribution does not know", { spoil: () => ({ weight: 0.5 }) }),
  closed("its factors do not add up", {
    spoil: ({ factors }) => ({ factors: tf.mul(factors!, 0.5) }),
  }),
  closed("its factors have lost the batch", {
    spoil: ({ factors }) => ({ factors: tf.mean(factors!, 0) }),
  }),
  closed("it says that it was sampled", { spoil: () => ({ samples: 3 }) }),
  closed("it has no name", { spoil: () => ({ name: "" }) }),
  closed("a tensor is kept for ever", { spoil: ({ nats }) => ({ nats: tf.keep(tf.clone(nats)) }) }),
  closed("1 % off on wasm", {
    factors: (q, p) => tf.mul(klFactors(q, p), tf.getBackend() === "wasm" ? 1.01 : 1),
  }),
  {
    bug: "closed form: two rows of one name",
    laws: () =>
      lawsOf(divergenceOf((given) => {
        const [row] = closedWith({}).estimate(given), half = tf.mul(row.nats, 0.5);
        const halves = divergenceTerm("divergence", half, { estimator: "closed form", samples: 0 });
        return [halves, halves];
      })),
  },
  {
    bug: "closed form: no rows at all",
    laws: () => lawsOf(divergenceOf(() => [])),
  },
];

/** Wrong closed forms. */
export const closedForms: Suite = {
  name: "closed forms",
  sound: [{ name: "closed form", laws: () => lawsOf(closedWith({})) }],
  mutants: closedMutants,
};
