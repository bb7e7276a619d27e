/**
 * All rules that hold of divergences.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { Term } from "../../../core/ledger.ts";
import { sizeOf, type Tensor } from "../../../core/types.ts";
import type { AnyDivergence, DivergenceSubject } from "../cases/divergence.ts";
import { traitsOf } from "../cases/example.ts";
import type { Tensors } from "../cases/inputs.ts";
import { aboutPairs, estimateOf, type Pair, pairsOf, SAMPLES } from "../cases/pair.ts";
import { fc } from "../deps.ts";
import { directionOf, gradientsOf, motionOf, requireGradient } from "../numerics/differences.ts";
import { numbers } from "../numerics/numbers.ts";
import type { Rule } from "../rule.ts";
import { glimpse } from "../time_limit.ts";
import { requireClose, requireFinite, requireThat, ROUNDING, Violation } from "../violation.ts";
import { backends, type Comparison, figuresOf } from "./backends.ts";
import { contract } from "./contract.ts";
import { eventAxes, identity, nonNegativity, quadrature, sampling } from "./kl.ts";
import { memory } from "./memory.ts";
import { requireTerms, sumOfRows } from "./terms.ts";

function rows({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "rows",
    statement: "its rows are named, shaped and finite, and say truly how they were computed",
    event: pair.posterior.several,
  };
  return aboutPairs(pair, rule, (given) => {
    const { q, p, noise, progress, event } = given, rows = Math.max(q.batch, p.batch);
    const terms = estimateOf(divergence, given, noise, { progress });
    requireTerms(terms, rows);
    const others = estimateOf(divergence, given, noise.split("other"), { progress });
    terms.forEach((term, i) => {
      const { name, estimator, samples, nats, factors } = term;
      if (estimator === "closed form") {
        const again = numbers(others[i]!.nats);
        requireClose(`'${name}' with other draws`, again, numbers(nats), ROUNDING);
      } else if (samples !== SAMPLES && divergence.isKl) {
        throw new Violation(`'samples' of '${name}' to be ${SAMPLES}, as was drawn`, `${samples}`);
      }
      if (factors === undefined) return;
      requireThat(
        String(factors.shape) === String([rows, ...event]),
        `factors of '${name}' of shape [${[rows, ...event]}]`,
        `[${factors.shape}]`,
      );
      const axes = event.map((_, axis) => axis + 1);
      const summed = numbers(tf.sum(factors, axes));
      requireClose(`the sum of the factors of '${name}'`, summed, numbers(nats), ROUNDING);
    });
  });
}

function contributions({ divergence, pair, contributes }: DivergenceSubject): Rule {
  const rule = {
    name: "contributions",
    statement: "every row contributes what it says: −weight × nats, or what its author has stated",
    event: pair.posterior.several,
  };
  return aboutPairs(pair, rule, (given) => {
    const { noise, progress, event } = given;
    for (const term of estimateOf(divergence, given, noise, { progress })) {
      const { name, nats, weight, factors, contribution } = term;
      const raw = numbers(nats), seen = numbers(contribution), size = sizeOf(event);
      const each = factors && numbers(factors);
      const batch = Array.from(raw, (nats, b) => ({
        nats,
        factors: each && Array.from(each).slice(b * size, (b + 1) * size),
      }));
      const expected = batch.map((datum) => {
        const stated = contributes?.({ name, ...datum, progress, batch });
        if (stated === undefined && weight === undefined) {
          throw new Violation(
            `the option 'contributes' for the row '${name}', which says no weight`,
            "none",
          );
        }
        return stated ?? -weight! * datum.nats;
      });
      const forAll = contribution.rank === 0; // The batch is averaged.
      requireClose(
        `the contribution of '${name}' at step ${progress.step}`,
        seen,
        forAll ? [expected.reduce((a, b) => a + b) / expected.length] : expected,
        ROUNDING,
      );
      if (weight === undefined) continue;
      requireThat(weight >= 0, `a weight of '${name}' that is not negative`, weight);
      const weighed = expected.map((_, b) => -weight * raw[b]!);
      const what = `what '${name}' contributes by its weight ${weight} (none where it has no one)`;
      requireClose(what, weighed, expected, ROUNDING);
    }
  });
}

/** The contributions of a pair, as a function of its tensors. */
function contributionOf(
  divergence: AnyDivergence,
  { make, noise, progress }: Pair,
): (tensors: Tensors) => Tensor {
  return (tensors) =>
    sumOfRows(
      estimateOf(divergence, make(tensors), noise, { progress }).map((term) => term.contribution),
    );
}

