import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import {
  type Distribution,
  distributions,
  type Divergence,
  divergences,
  initializers,
  type Likelihood,
  likelihoods,
  type Objective,
  objectives,
  posteriors,
  type Prior,
  priors,
  type Tensor,
  vae,
} from "../../mod.ts";
import { tinyParts } from "../helpers/tiny.ts";

const kl = divergences.kl();

/** Composes the tiny model with some other parts, and expects a message; nothing may be left. */
function refuses(parts: object, message: string | RegExp): void {
  const before = tf.memory().numTensors;
  assert.throws(
    () => vae({ ...tinyParts, divergence: kl, ...parts }),
    {
      message,
    },
  );
  assert.equal(tf.memory().numTensors, before);
}

/** A distribution, but for what is changed of it. */
function changed<D extends Distribution>(honest: D, change: object): D {
  return Object.assign(Object.create(honest), change);
}

Deno.test("vae() names a posterior that does not fit", () => {
  const posterior = (change: (q: distributions.Normal) => object) => {
    const honest = posteriors.diagonalNormal();
    return {
      posterior: {
        ...honest,
        name: "mine",
        build: () => (outputs: Parameters<ReturnType<typeof honest.build>>[0]) => {
          const q = distributions.normal(outputs);
          return changed(q, change(q));
        },
      },
    };
  };
  const run = "Cannot run posterior 'mine' as";
  refuses(
    posterior(() => ({ event: [1] })),
    `${run} its event must have shape [2]: current value is [1]`,
  );
  refuses(
    posterior(() => ({ reparameterized: false })),
    `${run} gradients must pass through its draws ('reparameterized'): current value is false`,
  );
  refuses(
    posterior(() => ({ batch: 5 })),
    `${run} its batch must be 1 or 4: current value is 5`,
  );
  refuses(
    posterior((q) => ({ logProb: q.logDensities })),
    `${run} 'logProb' must have shape [3, 4]: current value is [3, 4, 2]`,
  );
  refuses(
    posterior((q) => ({ logDensities: q.logProb })),
    `${run} 'logDensities' must have shape [3, 4, 2]: current value is [3, 4]`,
  );
  refuses(
    posterior((q) => ({
      draw: (...given: Parameters<typeof q.draw>) => {
        const { value } = q.draw(...given);
        return { value, logProb: () => value };
      },
    })),
    `${run} 'logProb' of a draw must have shape [3, 4]: current value is [3, 4, 2]`,
  );
  refuses(
    posterior((q) => ({ draw: (seed: Parameters<typeof q.draw>[0]) => q.draw(seed) })),
    `${run} a draw must have shape [3, 4, 2]: current value is [1, 4, 2]`,
  );
});

Deno.test("vae() names a likelihood that does not fit", () => {
  type Bernoulli = distributions.Bernoulli;
  const likelihood = (change: (p: Bernoulli) => object, other: object = {}) => {
    const honest = likelihoods.bernoulli();
    const mine: Likelihood<likelihoods.BernoulliHeads, "binary", Bernoulli> = {
      ...honest,
      ...other,
      name: "mine",
      build: (scope) => {
        const build = honest.build(scope);
        return (outputs, context) => {
          const p = build(outputs, context);
          return changed(p, change(p));
        };
      },
    };
    return { likelihood: mine };
  };
  const run = "Cannot run likelihood 'mine' as";
  refuses(
    likelihood((p) => ({ logProb: p.logDensities })),
    `${run} 'logProb' must have shape [1, 12]: current value is [1, 12, 6]`,
  );
  refuses(
    likelihood(() => ({ event: [3] })),
    `${run} its event must have shape [6]: current value is [3]`,
  );
  refuses(
    likelihood((p) => ({ draw: () => ({ value: p.logits, logProb: () => p.logits }) })),
    `${run} a draw must have shape [1, 12, 6]: current value is [12, 6]`,
  );
  refuses(
    likelihood(() => ({}), { support: "grey" }),
    /^Cannot use likelihood 'mine' as 'support' must be one of binary, .*current value is 'grey'$/,
  );
});

