/**
 * Subjects: whatever makes distributions, seen as a function of inputs.
 *
 * @module
 */
import { AT_REST, type Context } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import type { Distribution, Reparameterized } from "../../../core/distribution.ts";
import type { EventSupport, Family, Parameter } from "../../../core/family.ts";
import type { Likelihood } from "../../../core/likelihood.ts";
import type { Posterior } from "../../../core/posterior.ts";
import type { Prior, PriorScope } from "../../../core/prior.ts";
import type { ModelShapes, Scope } from "../../../core/scope.ts";
import type { Leaf, Support } from "../../../core/support.ts";
import { type Heads, type Outputs, type Shape, sizeOf, type Tensor } from "../../../core/types.ts";
import { normal } from "../../../plugins/distributions/normal.ts";
import type { LawOptions } from "../law.ts";
import { Violation } from "../violation.ts";
import type { Input, Inputs, Range, Tensors } from "./inputs.ts";
import { openWeights } from "./weights.ts";

/** What the laws of everything that makes distributions can be told. */
export interface DistributionLawOptions extends LawOptions {
  /** Where parameters, heads or weights are drawn from, where that is not the range of the kit. */
  readonly ranges?: { readonly [input: string]: Range };
  /** The same for the law of extremes. */
  readonly extremes?: { readonly [input: string]: Range };
  /** The values of events on which the density has to stay finite, where that are not the kit's. */
  readonly edges?: readonly number[];
  /** C, the number of classes, for events that are categories. */
  readonly categories?: number;
  /** L, the number of levels, for events between 0 and 1 that can only be 0, 1/(L − 1), …, 1. */
  readonly levels?: number;
}

/** What an event consists of: a leaf for every element, or all of them together. */
export type Elements = readonly Leaf[] | Exclude<EventSupport, Leaf>;

/** A subject for events of one shape. */
export interface Opened {
  /** What it is a function of. */
  readonly inputs: Inputs;
  /** The distribution for some inputs. */
  readonly make: (tensors: Tensors) => Distribution;
  /** What the events of such a distribution consist of. */
  readonly elements: (made: Distribution) => Elements;
  /** Lets go of what lives on. */
  readonly close: () => void;
}

/** Whatever makes distributions. */
export interface Subject {
  /** What it is called, for instance `prior 'logistic'`. */
  readonly title: string;
  /** The family that its distributions have to bear, where that is known. */
  readonly family?: string | undefined;
  /** The shape of the smallest event: of one element, where that can be. */
  readonly smallest: Shape;
  /** The shape of an event of several elements. */
  readonly several: Shape;
  /** Makes it for events of one shape. */
  readonly open: (event: Shape) => Opened;
  /** What the author said of it. */
  readonly options: DistributionLawOptions;
}

/** What a plugin is called. */
export function titleOf(kind: string, plugin: { readonly name: string } | undefined): string {
  return plugin?.name ? `${kind} '${plugin.name}'` : `${kind} without a name`;
}

/** The leaf of every element of an event. */
function elementsOf(support: EventSupport | Support, event: Shape): Elements {
  if (support === "simplex" || support === "sphere" || support === "one-hot") return support;
  if (typeof support === "string") return Array.from({ length: sizeOf(event) }, () => support);
  return Object.values(support);
}

/** The support that goes with what a density is a density on. */
function supportOf({ domain }: Distribution, support?: EventSupport): EventSupport {
  if (support !== undefined) return support;
  if (domain !== "discrete" && domain !== "mixed") return domain;
  throw new Violation(`the option 'support' for events that are ${domain}`, "none");
}

/** Events of one element, and of as many as it takes for their order to matter. */
const ONE: Shape = [1], SEVERAL: Shape = [3];

/** A family of distributions: a function of its parameters. */
export function familySubject<Q extends Distribution, N extends string>(
  family: Family<Q, N>,
  options: DistributionLawOptions,
): Subject {
  return {
    title: titleOf("distribution", family),
    family: family?.name,
    smallest: ONE,
    several: SEVERAL,
    options,
    open: (event) => ({
      inputs: Object.fromEntries(
        Object.entries<Parameter>(family.parameters).map(([name, parameter]) => {
          const { domain, shape } = typeof parameter === "string"
            ? { domain: parameter, shape: event }
            : { domain: parameter.domain, shape: parameter.shape(event) };
          return [name, { domain, shape, batched: true }];
        }),
      ),
      make: (tensors) => family.make(tensors as { readonly [name in N]: Tensor }, event),
      elements: () => elementsOf(family.support, event),
      close: () => {},
    }),
  };
}

/** What the laws of plugins can be told. */
export interface PluginLawOptions extends DistributionLawOptions {
  /** The shape of the condition `[…C]`, for plugins that want one. */
  readonly condition?: Shape;
  /** What the values of a discrete distribution may be. */
  readonly support?: EventSupport;
  /** Whether the offset is the log of a factor of the mean, for likelihoods that read one. */
  readonly offset?: boolean;
}

