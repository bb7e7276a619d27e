/**
 * What is inferred of the compositions that compile.
 *
 * @module
 */
import type {
  ClosedForm,
  Distribution,
  distributions,
  Divergence,
  Factorized,
  Objective,
  Vae,
} from "../../mod.ts";
import type {
  conditionAndMask,
  correlatedLatents,
  counts,
  flowsAndImportanceWeights,
  growingCapacity,
  hierarchy,
  latentsOnTheSimplex,
  latentsOnTheSphere,
  networksOfOnesOwn,
  ownClosedForm,
  posteriorsAsPrior,
  posteriorsAsPriorOnTheSphere,
  sameScale,
  table,
  totalCorrelation,
  warmUp,
  wrappers,
} from "./compositions.ts";

type Bernoulli = distributions.Bernoulli;
type Normal = distributions.Normal;

/** Whether two types are the very same; `any` is the same as nothing but itself. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2)
  ? true
  : false;

/** What does not compile unless it is true. */
export type Sure<Statement extends true> = Statement;

/** Support, posterior and likelihood of every model, none of them wider than need be. */
export type Inferred = [
  Sure<Same<ReturnType<typeof warmUp>, Vae<"binary", Normal, Bernoulli>>>,
  Sure<Same<ReturnType<typeof ownClosedForm>, Vae<"binary", Normal, Bernoulli>>>,
  Sure<Same<ReturnType<typeof totalCorrelation>, Vae<"binary", Normal, Bernoulli>>>,
  Sure<Same<ReturnType<typeof growingCapacity>, Vae<"binary", Normal, Bernoulli>>>,
  Sure<Same<ReturnType<typeof posteriorsAsPrior>, Vae<"real", Normal, Normal>>>,
  Sure<
    Same<
      ReturnType<typeof posteriorsAsPriorOnTheSphere>,
      Vae<"binary", distributions.PowerSpherical, Bernoulli>
    >
  >,
  Sure<
    Same<
      ReturnType<typeof conditionAndMask>,
      Vae<"binary", Normal, distributions.Masked<Bernoulli>>
    >
  >,
  Sure<Same<ReturnType<typeof hierarchy>, Vae<"binary", Normal, Bernoulli>>>,
  Sure<
    Same<
      ReturnType<typeof flowsAndImportanceWeights>,
      Vae<"real", distributions.Transformed<Normal>, Normal>
    >
  >,
  Sure<
    Same<
      ReturnType<typeof correlatedLatents>,
      Vae<"real", distributions.MultivariateNormal, Normal>
    >
  >,
  Sure<
    Same<
      ReturnType<typeof latentsOnTheSimplex>,
      Vae<"binary", distributions.RelaxedOneHotCategorical, Bernoulli>
    >
  >,
  Sure<
    Same<
      ReturnType<typeof latentsOnTheSphere>,
      Vae<"binary", distributions.PowerSpherical, Bernoulli>
    >
  >,
  Sure<
    Same<
      ReturnType<typeof table>,
      Vae<
        { readonly age: "real"; readonly kind: "category" },
        Normal,
        distributions.Blockwise<{ readonly age: Normal; readonly kind: distributions.Categorical }>
      >
    >
  >,
  Sure<Same<ReturnType<typeof counts>, Vae<"count", Normal, distributions.NegativeBinomial>>>,
  Sure<Same<ReturnType<typeof networksOfOnesOwn>, Vae<"binary", Normal, Bernoulli>>>,
];

/** What plugins are for, none wider than need be either. */
export type InferredPlugins = [
  Sure<Same<ReturnType<typeof sameScale>, ClosedForm<Normal, Normal>>>,
  Sure<
    Same<ReturnType<typeof wrappers>, {
      beta: Divergence<Distribution, Distribution>;
      betaOfClosedForm: Divergence<Normal, Normal>;
      betaOfBeta: Divergence<Normal, Normal>;
      freeBits: Divergence<Factorized, Factorized>;
      elbo: Objective<Distribution, Distribution>;
      elboOfClosedForm: Objective<Normal, Normal>;
    }>
  >,
];
