/**
 * Plugins that are no plugins: what they lack, throw, or never answer, the laws have to say.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import { kl } from "../../plugins/divergences/kl.ts";
import { type Normal, normal, normalFamily } from "../../plugins/distributions/normal.ts";
import { affineCoupling } from "../../plugins/flows/affine_coupling.ts";
import { bernoulli } from "../../plugins/likelihoods/bernoulli.ts";
import { mlp } from "../../plugins/networks/mlp.ts";
import { elbo } from "../../plugins/objectives/elbo.ts";
import { diagonalNormal } from "../../plugins/posteriors/diagonal_normal.ts";
import { standardNormal } from "../../plugins/priors/standard_normal.ts";
import {
  distributionLaws,
  divergenceLaws,
  flowLaws,
  type Law,
  type LawOptions,
  likelihoodLaws,
  modelLaws,
  networkLaws,
  objectiveLaws,
  posteriorLaws,
  priorLaws,
} from "../laws/mod.ts";
import type { Mutant, Suite } from "./mutant.ts";

/** The laws of every kind of plugin, for whatever stands in its place. */
const kinds: { readonly [kind: string]: (given: unknown, options?: LawOptions) => readonly Law[] } =
  {
    distribution: (given, options) => distributionLaws(given as never, options),
    posterior: (given, options) => posteriorLaws(given as never, options),
    prior: (given, options) => priorLaws(given as never, options),
    flow: (given, options) => flowLaws(given as never, options),
    likelihood: (given, options) => likelihoodLaws(given as never, options),
    divergence: (given, options) =>
      divergenceLaws(given as never, { ...options, posterior: normalFamily, prior: normalFamily }),
    objective: (given, options) => objectiveLaws(given as never, options),
    network: (given, options) => networkLaws(given as never, options),
    model: (given, options) => modelLaws(() => given as never, options),
  };

/** A sound plugin of every kind. */
const plugins = {
  posterior: diagonalNormal(),
  prior: standardNormal(),
  flow: affineCoupling({ hidden: [3] }),
  likelihood: bernoulli(),
  divergence: kl(),
  objective: elbo({ divergence: kl() }),
  network: mlp({ hidden: [4], activation: "tanh" }),
} as const;

/** What does the work of a plugin, and so may go wrong. */
const WORK: { readonly [kind in keyof typeof plugins]: string } = {
  posterior: "build",
  prior: "build",
  flow: "build",
  likelihood: "build",
  divergence: "estimate",
  objective: "ledger",
  network: "build",
};

/** Cut short soon, for what never answers. */
const IMPATIENT: LawOptions = { timeLimit: 300 };

function endless(): never {
  for (;;);
}

function broken(): never {
  throw new Error("it is broken");
}

/** A plugin of every kind with one member replaced. */
const everyKind = (
  bug: string,
  change: (plugin: { readonly [member: string]: unknown }, work: string) => unknown,
  options?: LawOptions,
): readonly Mutant[] =>
  Object.entries(plugins).map(([kind, plugin]) => ({
    bug: `${kind}: ${bug}`,
    laws: () => {
      const record = plugin as unknown as { readonly [member: string]: unknown };
      return kinds[kind]!(change(record, WORK[kind as keyof typeof plugins]), options);
    },
  }));

/** Whatever stands in place of a plugin of every kind. */
const inPlace = (bug: string, given: unknown): readonly Mutant[] =>
  Object.keys(kinds).map((kind) => ({
    bug: `${kind}: ${bug}`,
    laws: () => kinds[kind]!(given, IMPATIENT),
  }));

/** A normal distribution of which something is replaced. */
const normalThat = (
  bug: string,
  spoil: (sound: Normal) => unknown,
  options?: LawOptions,
): Mutant => ({
  bug: `distribution: ${bug}`,
  laws: () => {
    const family: Family<Distribution, "mean" | "scale"> = {
      ...normalFamily,
      make: (parameters) => {
        const sound = normal(parameters);
        return Object.assign(sound, spoil({ ...sound })) as Distribution;
      },
    };
    return distributionLaws(family, options);
  },
});