/** The shape of the data that priors and posteriors are told of. */
const DATA: Shape = [4];

/** Log size factors that are not trivial. */
const OFFSET: Input = { domain: "real", shape: [], batched: true, range: [-1, 1] };

/** A subject that is built in a scope: a function of heads, weights, a condition and an offset. */
function builtSubject(
  title: string,
  options: PluginLawOptions,
  parts: {
    readonly smallest: Shape;
    readonly several: Shape;
    readonly shapes: (event: Shape) => ModelShapes;
    readonly heads: (event: Shape) => Heads;
    readonly build: (scope: Scope) => (outputs: Outputs<Heads>, context: Context) => Distribution;
    readonly elements: (made: Distribution, event: Shape) => Elements;
  },
): Subject {
  const { condition } = options;
  return {
    title,
    smallest: parts.smallest,
    several: parts.several,
    options,
    open: (event) => {
      const weights = openWeights({ ...parts.shapes(event), condition });
      const heads = parts.heads(event), built = parts.build(weights.scope);
      const named = (prefix: string, name: string): string => `${prefix}/${name}`;
      const inputs: Record<string, Input> = {};
      for (const [name, shape] of Object.entries(heads)) {
        inputs[name] = { domain: "real", shape, batched: true };
      }
      for (const [path, weight] of Object.entries(weights.inputs)) {
        inputs[named("weights", path)] = weight;
      }
      if (condition) inputs.condition = { domain: "real", shape: condition, batched: true };
      if (options.offset) inputs.offset = OFFSET;
      return {
        inputs,
        make: (tensors) => {
          const pick = (names: Iterable<string>, prefix?: string): Record<string, Tensor> =>
            Object.fromEntries(
              Array.from(names, (name) => [name, tensors[prefix ? named(prefix, name) : name]!]),
            );
          weights.read(pick(Object.keys(weights.inputs), "weights"));
          const { condition, offset } = tensors;
          return built(pick(Object.keys(heads)), { ...AT_REST, condition, offset });
        },
        elements: (made) => parts.elements(made, event),
        close: () => tf.dispose([...weights.adopted]),
      };
    },
  };
}

/** A posterior: a function of what the encoder says. */
export function posteriorSubject<H extends Heads, Q extends Reparameterized>(
  posterior: Posterior<H, Q>,
  options: PluginLawOptions,
): Subject {
  return builtSubject(titleOf("posterior", posterior), options, {
    ...latents(options),
    heads: (latent) => posterior.heads(latent),
    build: (scope) => {
      const built = posterior.build(scope);
      return (outputs, context) => built(outputs as Outputs<H>, context);
    },
  });
}

/** A prior: a function of its weights alone, and of the condition where there is one. */
export function priorSubject<P extends Distribution>(
  prior: Prior<P>,
  options: PluginLawOptions,
): Subject {
  return builtSubject(titleOf("prior", prior), options, {
    ...latents(options),
    heads: () => ({}),
    build: (scope) => {
      const built = prior.build({ ...scope, infer: inferFor(scope.latent) });
      return (_, context) => built(context);
    },
  });
}

/** What is common to distributions of latents. */
function latents(options: PluginLawOptions) {
  return {
    smallest: ONE,
    several: SEVERAL,
    shapes: (latent: Shape): ModelShapes => ({ data: DATA, latent, support: "real" }),
    elements: (made: Distribution, latent: Shape): Elements =>
      elementsOf(supportOf(made, options.support), latent),
  };
}

/** A q(z|x) for priors that are made of one: a fixed linear map of the data, and scale ½. */
function inferFor(latent: Shape): PriorScope["infer"] {
  return (x) => {
    const size = sizeOf(latent), flat = tf.reshape(x, [x.shape[0]!, -1]);
    const map = tf.cos(tf.reshape(tf.range(0, flat.shape[1]! * size), [-1, size]));
    const mean = tf.reshape(tf.matMul(flat, map), [-1, ...latent]);
    return normal({ mean, scale: tf.fill(mean.shape, 0.5) });
  };
}

/** A likelihood: a function of what the decoder says. */
export function likelihoodSubject<H extends Heads, S extends Support, X extends Distribution>(
  likelihood: Likelihood<H, S, X>,
  options: PluginLawOptions,
): Subject {
  const support = likelihood?.support;
  const columns = typeof support === "object" ? [Object.keys(support).length] : undefined;
  return builtSubject(titleOf("likelihood", likelihood), options, {
    smallest: columns ?? ONE,
    several: columns ?? SEVERAL,
    shapes: (data) => ({ data, latent: [2], support }),
    heads: (data) => likelihood.heads(data),
    build: (scope) => {
      const built = likelihood.build(scope);
      return (outputs, context) => built(outputs as Outputs<H>, context);
    },
    elements: (_, data) => elementsOf(support, data),
  });
}
