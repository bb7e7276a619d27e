/**
 * Wrong models: a real one with one member spoiled, or with a spoiled plugin inside.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Ledger } from "../../core/ledger.ts";
import type { Vae } from "../../core/model.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import type { Batch, Tensor } from "../../core/types.ts";
import { betaKl } from "../../plugins/divergences/beta_kl.ts";
import { modelLaws } from "../laws/mod.ts";
import type { Mutant, Suite } from "./mutant.ts";
import { networkWith } from "./networks.ts";
import {
  countingKl,
  mlpOf,
  modelOf,
  type ModelParts,
  negativeKl,
  tidied,
  without,
  withTerms,
} from "./vaes.ts";

/** A model of other parts. */
const of = (bug: string, parts: () => ModelParts): Mutant => ({
  bug: `model: ${bug}`,
  laws: () => modelLaws(() => modelOf(parts())),
});

/** A model with some members replaced. */
const model = (bug: string, spoil: (sound: Vae) => Partial<Vae>, parts?: ModelParts): Mutant => ({
  bug: `model: ${bug}`,
  laws: () =>
    modelLaws(() => {
      const sound = modelOf(parts);
      return { ...sound, ...tidied(spoil(sound)) };
    }),
});

const isBatch = (input: Tensor | Batch): input is Batch => "x" in input;

let calls = 0;

