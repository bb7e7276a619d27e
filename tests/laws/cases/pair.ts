/**
 * Pairs: a posterior and a prior at the inputs that a case has drawn.
 *
 * @module
 */
import { AT_REST, type Progress } from "../../../core/context.ts";
import type { Distribution } from "../../../core/distribution.ts";
import type { Divergence } from "../../../core/divergence.ts";
import type { Term } from "../../../core/ledger.ts";
import type { Seed } from "../../../core/random.ts";
import type { Shape } from "../../../core/types.ts";
import { fc } from "../deps.ts";
import { type Rule, ruleAbout, type Source, type Statement } from "../rule.ts";
import { type Drawn, type Example, exampleOf, inputsOf, NOISE, open } from "./example.ts";
import { EXTREME, type Inputs, ORDINARY, type Tensors, valuesOf } from "./inputs.ts";
import type { Opened, Subject } from "./subject.ts";

/** q and p as functions of inputs. */
export interface SubjectPair {
  readonly posterior: Subject;
  readonly prior: Subject;
}

/** q and p at the inputs that a case has drawn. */
export interface Pair extends Pick<Example, "inputs" | "tensors" | "noise" | "event" | "elements"> {
  readonly q: Distribution;
  readonly p: Distribution;
  /** Both at other tensors. */
  readonly make: (tensors: Tensors) => { readonly q: Distribution; readonly p: Distribution };
  /** How far training has come. */
  readonly progress: Progress;
}

/** What a rule about pairs says of itself. */
export interface PairStatement extends Statement {
  /** The shape of the events. */
  readonly event: Shape;
  /** Whether the inputs are extreme ones. */
  readonly extreme?: boolean;
}

/** B, and S where a rule needs no other. */
export const BATCH = 2, SAMPLES = 3;

/** What a case draws. */
export interface DrawnPair {
  readonly posterior: Drawn["inputs"];
  readonly prior: Drawn["inputs"];
  readonly noise: number;
  readonly step: number;
}

const withPrefix = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

const withoutPrefix = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );

const Q = "posterior ", P = "prior ";

/** The pairs of two subjects with events of one shape. */
export function pairsOf(
  subjects: SubjectPair,
  event: Shape,
  extreme = false,
): Source<DrawnPair, Pair> {
  let opened: readonly Opened[] = [];
  let inputs: { readonly posterior: Inputs; readonly prior: Inputs };
  return {
    cases: () => {
      const q = open(subjects.posterior, event);
      opened = [q];
      const p = open(subjects.prior, event);
      opened = [q, p];
      inputs = {
        posterior: inputsOf(q, subjects.posterior, extreme),
        prior: inputsOf(p, subjects.prior, extreme),
      };
      const ranges = extreme ? EXTREME : ORDINARY;
      return fc.record({
        posterior: valuesOf(inputs.posterior, BATCH, ranges),
        prior: valuesOf(inputs.prior, BATCH, ranges),
        noise: NOISE,
        step: fc.nat(2000),
      });
    },
    of: (drawn) => {
      const { noise, step } = drawn;
      const [q, p] = (["posterior", "prior"] as const).map((part, i) =>
        exampleOf(opened[i]!, inputs[part], event, BATCH, { inputs: drawn[part], noise })
      ) as [Example, Example];
      return {
        ...q,
        p: p.q,
        inputs: Object.fromEntries([
          ...Object.entries(q.inputs).map(([name, input]) => [Q + name, input]),
          ...Object.entries(p.inputs).map(([name, input]) => [P + name, input]),
        ]),
        tensors: { ...withPrefix(Q, q.tensors), ...withPrefix(P, p.tensors) },
        make: (tensors) => ({
          q: q.make(withoutPrefix(Q, tensors)),
          p: p.make(withoutPrefix(P, tensors)),
        }),
        progress: { step, steps: 2000, epoch: Math.floor(step / 100), datasetSize: 1000 },
      };
    },
    end: () => opened.forEach(({ close }) => close()),
  };
}

/** A rule about pairs. */
export function aboutPairs(
  subjects: SubjectPair,
  { event, extreme, ...statement }: PairStatement,
  holds: (pair: Pair) => void,
): Rule {
  return ruleAbout(pairsOf(subjects, event, extreme), statement, holds);
}

/** The rows of a divergence from q to p. */
export function estimateOf(
  divergence: Divergence<Distribution, Distribution>,
  { q, p }: { readonly q: Distribution; readonly p: Distribution },
  seed: Seed,
  { samples = SAMPLES, progress = AT_REST.progress }: {
    readonly samples?: number;
    readonly progress?: Progress;
  } = {},
): readonly Term[] {
  return divergence.estimate({
    posterior: q,
    prior: p,
    draw: q.draw(seed.split("latents"), samples),
    seed: seed.split("divergence"),
    context: { training: true, progress },
  });
}
