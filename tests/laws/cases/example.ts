/**
 * Examples: a distribution of a subject at the inputs that a case has drawn, and rules about them.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import {
  type Distribution,
  hasMean,
  hasVariance,
  isFactorized,
} from "../../../core/distribution.ts";
import { outOfRange } from "../../../core/errors.ts";
import { type Seed, seed } from "../../../core/random.ts";
import type { Shape, Tensor } from "../../../core/types.ts";
import { fc } from "../deps.ts";
import { type Rule, ruleAbout, type Source, type Statement } from "../rule.ts";
import { glimpse } from "../time_limit.ts";
import { Violation } from "../violation.ts";
import {
  EXTREME,
  type Inputs,
  normalized,
  ORDINARY,
  type Range,
  type Tensors,
  tensorsOf,
  type Values,
  valuesOf,
} from "./inputs.ts";
import type { Elements, Opened, Subject } from "./subject.ts";

/** A distribution at the inputs that a case has drawn. */
export interface Example {
  /** The distribution. */
  readonly q: Distribution;
  /** The inputs. */
  readonly inputs: Inputs;
  /** Their tensors. */
  readonly tensors: Tensors;
  /** The distribution at other tensors. */
  readonly make: (tensors: Tensors) => Distribution;
  /** What its events consist of. */
  readonly elements: Elements;
  /** The shape of an event. */
  readonly event: Shape;
  /** B, as the inputs have it. */
  readonly batch: number;
  /** Noise of this case. */
  readonly noise: Seed;
}

/** What a rule about the distributions of a subject says of itself. */
export interface ExampleStatement extends Statement {
  /** The shape of the events. */
  readonly event: Shape;
  /** B: 2 unless told. */
  readonly batch?: number | undefined;
  /** Whether the inputs are extreme ones. */
  readonly extreme?: boolean | undefined;
}

/** What a case draws. */
export interface Drawn {
  readonly inputs: Values;
  readonly noise: number;
}

/** Inputs with the ranges that the author has given some of them. */
function narrowed(inputs: Inputs, ranges: { readonly [name: string]: Range } = {}): Inputs {
  const action = "draw cases";
  for (const [name, range] of Object.entries(ranges)) {
    const known = Object.keys(inputs).join(", ") || "none, as there are no inputs";
    if (!(name in inputs)) throw outOfRange(action, `a range must be of ${known}`, name);
    const [from, to] = range, { domain, initial } = inputs[name]!;
    const lowest = initial === undefined && domain !== "real" ? Number.MIN_VALUE : -Infinity;
    if (from >= lowest && from <= to && Number.isFinite(from) && Number.isFinite(to)) continue;
    throw outOfRange(action, `the range of '${name}' must lie in its domain, '${domain}'`, range);
  }
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => {
      if (!(name in ranges)) return [name, input];
      const { initial: _, ...drawn } = input;
      return [name, { ...drawn, range: ranges[name] }];
    }),
  );
}

/** The inputs of a subject, with the ranges that its author wants. */
export function inputsOf(opened: Opened, subject: Subject, extreme = false): Inputs {
  return narrowed(opened.inputs, extreme ? subject.options.extremes : subject.options.ranges);
}

/** A distribution whose density, where it can only be estimated, is so with the noise of the case. */
function seeded(q: Distribution, noise: Seed): Distribution {
  if (!q?.estimated) return q;
  return { ...q, logProb: (value, seed = noise) => q.logProb(value, seed) };
}

/** An example of a subject out of what a case has drawn. */
export function exampleOf(
  opened: Opened,
  inputs: Inputs,
  event: Shape,
  batch: number,
  drawn: Drawn,
): Example {
  const noise = seed(drawn.noise);
  const make = (tensors: Tensors): Distribution =>
    seeded(opened.make(normalized(inputs, tensors)), noise.split("density"));
  const tensors = tensorsOf(inputs, drawn.inputs, batch), q = make(tensors);
  for (const member of ["draw", "logProb"] as const) {
    if (typeof q?.[member] === "function") continue;
    throw new Violation(`a distribution with a function '${member}'`, `${q?.[member] ?? q}`);
  }
  const elements = opened.elements(q);
  return { q, inputs, tensors, make, elements, event, batch, noise };
}

/** Noise of a case. */
export const NOISE: fc.Arbitrary<number> = fc.nat(2 ** 31 - 1);

/** The examples of a subject with events of one shape. */
export function examplesOf(
  subject: Subject,
  event: Shape,
  { batch = 2, extreme = false }: Pick<ExampleStatement, "batch" | "extreme"> = {},
): Source<Drawn, Example> {
  let opened: Opened | undefined, inputs: Inputs;
  return {
    cases: () => {
      opened = open(subject, event);
      inputs = inputsOf(opened, subject, extreme);
      const values = valuesOf(inputs, batch, extreme ? EXTREME : ORDINARY);
      return fc.record({ inputs: values, noise: NOISE });
    },
    of: (drawn) => exampleOf(opened!, inputs, event, batch, drawn),
    end: () => opened?.close(),
  };
}

/** A rule about the distributions of a subject. */
export function about(
  subject: Subject,
  { event, batch, extreme, ...statement }: ExampleStatement,
  holds: (example: Example) => void,
): Rule {
  return ruleAbout(examplesOf(subject, event, { batch, extreme }), statement, holds);
}

/** Makes a subject for events of one shape; what it makes on the way is let go. */
export function open(subject: Subject, event: Shape): Opened {
  let opened: Opened | undefined;
  tf.tidy(() => {
    opened = subject.open(event);
  });
  return opened!;
}

/** What is known of the distributions of a subject before any law is checked. */
export interface Traits {
  readonly family: string;
  readonly elements: Elements;
  readonly factorized: boolean;
  readonly reparameterized: boolean;
  readonly moments: boolean;
  /** Whether there is anything to differentiate by. */
  readonly inputs: boolean;
}

/** Looks at one distribution of a subject, or at nothing where none can be made. */
export function traitsOf(subject: Subject): Traits | undefined {
  let traits: Traits | undefined;
  const { cases, of, end } = examplesOf(subject, subject.several, { batch: 1 });
  glimpse(() => {
    const [drawn] = fc.sample(cases(), { seed: 0, numRuns: 1 });
    tf.tidy(() => {
      const { q, elements, inputs } = of(drawn!);
      traits = {
        family: q.family,
        elements,
        factorized: isFactorized(q),
        reparameterized: q.reparameterized,
        moments: hasMean(q) || hasVariance(q),
        inputs: Object.keys(inputs).length > 0,
      };
    });
  });
  end?.();
  return traits;
}

/** S draws of a distribution, each read once: `[S, B, …event]`. */
export function drawsOf(
  { q, noise }: Pick<Example, "q" | "noise">,
  label: string,
  samples: number,
): Tensor {
  return q.draw(noise.split(label), samples).value;
}
