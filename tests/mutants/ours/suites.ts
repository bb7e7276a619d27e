/**
 * Ways to change one thing in one of Elbo's own plugins, held to the laws that the plugin keeps.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import {
  type Distribution,
  type Factorized,
  isFactorized,
  sumOverEvent,
} from "../../../core/distribution.ts";
import type { Family } from "../../../core/family.ts";
import type { InvertibleMap } from "../../../core/flow.ts";
import type { Seed } from "../../../core/random.ts";
import type { Shape, Tensor } from "../../../core/types.ts";
import { held } from "../../plugins/laws.ts";
import type { Suite } from "../mutant.ts";

/** Something for every bug, by what is wrong. */
export type Bugs<T> = { readonly [bug: string]: T };

/** What is said in other words. */
export type Change = Partial<Factorized> & {
  readonly mean?: Tensor;
  readonly variance?: Tensor;
};

/** The mutants of a plugin that stands in the table of all plugins under some name. */
export function suiteOf(name: string, mutants: Bugs<unknown>): Suite {
  const laws = held[name]!;
  return {
    name,
    sound: [{ name, laws: (options = {}) => laws(options) }],
    mutants: Object.entries(mutants).map(([bug, mutant]) => ({
      bug,
      laws: (options = {}) => laws(options, mutant),
    })),
  };
}

/** The same for every bug, by what is wrong. */
export function mapBugs<T, U>(bugs: Bugs<T>, f: (given: T) => U): Bugs<U> {
  return Object.fromEntries(Object.entries(bugs).map(([bug, given]) => [bug, f(given)]));
}

/** A distribution that says some things in other words. */
const respoken = (q: Distribution, change: Change): Distribution => ({ ...q, ...change });

/** The mutants of a family: what becomes of its distributions and their parameters. */
export function familySuite<Q extends Distribution, N extends string>(
  name: string,
  family: Family<Q, N>,
  bugs: Bugs<(q: Q, parameters: { readonly [name in N]: Tensor }) => Change>,
): Suite {
  const mutants = mapBugs(bugs, (change) => ({
    ...family,
    make: (parameters: { readonly [name in N]: Tensor }, event: Shape) => {
      const q = family.make(parameters, event);
      return respoken(q, change(q, parameters));
    },
  }));
  return suiteOf(name, mutants);
}

/** What is built in a scope, and then makes distributions of what it is given. */
interface Builder<S, A extends readonly unknown[], Q extends Distribution> {
  readonly build: (scope: S) => (...given: A) => Q;
}

/** A plugin whose distributions say some things in other words. */
export function spoken<S, A extends readonly unknown[], Q extends Distribution>(
  plugin: Builder<S, A, Q>,
  change: (q: Q, ...given: A) => Change,
): object {
  return {
    ...plugin,
    build: (scope: S) => {
      const built = plugin.build(scope);
      return (...given: A) => {
        const q = built(...given);
        return respoken(q, change(q, ...given));
      };
    },
  };
}

/** The mutants of a prior, posterior or likelihood, and others that are plugins themselves. */
export function pluginSuite<S, A extends readonly unknown[], Q extends Distribution>(
  name: string,
  plugin: Builder<S, A, Q>,
  bugs: Bugs<(q: Q, ...given: A) => Change>,
  others: Bugs<unknown> = {},
): Suite {
  return suiteOf(name, { ...mapBugs(bugs, (change) => spoken(plugin, change)), ...others });
}

/** The draws of something else, whose log-density is still that of q. */
export function drawnFrom(q: Distribution, { draw }: Pick<Distribution, "draw">): Change {
  return {
    draw: (seed, samples) => {
      const { value } = draw(seed, samples);
      return { value, logProb: () => q.logProb(value, seed) };
    },
  };
}

/** Other draws, of the shape that is asked for. */
export function drawn(q: Distribution, valueOf: (seed: Seed, shape: Shape) => Tensor): Change {
  const draw: Distribution["draw"] = (seed, samples = 1) => {
    const value = valueOf(seed, [samples, q.batch, ...q.event]);
    return { value, logProb: () => q.logProb(value, seed) };
  };
  return { draw };
}

/** Draws that are changed afterwards. */
export function moved(q: Distribution, move: (value: Tensor) => Tensor): Change {
  return drawn(q, (seed, [samples]) => move(q.draw(seed, samples).value));
}

/** Other log-densities of events, also in what draws say of themselves. */
export function scoredBy(
  q: Distribution,
  { logProb, logDensities }: Pick<Distribution, "logProb"> & Pick<Change, "logDensities">,
): Change {
  return {
    ...(logDensities && { logDensities }),
    logProb,
    draw: (seed, samples) => {
      const { value } = q.draw(seed, samples);
      return { value, logProb: () => logProb(value, seed) };
    },
  };
}

/** Other log-densities of elements. */
export function scored(q: Distribution, logDensities: (value: Tensor) => Tensor): Change {
  return scoredBy(q, {
    logDensities,
    logProb: (value) => sumOverEvent(logDensities(value), q.event),
  });
}

/** Log-densities that are more by something: those of elements where there are any. */
export function denser(q: Distribution, more: (value: Tensor) => Tensor | number): Change {
  if (isFactorized(q)) return scored(q, (value) => tf.add(q.logDensities(value), more(value)));
  return scoredBy(q, { logProb: (value, seed) => tf.add(q.logProb(value, seed), more(value)) });
}

/** The same map with log-determinants that are replaced. */
export const stretching = (
  { forward, inverse }: InvertibleMap,
  of: (logDeterminant: Tensor) => Tensor,
): InvertibleMap => {
  const replaced = (map: InvertibleMap["forward"]): InvertibleMap["forward"] => (value) => {
    const mapped = map(value);
    return { value: mapped.value, logDeterminant: of(mapped.logDeterminant) };
  };
  return { forward: replaced(forward), inverse: replaced(inverse) };
};