const distributionMutants: readonly Mutant[] = [
  normalThat("no logProb", () => ({ logProb: undefined })),
  normalThat("draw throws", () => ({ draw: broken })),
  normalThat("logProb throws", () => ({ logProb: broken })),
  normalThat("logProb throws what is no error", () => ({
    logProb: () => {
      throw "a string";
    },
  })),
  normalThat("draw never returns", () => ({ draw: endless }), IMPATIENT),
  normalThat("logProb never returns", () => ({ logProb: endless }), IMPATIENT),
  normalThat("draw returns a promise", ({ draw }) => ({
    draw: async (...given: Parameters<Normal["draw"]>) => await Promise.resolve(draw(...given)),
  })),
  normalThat("logProb returns a promise", ({ logProb }) => ({
    logProb: async (value: tf.Tensor) => await Promise.resolve(logProb(value)),
  })),
  normalThat("logProb returns a number", () => ({ logProb: () => 0 })),
  normalThat("logProb returns NaN", ({ logProb }) => ({
    logProb: (value: tf.Tensor) => tf.mul(logProb(value), NaN),
  })),
  normalThat("logProb returns −∞ now and then", ({ logProb }) => ({
    logProb: (value: tf.Tensor) => {
      const nats = logProb(value);
      return tf.where(tf.less(nats, -5), tf.fill(nats.shape, -Infinity), nats);
    },
  })),
  normalThat("logProb returns 0 for every value", ({ logProb }) => ({
    logProb: (value: tf.Tensor) => tf.zerosLike(logProb(value)),
  })),
  normalThat("draws are NaN", ({ draw }) => ({
    draw: (...given: Parameters<Normal["draw"]>) => {
      const { value, logProb } = draw(...given);
      return { value: tf.mul(value, NaN), logProb };
    },
  })),
  normalThat("draws have no log-density", ({ draw }) => ({
    draw: (...given: Parameters<Normal["draw"]>) => ({ value: draw(...given).value }),
  })),
  normalThat("draws are arrays", ({ draw }) => ({
    draw: (...given: Parameters<Normal["draw"]>) => ({
      ...draw(...given),
      value: draw(...given).value.arraySync(),
    }),
  })),
];

const mutants: readonly Mutant[] = [
  ...distributionMutants,
  ...inPlace("undefined", undefined),
  ...inPlace("null", null),
  ...inPlace("an empty record", {}),
  ...inPlace("the function that makes it", () => diagonalNormal()),
  ...everyKind("it throws", (plugin, work) => ({ ...plugin, [work]: broken })),
  ...everyKind(
    "what it builds throws",
    (plugin, work) =>
      work === "build" ? { ...plugin, build: () => broken } : { ...plugin, [work]: broken },
  ),
  ...everyKind("it never returns", (plugin, work) => ({ ...plugin, [work]: endless }), IMPATIENT),
  ...everyKind("it answers a promise", (plugin, work) => ({
    ...plugin,
    [work]: async (...given: readonly unknown[]) =>
      await (plugin[work] as (...given: readonly unknown[]) => unknown)(...given),
  })),
  ...everyKind("it answers nothing", (plugin, work) => ({ ...plugin, [work]: () => undefined })),
  ...everyKind("its work is missing", (plugin, work) => ({ ...plugin, [work]: undefined })),
  ...everyKind("its kind is that of another part", (plugin) => ({ ...plugin, kind: "schedule" })),
  ...everyKind("its name is empty", (plugin) => ({ ...plugin, name: "" })),
  ...everyKind("it has no options", (plugin) => ({ ...plugin, options: undefined })),
];

/** Plugins that are no plugins. */
export const misbehaving: Suite = {
  name: "misbehaving",
  sound: [
    ...Object.entries(plugins).map(([kind, plugin]) => ({
      name: kind,
      laws: () => kinds[kind]!(plugin),
    })),
    { name: "distribution", laws: () => distributionLaws(normalFamily) },
  ],
  mutants,
};
