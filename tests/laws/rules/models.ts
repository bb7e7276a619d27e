/**
 * All rules that hold of models.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { isFactorized } from "../../../core/distribution.ts";
import type { Ledger } from "../../../core/ledger.ts";
import type { Vae } from "../../../core/model.ts";
import { normalNoise, type Seed } from "../../../core/random.ts";
import { takeSnapshot } from "../../../core/scope.ts";
import { requireInside } from "../../../core/inside.ts";
import type { Batch, Tensor, Variable } from "../../../core/types.ts";
import type { Tensors } from "../cases/inputs.ts";
import { copied, type ModelExample, modelsOf, type ModelSubject, ROWS } from "../cases/model.ts";
import { directionOf, gradientsOf, requireGradient, SMALL_STEP } from "../numerics/differences.ts";
import { numbers, total } from "../numerics/numbers.ts";
import { type Rule, ruleAbout, SAMPLED } from "../rule.ts";
import { glimpse } from "../time_limit.ts";
import { requireClose, requireShape, requireThat, ROUNDING } from "../violation.ts";
import { backends, type Comparison, figuresOf } from "./backends.ts";
import { requireMembers } from "./contract.ts";
import { bound } from "./evidence.ts";
import { imputation } from "./imputation.ts";
import { resuming, saving } from "./lasting.ts";
import { requireNothingLeft } from "./memory.ts";
import { differentiated, requireTerms, sumOfRows } from "./terms.ts";
import { use } from "./use.ts";

/** The parameters that training changes. */
function trainable(model: Vae): Readonly<Record<string, Variable>> {
  return Object.fromEntries([...model.parameters].filter(([, variable]) => variable.trainable));
}

function contract(subject: ModelSubject): Rule {
  const names = "summary ledger elbo encode decode reconstruct sample logLikelihood impute dispose";
  const members = Object.fromEntries(names.split(" ").map((name) => [name, "function"]));
  const rule = { name: "contract", statement: "it has the members of a model" };
  return ruleAbout(
    modelsOf(subject),
    rule,
    ({ model }) => requireMembers(model, { spec: "object", parameters: "object", ...members }),
  );
}

function shapes(subject: ModelSubject): Rule {
  const rule = {
    name: "shapes",
    statement: "what it is asked for has the shapes of its data, and every row stands alone",
  };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    const { spec: { data, latent } } = model, { condition } = batch;
    const q = model.encode(batch), z = q.draw(noise).value;
    requireShape("a draw of q(z|x)", z, [1, ROWS, ...latent]);
    const latents = tf.reshape(z, [ROWS, ...latent]);
    const p = model.decode(latents, { condition });
    requireShape("a draw of p(x|z)", p.draw(noise).value, [1, ROWS, ...data]);
    const { nats, standardError } = model.logLikelihood(batch, { seed: noise, samples: 3 });
    requireShape("log p(x)", nats, [ROWS]);
    requireShape("the standard error of log p(x)", standardError, [ROWS]);

    const whole = { q: numbers(q.logProb(z)), p: numbers(p.logProb(tf.expandDims(batch.x, 0))) };
    for (let row = 0; row < ROWS; row++) {
      const one = <T extends Tensor | undefined>(tensor: T) => tensor && tf.slice(tensor, row, 1);
      const alone = { x: tf.slice(batch.x, row, 1), condition: one(condition) };
      const own = {
        q: model.encode(alone).logProb(tf.slice(z, [0, row], [1, 1])),
        p: model.decode(tf.slice(latents, row, 1), { condition: one(condition) })
          .logProb(tf.expandDims(alone.x, 0)),
      };
      for (const which of ["q", "p"] as const) {
        const what = `log ${which} of a row alone`;
        requireClose(what, numbers(own[which]), [whole[which][row]!], ROUNDING);
      }
    }
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
    const close = { absolute: 1e-3, relative: 1e-4 };
    for (const { terms, objective } of [trained, elbo]) {
      requireTerms(terms, ROWS);
      const sums = numbers(sumOfRows(terms.map(({ contribution }) => contribution)));
      const mean = sums.reduce((a, b) => a + b) / sums.length;
      requireClose("the objective", numbers(objective), [mean], close);
    }
    for (const { name, nats, contribution, weight } of elbo.terms) {
      requireThat(weight === 1, `'${name}' of the ELBO to have weight 1`, weight);
      const sizes = numbers(tf.abs(nats));
      requireClose(`the size of '${name}'`, numbers(tf.abs(contribution)), sizes, close);
    }
    requireShape("the ELBO", elbo.bound?.nats, [ROWS]);
    const bounded = total(elbo.bound!.nats) / ROWS;
    requireClose("the objective of the ELBO", numbers(elbo.objective), [bounded], close);
  });
}

