/**
 * All rules that hold of models.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { Ledger } from "../../../core/ledger.ts";
import type { Vae } from "../../../core/model.ts";
import type { Seed } from "../../../core/random.ts";
import { requireInside } from "../../../core/support.ts";
import type { Batch, Tensor, Variable } from "../../../core/types.ts";
import { backends, type Comparison, figuresOf } from "./backends.ts";
import { requireNothingLeft } from "./memory.ts";
import { requireMembers } from "./contract.ts";
import { directionOf, gradientsOf, requireGradient, SMALL_STEP } from "../numerics/differences.ts";
import { type ModelExample, modelsOf, type ModelSubject, ROWS } from "../cases/model.ts";
import { columns, numbers } from "../numerics/numbers.ts";
import { type Rule, ruleAbout, SAMPLED } from "../rule.ts";
import { allowance, estimate, type Estimated } from "../numerics/statistics.ts";
import { requireTerms, sumOfRows } from "./terms.ts";
import {
  print,
  require,
  requireClose,
  requireFinite,
  requireShape,
  Violation,
} from "../violation.ts";

/** A training ledger: what is differentiated. */
const valueAt = ({ surrogate, objective }: Ledger): Tensor => surrogate ?? objective;

/** The parameters that training changes. */
function trainable(model: Vae): Readonly<Record<string, Variable>> {
  return Object.fromEntries([...model.parameters].filter(([, variable]) => variable.trainable));
}

function contract(subject: ModelSubject): Rule {
  const names = "summary ledger elbo encode decode reconstruct sample logLikelihood dispose";
  const members = Object.fromEntries(names.split(" ").map((name) => [name, "function"]));
  const rule = { name: "contract", statement: "it has the members of a model" };
  return ruleAbout(
    modelsOf(subject),
    rule,
    ({ model }) => requireMembers(model, { spec: "object", parameters: "object", ...members }),
  );
}

function shapes(subject: ModelSubject): Rule {
  const rule = { name: "shapes", statement: "what it is asked for has the shapes of its data" };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    const { spec: { data, latent } } = model, { condition } = batch;
    const q = model.encode(batch), z = q.draw(noise).value;
    requireShape("a draw of q(z|x)", z, [1, ROWS, ...latent]);
    const latents = tf.reshape(z, [ROWS, ...latent]);
    const p = model.decode(latents, { condition });
    requireShape("a draw of p(x|z)", p.draw(noise).value, [1, ROWS, ...data]);
    const sampled = model.sample(ROWS, { seed: noise, condition });
    requireShape("a sample", sampled, [ROWS, ...data]);
    const { nats, standardError } = model.logLikelihood(batch, { seed: noise, samples: 3 });
    requireShape("log p(x)", nats, [ROWS]);
    requireShape("the standard error of log p(x)", standardError, [ROWS]);
    requireFinite("log p(x)", numbers(nats));
  });
}

function support(subject: ModelSubject): Rule {
  const rule = { name: "support", statement: "what it samples lies in the support of its data" };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    const { condition } = batch, { data } = model.spec;
    const values = model.sample(ROWS, { seed: noise, condition }).dataSync() as Float32Array;
    requireInside("sample", "a sample", values, model.support, data);
  });
}

function rows(subject: ModelSubject): Rule {
  const rule = { name: "rows", statement: "the rows of its ledgers add up, and so does the ELBO" };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    const trained = model.ledger(batch, { seed: noise });
    const elbo = model.elbo(batch, { seed: noise });
    for (const { terms, objective } of [trained, elbo]) {
      requireTerms(terms, ROWS);
      const sums = numbers(sumOfRows(terms.map(({ contribution }) => contribution)));
      const mean = Array.from(sums).reduce((a, b) => a + b) / sums.length;
      requireClose("the objective", numbers(objective), [mean], { absolute: 1e-3, relative: 1e-4 });
    }
    requireShape("the ELBO", elbo.bound?.nats, [ROWS]);
    require(elbo.terms.every(({ weight }) => weight === 1), "an ELBO of weights 1", "others");
  });
}