Deno.test("vae() names a divergence whose terms do not fit", () => {
  const divergence = (estimate: Divergence<Distribution, Distribution>["estimate"]) => ({
    divergence: { ...kl, name: "mine", estimate },
  });
  const run = "Cannot run divergence 'mine' as";
  refuses(
    divergence((given) => {
      const [term] = kl.estimate(given);
      return [{ ...term, nats: term.factors! }];
    }),
    `${run} 'nats' of term 'divergence' must have shape [4] or []: current value is [4, 2]`,
  );
  refuses(
    divergence((given) => kl.estimate(given)[0] as unknown as ReturnType<typeof kl.estimate>),
    /^Cannot run divergence 'mine' as it must answer a list of terms: /,
  );
  refuses(
    divergence((given) => [kl.estimate(given)[0], kl.estimate(given)[0]]),
    `${run} the name of every term must be unique: current value is 'divergence'`,
  );
});

Deno.test("vae() names an objective whose ledger does not fit", () => {
  const honest = objectives.elbo({ divergence: kl });
  const objective = (change: (x: Tensor) => object) => {
    const mine: Objective<Distribution, Distribution> = {
      ...honest,
      name: "mine",
      ledger: (pass) => ({ ...honest.ledger(pass), ...change(pass.batch.x) }),
    };
    return { divergence: undefined, objective: mine };
  };
  const run = "Cannot run objective 'mine' as";
  refuses(
    objective((x) => ({ objective: tf.sum(x, 1) })),
    `${run} 'objective' must have shape []: current value is [4]`,
  );
  refuses(
    objective((x) => ({ bound: { name: "ELBO", nats: tf.sum(x) } })),
    `${run} 'bound' must have shape [4]: current value is []`,
  );
  refuses(
    objective((x) => ({ surrogate: x })),
    `${run} 'surrogate' must have shape []: current value is [4, 6]`,
  );
});

Deno.test("vae() names what is no plugin, or one of another kind", () => {
  const compose = "Cannot compose model as";
  refuses(
    { prior: priors.standardNormal },
    `${compose} 'prior' must be a prior plugin: current value is function standardNormal`,
  );
  refuses(
    { encoder: undefined },
    `${compose} 'encoder' must be a network plugin: current value is undefined`,
  );
  refuses(
    { posterior: likelihoods.bernoulli() },
    /^Cannot compose model as 'posterior' must be a posterior plugin: current value is \{"kind"/,
  );
  refuses(
    { divergence: undefined },
    `${compose} 'divergence' must be a divergence plugin: current value is undefined`,
  );
  refuses({ data: 6 }, `${compose} 'data' must be a list of sizes: current value is 6`);
});

Deno.test("vae() names a plugin whose build gives no function, or none of a distribution", () => {
  const broken = (build: unknown): Prior<distributions.StandardNormal> => ({
    ...priors.standardNormal(),
    name: "mine",
    build: build as Prior<distributions.StandardNormal>["build"],
  });
  refuses(
    { prior: broken(() => undefined) },
    "Cannot run prior 'mine' as 'build' must return a function: current value is undefined",
  );
  refuses(
    { prior: broken(() => () => undefined) },
    "Cannot run prior 'mine' as 'build' must give a function that returns a distribution: " +
      "current value is undefined",
  );
});

Deno.test("a scope refuses a weight whose name is taken", () => {
  const twice: Prior<distributions.StandardNormal> = {
    ...priors.standardNormal(),
    build: (scope) => {
      for (let i = 0; i < 2; i++) scope.weight("shift", [2], initializers.zeros);
      return priors.standardNormal().build(scope);
    },
  };
  refuses(
    { prior: twice },
    "Cannot build model as the name of every weight must be unique: " +
      "current value is 'prior/shift'",
  );
});
