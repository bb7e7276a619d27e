/**
 * The laws of divergences.
 *
 * @module
 */
import type { Distribution, Reparameterized, SameDomain } from "../../core/distribution.ts";
import type { Divergence } from "../../core/divergence.ts";
import type { Family } from "../../core/family.ts";
import { isPlugin } from "../../core/plugin.ts";
import type { Posterior } from "../../core/posterior.ts";
import type { Prior } from "../../core/prior.ts";
import type { Heads } from "../../core/types.ts";
import type { Contributes } from "./cases/divergence.ts";
import {
  familySubject,
  type PluginLawOptions,
  posteriorSubject,
  priorSubject,
  type Subject,
  titleOf,
} from "./cases/subject.ts";
import { type Law, type LawOptions, lawsOf } from "./law.ts";
import { divergenceRules } from "./rules/divergences.ts";

/** The pair that a divergence is tested on, and what else its laws can be told. */
export interface DivergenceLawOptions<
  Q extends Reparameterized,
  P extends Distribution,
  H extends Heads,
  NameQ extends string,
  NameP extends string,
> extends LawOptions {
  /** What makes q: a posterior, or a family of distributions. */
  readonly posterior: Posterior<H, Q> | Family<Q, NameQ>;
  /** What makes p: a prior, or a family of distributions. */
  readonly prior: (Prior<P> | Family<P, NameP>) & SameDomain<Q, P>;
  /** What a row contributes, for rows that are not −weight × nats, or to hold a weight to it. */
  readonly contributes?: Contributes;
  /** Ranges and the like of what makes q. */
  readonly posteriorOptions?: Omit<PluginLawOptions, keyof LawOptions>;
  /** Ranges and the like of what makes p. */
  readonly priorOptions?: Omit<PluginLawOptions, keyof LawOptions>;
}

/**
 * The laws that a divergence must keep on a pair: KL(q ‖ p) ≥ 0, KL(p ‖ p) = 0, closed form =
 * quadrature = Monte Carlo, and contributions that are what they are said to be.
 *
 * @param divergence The divergence.
 * @param options The pair that it is tested on, and what else there is to say.
 * @returns The laws, to be run by any test runner.
 *
 * @example
 * ```ts
 * import { divergences, posteriors, priors } from "@elbo/elbo";
 * import { assertLaws, divergenceLaws } from "@elbo/elbo/laws";
 *
 * const pair = { posterior: posteriors.diagonalNormal(), prior: priors.standardNormal() };
 * const contributes = ({ nats }: { readonly nats: number }) => -4 * nats;
 * await assertLaws(
 *   divergenceLaws(divergences.betaKl({ beta: 4 }), { ...pair, contributes, cases: 5 }),
 * );
 * ```
 */
export function divergenceLaws<
  Q extends Reparameterized,
  P extends Distribution,
  H extends Heads = Heads,
  NameQ extends string = string,
  NameP extends string = string,
>(
  divergence: Divergence<Q, P>,
  options: DivergenceLawOptions<Q, P, H, NameQ, NameP>,
): readonly Law[] {
  const { posterior, prior, contributes, posteriorOptions, priorOptions, ...rest } = options;
  const forQ = { ...rest, ...posteriorOptions }, forP = { ...rest, ...priorOptions };
  const pair: { posterior: Subject; prior: Subject } = {
    posterior: isPlugin(posterior)
      ? posteriorSubject(posterior, forQ)
      : familySubject(posterior, forQ),
    prior: isPlugin(prior) ? priorSubject(prior, forP) : familySubject(prior, forP),
  };
  return lawsOf(
    titleOf("divergence", divergence),
    // What it is made for is what it is given here: the compiler has seen to that.
    divergenceRules(
      { divergence: divergence as Divergence<never, never>, pair, contributes } as never,
    ),
    options,
  );
}
