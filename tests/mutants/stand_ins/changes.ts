/**
 * Ways to change a sound distribution, for mutants.
 *
 * @module
 */
import type { Distribution, Factorized, Family, Tensor } from "../../../mod.ts";
import { tf } from "../../../core/tf.ts";
import { type Element, independent } from "../../stand_ins/independent.ts";
import type { Sound } from "../mutant.ts";
import { held } from "../../stand_ins/laws.ts";

/** What a bug changes of independent elements. */
export type Change = Partial<Pick<Element, "sample" | "logDensities">>;

/** Independent elements with something changed, everywhere alike. */
export function changed(q: Factorized, change: Change): Factorized {
  const sample: Element["sample"] = (seed, [samples]) => q.draw(seed, samples).value;
  return independent({ ...q, sample, ...change });
}

/** A family of independent elements with something changed. */
export function changedFamily<Q extends Factorized, Name extends string>(
  family: Family<Q, Name>,
  change: (q: Q, parameters: { readonly [N in Name]: Tensor }) => Change,
): Family<Factorized, Name> {
  return {
    ...family,
    make: (parameters, event) => {
      const q = family.make(parameters, event);
      return changed(q, change(q, parameters));
    },
  };
}

/** A family whose distributions say something else. */
export function respoken<Q extends Distribution, Name extends string>(
  family: Family<Q, Name>,
  speak: (q: Q, parameters: { readonly [N in Name]: Tensor }) => Partial<Q>,
): Family<Q, Name> {
  return {
    ...family,
    make: (parameters, event) => {
      const q = family.make(parameters, event);
      return { ...q, ...speak(q, parameters) };
    },
  };
}

/** The same distribution, its log-densities more by something, also those of draws. */
export function denser<Q extends Distribution>(q: Q, more: (value: Tensor) => Tensor): Q {
  return {
    ...q,
    logProb: (value) => tf.add(q.logProb(value), more(value)),
    draw: (seed, samples) => {
      const { value, logProb } = q.draw(seed, samples);
      return { value, logProb: () => tf.add(logProb(), more(value)) };
    },
  };
}

/** The sound stand-ins of these names. */
export function soundOf(...names: readonly string[]): readonly Sound[] {
  return names.map((name) => ({ name, laws: () => held[name]!({}) }));
}
