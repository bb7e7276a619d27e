import assert from "node:assert/strict";
import {
  divergences,
  flows,
  likelihoods,
  networks,
  objectives,
  posteriors,
  priors,
  schedules,
} from "../../mod.ts";

const { betaKl, capacity, closedFormKl, freeBits, kl, mmd, totalCorrelation } = divergences;
const { affineCoupling, chain, realNvp } = flows;
const { standardNormal } = priors;

/** What takes a plugin, and what it says of something else in its place. */
const WRAPPERS: readonly (readonly [wrap: (given: never) => unknown, message: string])[] = [
  [(divergence) => betaKl({ beta: 1, divergence }), "weigh divergence as 'divergence' must be a"],
  [
    (divergence) => capacity({ nats: 1, gamma: 1, divergence }),
    "'divergence' must be a divergence",
  ],
  [(divergence) => freeBits({ nats: 1, divergence }), "'divergence' must be a divergence plugin"],
  [(divergence) => mmd({ divergence }), "'divergence' must be a divergence plugin"],
  [(divergence) => objectives.elbo({ divergence }), "'divergence' must be a divergence plugin"],
  [(closedForm) => closedFormKl({ closedForm }), "'closedForm' must be a closed form plugin"],
  [(form) => kl({ closedForms: [form] }), "'closedForms' must be a closed form plugin"],
  [(flow) => priors.flow({ flow }), "build prior as 'flow' must be a flow plugin"],
  [(base) => priors.flow({ flow: realNvp(), base }), "'base' must be a prior plugin"],
  [(network) => priors.conditionalNormal({ network }), "'network' must be a network plugin"],
  [(network) => networks.symlog({ network }), "'network' must be a network plugin"],
  [(network) => affineCoupling({ network }), "build flow as 'network' must be a network plugin"],
  [(network) => realNvp({ network }), "build flow as 'network' must be a network plugin"],
  [(flow) => chain({ flows: [affineCoupling(), flow] }), "'flows' must be a flow plugin"],
  [(column) => likelihoods.columns({ column }), "column 'column' must have a likelihood"],
];

Deno.test("a plugin that wraps others refuses what is none of their kind", () => {
  for (const [wrap, message] of WRAPPERS) {
    // Its factory, a plugin of another kind, and things that are no plugins.
    for (const given of [standardNormal, schedules.constant({ value: 1 }), null, "kl", {}, []]) {
      assert.throws(() => wrap(given as never), (error: Error) => {
        assert.equal(error.name, "TypeError");
        assert(error.message.includes(message), error.message);
        assert.match(error.message, /^Cannot .* as .*: current value is /s);
        return true;
      });
    }
  }
});

Deno.test("a number that may be a schedule is neither a record nor a schedule that was not made", () => {
  const scheduled: readonly ((value: never) => unknown)[] = [
    (beta) => betaKl({ beta }),
    (nats) => capacity({ nats, gamma: 1 }),
    (weight) => mmd({ weight }),
    (alpha) => totalCorrelation({ beta: 1, alpha }),
    (temperature) => posteriors.relaxedCategorical({ temperature }),
    (temperature) => priors.uniformCategorical({ temperature }),
  ];
  for (const make of scheduled) {
    make(schedules.constant({ value: 1 }) as never);
    for (const given of [{}, [1], { value: 1 }, schedules.linear, kl(), null]) {
      assert.throws(() => make(given as never), {
        name: "RangeError",
        message: /^Cannot .* as '\w+' must be a (positive|non-negative) number: current value is/,
      });
    }
  }
});

Deno.test("options that are lists or flags refuse everything else", () => {
  const refused: readonly (readonly [make: () => unknown, message: string])[] = [
    [
      () => kl({ closedForms: {} as never }),
      "Cannot build divergence as 'closedForms' must be a list of closed forms: current value is {}",
    ],
    [
      () => mmd({ bandwidths: 1 as never }),
      "Cannot build divergence as 'bandwidths' must be a list of at least one: current value is 1",
    ],
    [
      () => chain({ flows: affineCoupling() as never }),
      'Cannot build flow as \'flows\' must be a list of one or more: current value is {"kind":"flow",' +
      '"name":"affineCoupling","options":{"kept":"even","hidden":[64]}}',
    ],
    [
      () => priors.vampPrior({ trainable: "no" as never }),
      "Cannot build prior as 'trainable' must be true or false: current value is 'no'",
    ],
    [
      () => priors.vampPrior({ pseudoInputs: null as never }),
      "Cannot build prior as 'pseudoInputs' must be a typed array, nested arrays or a tensor: " +
      "current value is null",
    ],
    [
      () => likelihoods.columns(null as never),
      "Cannot build likelihood as there must be a likelihood for every column: current value is null",
    ],
    [
      () =>
        priors.modelPrior({
          latent: "2" as never,
          encoder: networks.mlp(),
          decoder: networks.mlp(),
          posterior: posteriors.diagonalNormal(),
          prior: standardNormal(),
          likelihood: likelihoods.normal(),
        }),
      "Cannot build prior as 'latent' must be a number or a list of sizes: current value is '2'",
    ],
  ];
  for (const [make, message] of refused) assert.throws(make, { message });
});