function gradients({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "gradients",
    statement: "what it contributes has the gradients that finite differences see",
    event: pair.posterior.several,
  };
  return aboutPairs(pair, rule, (given) => {
    const { inputs, tensors, noise } = given, contributed = contributionOf(divergence, given);
    const found = gradientsOf((given) => tf.sum(contributed(given)), tensors);
    for (const [name, tensor] of Object.entries(tensors)) {
      const direction = directionOf(tensor, motionOf(inputs, name), noise.split(name));
      requireGradient("the contribution", contributed, tensors, name, found[name]!, direction);
    }
  });
}

function extremes({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "extremes",
    statement: "with extreme parameters its rows and their gradients stay finite",
    event: pair.posterior.several,
    extreme: true,
  };
  return aboutPairs(pair, rule, (given) => {
    const contributed = contributionOf(divergence, given);
    requireFinite("a contribution", numbers(contributed(given.tensors)));
    const found = gradientsOf((tensors) => tf.sum(contributed(tensors)), given.tensors);
    for (const [name, gradient] of Object.entries(found)) {
      requireFinite(`the gradient by '${name}'`, numbers(gradient));
    }
  });
}

function seeds({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "seeds",
    statement: "the same draws and the same seed give the same rows",
    event: pair.posterior.several,
  };
  return aboutPairs(pair, rule, (given) => {
    const read = (): string =>
      estimateOf(divergence, given, given.noise).map((term) => numbers(term.nats)).join();
    requireThat(read() === read(), "the same rows", "other rows");
  });
}

/** The rows, their contributions, and the gradients of these. */
function comparison({ divergence, pair }: DivergenceSubject): Comparison<Pair> {
  return {
    backends: pair.posterior.options.backends,
    compute: (given) => {
      const terms = estimateOf(divergence, given, given.noise, { progress: given.progress });
      const contributed = contributionOf(divergence, given);
      const named = (of: (term: Term) => Tensor) =>
        Object.fromEntries(terms.map((term) => [term.name, of(term)]));
      return {
        ...figuresOf("the nats of", named(({ nats }) => nats)),
        ...figuresOf("the contribution of", named(({ contribution }) => contribution)),
        ...figuresOf(
          "the gradient of the contribution by",
          gradientsOf((tensors) => tf.sum(contributed(tensors)), given.tensors),
        ),
      };
    },
  };
}

/** Whether it is one of q and p alone, whatever was drawn: no KL, but a closed form. */
function isClosed({ divergence, pair }: DivergenceSubject): boolean {
  const { cases, of, end } = pairsOf(pair, pair.posterior.several);
  let closed = false;
  glimpse(() =>
    tf.tidy(() => {
      const [drawn] = fc.sample(cases(), { seed: 0, numRuns: 1 }), given = of(drawn!);
      const terms = estimateOf(divergence, given, given.noise);
      closed = terms.every(({ estimator }) => estimator === "closed form");
    })
  );
  end?.();
  return closed;
}

/** The rules of a divergence: those of a KL where it says that it is one. */
export function divergenceRules(subject: DivergenceSubject): readonly Rule[] {
  const { divergence, pair } = subject, pairs = () => pairsOf(pair, pair.posterior.several);
  const isKl = divergence?.isKl !== false, isZeroAtBest = isKl || isClosed(subject);
  const q = traitsOf(pair.posterior), p = traitsOf(pair.prior);
  const single = typeof q?.elements !== "string";
  // Only then can p stand on both sides.
  const alike = q === undefined || q.family === p?.family;
  const severalAxes = q?.factorized === true && p?.factorized === true;
  return [
    contract("divergence", divergence, { isKl: "boolean", estimate: "function" }),
    rows(subject),
    contributions(subject),
    ...(isZeroAtBest ? [nonNegativity(subject)] : []),
    ...(isZeroAtBest && alike ? [identity(subject)] : []),
    ...(isKl ? [sampling(subject)] : []),
    ...(isKl && single ? [quadrature(subject)] : []),
    ...(isKl && severalAxes ? [eventAxes(subject)] : []),
    gradients(subject),
    extremes(subject),
    seeds(subject),
    memory(pairs(), (given) => {
      const contributed = contributionOf(divergence, given);
      gradientsOf((tensors) => tf.sum(contributed(tensors)), given.tensors);
    }),
    backends(pairs(), comparison(subject)),
  ];
}