const mutants: readonly Mutant[] = [
  model("the ledger ignores its seed", ({ ledger }) => ({
    ledger: (input, options) => ledger(input, { ...options, seed: 0 }),
  })),
  model("the ledger's noise is a counter", ({ ledger }) => ({
    ledger: (input, options) => ledger(input, { ...options, seed: calls++ }),
  })),
  model("samples ignore their seed", ({ sample }) => ({
    sample: (n, options) => sample(n, { ...options, seed: 0 }),
  })),
  model("log p(x) ignores its seed", ({ logLikelihood }) => ({
    logLikelihood: (input, options) => logLikelihood(input, { ...options, seed: 0 }),
  })),
  model(
    "the ELBO has the β = 4 of its training",
    ({ ledger }) => ({ elbo: (input, { seed }) => ledger(input, { seed }) }),
    { divergence: betaKl({ beta: 4 }) },
  ),
  model("the rows of the ELBO have β = 4, and a weight of 1", ({ elbo }) => ({
    elbo: (input, options) =>
      withTerms(
        elbo(input, options),
        (term, i) => i === 0 ? term : { ...term, contribution: tf.mul(term.contribution, 4) },
      ),
  })),
  model("the bound of the ELBO has β = 4", ({ elbo }) => ({
    elbo: (input, options) => {
      const { terms, bound, ...rest } = elbo(input, options);
      const nats = tf.sub(bound!.nats, tf.mul(terms[1]!.nats, 3));
      return { terms, ...rest, bound: { name: "ELBO", nats } };
    },
  })),
  model("the bound of the ELBO is the reconstruction", ({ elbo }) => ({
    elbo: (input, options) => {
      const sound = elbo(input, options);
      return { ...sound, bound: { name: "ELBO", nats: sound.terms[0]!.nats } };
    },
  })),
  model("the ELBO has no bound", ({ elbo }) => ({
    elbo: (input, options) => ({ ...elbo(input, options), bound: undefined }),
  })),
  model("the rows of the ledger do not add up: the objective is summed over the batch", (
    { ledger },
  ) => ({
    ledger: (input, options) => {
      const sound = ledger(input, options);
      return { ...sound, objective: tf.mul(sound.objective, 3) };
    },
  })),
  model("the objective has the sign of a loss", ({ ledger }) => ({
    ledger: (input, options) => {
      const sound = ledger(input, options);
      return { ...sound, objective: tf.neg(sound.objective) };
    },
  })),
  model("the reconstruction is divided by the number of pixels", ({ ledger, elbo }) => {
    const divided = (sound: Ledger): Ledger =>
      withTerms(sound, (term, i) =>
        i === 1 ? term : {
          ...term,
          nats: tf.div(term.nats, 4),
          contribution: tf.div(term.contribution, 4),
        });
    return {
      ledger: (input, options) => divided(ledger(input, options)),
      elbo: (input, options) => {
        const sound = divided(elbo(input, options)), [first, second] = sound.terms;
        return { ...sound, bound: { name: "ELBO", nats: tf.sub(first!.nats, second!.nats) } };
      },
    };
  }),
  model("samples are −1 and 1", ({ sample }) => ({
    sample: (n, options) => tf.sub(tf.mul(sample(n, options), 2), 1),
  })),
  model("samples are probabilities", ({ sample }) => ({
    sample: (n, options) => sample(n, { ...options, mean: true }),
  })),
  model("samples ignore that their mean is asked for", ({ sample }) => ({
    sample: (n, options) => sample(n, { ...options, mean: false }),
  })),
  model("samples keep the axis of samples", ({ sample }) => ({
    sample: (n, options) => tf.expandDims(sample(n, options), 0),
  })),
  model("samples are all the same", ({ sample }) => ({
    sample: (n, options) => tf.tidy(() => tf.tile(sample(1, options), [n, 1])),
  })),
  model("log p(x) subtracts log S twice", ({ logLikelihood }) => ({
    logLikelihood: (input, options) => {
      const { nats, standardError } = logLikelihood(input, options);
      return { nats: tf.sub(nats, Math.log(options.samples)), standardError };
    },
  })),
  model("log p(x) forgets to subtract log S", ({ logLikelihood }) => ({
    logLikelihood: (input, options) => {
      const { nats, standardError } = logLikelihood(input, options);
      return { nats: tf.add(nats, Math.log(options.samples)), standardError };
    },
  })),
  model("log p(x) of one sample, however many are asked for", ({ logLikelihood }) => ({
    logLikelihood: (input, options) => logLikelihood(input, { ...options, samples: 1 }),
  })),
  model("log p(x) is the mean over the batch", ({ logLikelihood }) => ({
    logLikelihood: (input, options) => {
      const { nats, standardError } = logLikelihood(input, options);
      return { nats: tf.mean(nats), standardError };
    },
  })),
  model("the standard error of log p(x) is a variance", ({ logLikelihood }) => ({
    logLikelihood: (input, options) => {
      const { nats, standardError } = logLikelihood(input, options);
      return { nats, standardError: tf.square(standardError) };
    },
  })),
  model("the encoder sees the rows in reverse", ({ encode }) => ({
    encode: (input) => {
      const x = isBatch(input) ? input.x : input;
      return encode(tf.reverse(x, 0));
    },
  })),
  model("reconstructions are logits", ({ reconstruct }) => ({
    reconstruct: (input, options) =>
      tf.tidy(() => {
        const p = reconstruct(input, options);
        return tf.sub(tf.log(p), tf.log(tf.sub(1, p)));
      }),
  })),
  model("imputation looks behind the mask", ({ impute }) => ({
    impute: (input, options) => {
      const { x, mask } = input as Batch, filled = impute(input, options);
      if (mask === undefined) return filled;
      const rest = x.shape.slice(1).map(() => 1);
      const each = (value: Tensor): Tensor =>
        options.draws === undefined
          ? value
          : tf.tile(tf.expandDims(value, 1), [1, options.draws, ...rest]);
      return tf.where(tf.greater(each(mask), 0), filled, each(x));
    },
  })),
  model("imputation changes what was observed", ({ impute }) => ({
    impute: (input, options) => {
      const { x } = input as Batch;
      return impute({ ...(input as Batch), mask: tf.zerosLike(x) }, options);
    },
  })),
  model("imputation takes a draw for the mean", ({ impute }) => ({
    impute: (input, options) => {
      const { x } = input as Batch;
      if (options.draws !== undefined) return impute(input, options);
      return tf.reshape(impute(input, { ...options, draws: 1 }), x.shape);
    },
  })),
  model("the mask is ignored", ({ ledger, elbo }) => ({
    ledger: (input, options) =>
      ledger(isBatch(input) ? { ...input, mask: undefined } : input, options),
    elbo: (input, options) => elbo(isBatch(input) ? { ...input, mask: undefined } : input, options),
  })),
  model("a training step keeps a tensor", ({ ledger }) => ({
    ledger: (input, options) => {
      const sound = ledger(input, options);
      if (options.training) tf.keep(tf.clone(sound.objective));
      return sound;
    },
  })),
  model("a sample keeps a tensor", ({ sample }) => ({
    sample: (n, options) => tf.clone(tf.keep(sample(n, options))),
  })),
  model("it disposes nothing", () => ({ dispose: () => {} })),
  model("it disposes all but its first weight", ({ parameters }) => ({
    dispose: () => tf.dispose([...parameters.values()].slice(1)),
  })),
  of("its first weights differ from run to run", () => ({ seed: calls++ })),
  of("no gradient reaches a bias of the encoder", () => ({
    encoder: networkWith({ scope: without("hidden/bias") }),
  })),
  of("no gradient reaches a kernel of the decoder", () => ({
    decoder: networkWith({ scope: without("logits/kernel") }),
  })),
  of("no gradient reaches the encoder through the latents", () => ({
    decoder: networkWith({ features: (x) => stopGradient(x) }),
  })),
  of("its encoder couples the rows of a batch", () => ({
    encoder: networkWith({
      activation: (x) => tf.tanh(tf.sub(x, tf.mean(x, 0))),
    }),
  })),
  of("its decoder drops out at rest too", () => ({
    decoder: networkWith({ activation: (x) => tf.dropout(tf.tanh(x), 0.5) }),
  })),
  of("its KL has the wrong sign", () => ({
    divergence: negativeKl(),
  })),
  of("its divergence counts training steps where no checkpoint sees it", () => ({
    divergence: countingKl(),
  })),
  of("its networks forget how wide they are", () => ({ encoder: { ...mlpOf(), options: {} } })),
  of("its networks are 1 % off on wasm", () => ({
    decoder: networkWith({
      activation: (x) => tf.mul(tf.tanh(x), tf.getBackend() === "wasm" ? 1.1 : 1),
    }),
  })),
];

/** Wrong models. */
export const models: Suite = {
  name: "models",
  sound: [
    { name: "model of networks by mlp", laws: () => modelLaws(() => modelOf()) },
    {
      name: "model of networks in pieces",
      laws: () => modelLaws(() => modelOf({ encoder: networkWith({}), decoder: networkWith({}) })),
    },
    { name: "model in a record of its members", laws: () => modelLaws(() => ({ ...modelOf() })) },
  ],
  mutants,
};