/** A mask is of the data: what is missing does not count. */
function masking(subject: ModelSubject): Rule {
  const rule = {
    name: "masking",
    statement: "with all observed a mask changes nothing, and what is missing does not count",
  };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    const { x } = batch, seed = noise;
    const boundOf = (x: Tensor, mask?: Tensor): Float32Array =>
      numbers(model.elbo({ ...batch, x, mask }, { seed }).bound!.nats);
    requireClose("the ELBO", boundOf(x, tf.onesLike(x)), boundOf(x), ROUNDING);
    const flat = tf.reshape(tf.range(0, x.size), x.shape);
    const mask = tf.cast(tf.notEqual(tf.mod(flat, 3), 0), "float32");
    const other = tf.where(tf.greater(mask, 0), x, tf.reverse(x, 0));
    requireClose(
      "the ELBO with something missing",
      boundOf(other, mask),
      boundOf(x, mask),
      ROUNDING,
    );
    const all = boundOf(x), some = boundOf(x, mask);
    requireThat(all.some((nats, row) => nats !== some[row]), "another ELBO", "the same");
  });
}

/** Whether a model can be masked: whether its likelihood scores every entry on its own. */
function isMaskable({ make }: ModelSubject): boolean {
  let maskable = true, model: Vae | undefined;
  glimpse(() =>
    tf.tidy(() => {
      model = make();
      const { latent, condition } = model.spec;
      const given = condition && { condition: tf.zeros([1, ...condition]) };
      maskable = isFactorized(model.decode(tf.zeros([1, ...latent]), given));
    })
  );
  glimpse(() => model?.dispose());
  return maskable;
}

/** How far parameters are moved from where they start, as biases of 0 may stand on a kink. */
const NUDGE = 0.03;

/** Does something with a model whose parameters are moved a little, and moves them back. */
function nudged(model: Vae, noise: Seed, run: () => void): void {
  const snapshot = takeSnapshot(model.parameters);
  try {
    for (const [path, variable] of Object.entries(trainable(model))) {
      const by = tf.mul(normalNoise(noise.split(path), variable.shape), NUDGE);
      variable.assign(tf.add(variable, by) as Variable);
    }
    run();
  } finally {
    snapshot.restore();
    snapshot.dispose();
  }
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
    nudged(model, noise.split("nudge"), () => {
      const found = gradientsOf(() => ledger().objective, variables);
      for (const [name, variable] of Object.entries(variables)) {
        const home = variable.clone();
        const value = (given: Tensors): Tensor => {
          variable.assign(given[name] as Variable);
          try {
            return ledger().objective;
          } finally {
            variable.assign(home as Variable);
          }
        };
        const direction = directionOf(home, "additive", noise.split(name)), by = { [name]: home };
        requireGradient("the objective", value, by, name, found[name]!, direction, SMALL_STEP);
      }
    });
  });
}

function seeds(subject: ModelSubject): Rule {
  const rule = {
    name: "seeds",
    statement: "the same seed gives the same model and numbers, and another seed others",
  };
  const questions: {
    readonly [what: string]: (model: Vae, batch: Batch, seed: Seed) => Tensor;
  } = {
    ledger: (model, batch, seed) => model.ledger(batch, { seed }).objective,
    ELBO: (model, batch, seed) => model.elbo(batch, { seed }).objective,
    sample: (model, { x, condition }, seed) => model.sample(x.shape[0]!, { seed, condition }),
    "log p(x)": (model, batch, seed) => model.logLikelihood(batch, { seed, samples: 3 }).nats,
  };
  return ruleAbout(modelsOf(subject), rule, ({ model, batch, noise }) => {
    const alike = subject.make(), many = copied(batch, 32);
    try {
      for (const [what, ask] of Object.entries(questions)) {
        const read = (asked: Vae, seed: Seed): string => String(numbers(ask(asked, many, seed)));
        const first = read(model, noise);
        requireThat(
          first === read(model, noise),
          `the same ${what} when it is asked again`,
          "another",
        );
        requireThat(
          first === read(alike, noise),
          `the same ${what} of a model made alike`,
          "another",
        );
        const other = read(model, noise.split("other"));
        requireThat(first !== other, `another ${what} from another seed`, "the same");
      }
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
        gradientsOf(() => differentiated(model.ledger(batch, step)), trainable(model));
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
        ...figuresOf(
          "the gradient by",
          gradientsOf(() => differentiated(ledger()), trainable(model)),
        ),
      };
    },
  };
}

/** The rules of a model. */
export function modelRules(subject: ModelSubject): readonly Rule[] {
  return [
    contract(subject),
    shapes(subject),
    use(subject),
    support(subject),
    rows(subject),
    bound(subject),
    ...(isMaskable(subject) ? [masking(subject), imputation(subject)] : []),
    gradients(subject),
    seeds(subject),
    memory(subject),
    saving(subject),
    resuming(subject),
    backends(modelsOf(subject), comparison(subject)),
  ];
}