function bound(subject: ModelSubject): Rule {
  const rule = {
    name: "bound",
    statement: "ELBO ≤ log p(x) by importance sampling, in expectation",
    cost: SAMPLED,
  };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    const many = copied(batch, COPIES), options = { seed: noise };
    const averaged = (nats: Tensor): readonly Estimated[] =>
      columns(tf.reshape(nats, [COPIES, ROWS])).map(estimate);
    const bounds = averaged(model.elbo(many, options).bound!.nats);
    const evidence = averaged(model.logLikelihood(many, { ...options, samples: 16 }).nats);
    bounds.forEach((elbo, row) => {
      const above = evidence[row]!;
      const slack = allowance(elbo) + allowance(above) + 1e-3 * (1 + Math.abs(above.mean));
      if (elbo.mean <= above.mean + slack) return;
      throw new Violation(`at most ${print(above.mean)} ± ${print(slack)}`, print(elbo.mean));
    });
  });
}

/** How often a batch stands in one whose bounds are averaged. */
const COPIES = 256;

/** A batch several times over. */
function copied({ x, condition }: Batch, times: number): Batch {
  const tiled = (tensor: Tensor): Tensor =>
    tf.tile(tensor, tensor.shape.map((_, axis) => axis === 0 ? times : 1));
  return { x: tiled(x), condition: condition && tiled(condition) };
}

function gradients(subject: ModelSubject): Rule {
  const rule = {
    name: "gradients",
    statement: "what it is trained on has the gradients that finite differences see",
    cost: SAMPLED,
  };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    const variables = trainable(model);
    const ledger = (): Ledger => model.ledger(batch, { seed: noise });
    if (ledger().surrogate !== undefined) return; // The laws of objectives see to it.
    const found = gradientsOf(() => ledger().objective, variables);
    for (const [name, variable] of Object.entries(variables)) {
      const home = variable.clone();
      const value = (given: Readonly<Record<string, Tensor>>): Tensor => {
        variable.assign(given[name] as Variable);
        try {
          return ledger().objective;
        } finally {
          variable.assign(home as Variable);
        }
      };
      const direction = directionOf(home, "additive", noise.split(name));
      const by = { [name]: home };
      requireGradient("the objective", value, by, name, found[name]!, direction, SMALL_STEP);
    }
  });
}

function seeds(subject: ModelSubject): Rule {
  const rule = {
    name: "seeds",
    statement: "the same seed gives the same model, ledger and samples, and another seed others",
  };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    const read = (asked: Vae, from: Seed): string =>
      [
        asked.ledger(batch, { seed: from }).objective,
        asked.elbo(batch, { seed: from }).objective,
        asked.sample(ROWS, { seed: from, condition: batch.condition, mean: false }),
        asked.logLikelihood(batch, { seed: from, samples: 3 }).nats,
      ].map(numbers).join();
    const first = read(model, noise), alike = subject.make();
    try {
      require(first === read(model, noise), "the same numbers when it is asked again", "others");
      require(first === read(alike, noise), "the same numbers of a model made alike", "others");
      const other = read(model, noise.split("other"));
      require(first !== other, "other numbers from another seed", "the same");
    } finally {
      alike.dispose();
    }
  });
}

function memory(subject: ModelSubject): Rule {
  const rule = {
    name: "memory",
    statement: "a training step leaves no tensor behind, and a model that is disposed none at all",
    cost: SAMPLED,
  };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    requireNothingLeft("a training step", () =>
      tf.tidy(() => {
        const step = { seed: noise, training: true };
        gradientsOf(() => valueAt(model.ledger(batch, step)), trainable(model));
      }));
    requireNothingLeft("being used", () => {
      tf.dispose(model.elbo(batch, { seed: noise }) as unknown as tf.TensorContainer);
      tf.dispose(model.sample(ROWS, { seed: noise, condition: batch.condition }));
      const { nats, standardError } = model.logLikelihood(batch, { seed: noise, samples: 3 });
      tf.dispose([nats, standardError]);
    });
    requireNothingLeft("being disposed", () => subject.make().dispose());
  });
}

/** The training ledger and its gradients. */
function comparison({ options }: ModelSubject): Comparison<ModelExample> {
  return {
    backends: options.backends,
    compute: ({ model, batch, noise }) => {
      const ledger = (): Ledger => model.ledger(batch, { seed: noise });
      const rows = Object.fromEntries(ledger().terms.map(({ name, nats }) => [name, nats]));
      return {
        ...figuresOf("the nats of", rows),
        ...figuresOf("the gradient by", gradientsOf(() => valueAt(ledger()), trainable(model))),
      };
    },
  };
}

/** The rules of a model. */
export function modelRules(subject: ModelSubject): readonly Rule[] {
  return [
    contract(subject),
    shapes(subject),
    support(subject),
    rows(subject),
    bound(subject),
    gradients(subject),
    seeds(subject),
    memory(subject),
    backends(modelsOf(subject), comparison(subject)),
  ];
}
