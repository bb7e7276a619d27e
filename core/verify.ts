/**
 * Runs every part of a model once on a tiny batch, and names the plugin that does not fit.
 *
 * @module
 */
import type { Context } from "./context.ts";
import { tf } from "./deps.ts";
import { type Distribution, isFactorized } from "./distribution.ts";
import { wrongType } from "./errors.ts";
import type { Ledger, Term } from "./ledger.ts";
import { type BuiltParts, contextOf, startPass } from "./pass.ts";
import type { Plugin } from "./plugin.ts";
import { type Seed, seed } from "./random.ts";
import type { ModelShapes } from "./scope.ts";
import { fillValues } from "./support.ts";
import { type Heads, type Outputs, sameShape, type Shape, type Tensor } from "./types.ts";

/** A number of samples and rows that no axis of the model has, so that none is taken for another. */
function unlikeAxes({ data, latent, condition = [] }: ModelShapes): [number, number] {
  const axes = new Set([...data, ...latent, ...condition]);
  let samples = 2;
  let rows = 3;
  while (axes.has(samples)) samples++;
  while (axes.has(rows) || axes.has(samples * rows) || rows === samples) rows++;
  return [samples, rows];
}

/** The plugins by the part they play. */
type PluginsByPart = Readonly<
  Record<
    keyof Omit<
      BuiltParts<Heads, Distribution, Distribution, Heads, Distribution>,
      "detachedPosterior"
    >,
    Plugin
  >
>;

/** Refuses everything of one plugin that does not have the shape it must have. */
function checker(part: string, plugin: Plugin) {
  const action = `run ${part} '${plugin.name}'`;
  function shape(what: string, expected: Shape, value: Tensor | undefined): void {
    const found = value?.shape;
    if (found !== undefined && sameShape(found, expected)) return;
    const requirement = `${what} must have shape [${expected.join(", ")}]`;
    throw wrongType(action, requirement, found ?? "missing");
  }
  return {
    shape,
    outputs: (outputs: Outputs<Heads>, heads: Heads, rows: number): void => {
      for (const [name, head] of Object.entries(heads)) {
        shape(`output '${name}'`, [rows, ...head], outputs?.[name]);
      }
    },
    distribution: (given: Distribution, event: Shape, rows: number): void => {
      if (typeof given?.draw !== "function") {
        throw wrongType(action, "'build' must give a function that returns a distribution", given);
      }
      if (!sameShape(given.event, event)) {
        throw wrongType(action, `its event must have shape [${event.join(", ")}]`, given.event);
      }
      if (given.batch !== 1 && given.batch !== rows) {
        throw wrongType(action, `its batch must be 1 or ${rows}`, given.batch);
      }
    },
    densities: (given: Distribution, value: Tensor, rows: number, seed: Seed): void => {
      const samples = value.shape[0]!;
      shape("'logProb'", [samples, rows], given.logProb(value, seed));
      if (isFactorized(given)) {
        const expected = [samples, rows, ...given.event];
        shape("'logDensities'", expected, given.logDensities(value));
      }
    },
  };
}

/** The rows of a divergence or of a ledger. */
function verifyTerms(part: string, plugin: Plugin, terms: readonly Term[], rows: number): void {
  const action = `run ${part} '${plugin.name}'`;
  if (!Array.isArray(terms)) throw wrongType(action, "it must answer a list of terms", terms);
  const names = terms.map((term) => term.name);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) {
    throw wrongType(action, "the name of every term must be unique", repeated);
  }
  for (const { name, nats, contribution } of terms) {
    for (const [what, { shape }] of Object.entries({ nats, contribution })) {
      if (shape.length === 0 || sameShape(shape, [rows])) continue;
      throw wrongType(action, `'${what}' of term '${name}' must have shape [${rows}] or []`, shape);
    }
  }
}

function verifyLedger(part: string, plugin: Plugin, ledger: Ledger, rows: number): void {
  verifyTerms(part, plugin, ledger.terms, rows);
  const check = checker(part, plugin);
  check.shape("'objective'", [], ledger.objective);
  if (ledger.bound !== undefined) {
    check.shape("'bound'", [rows], ledger.bound.nats);
  }
  if (ledger.surrogate !== undefined) {
    check.shape("'surrogate'", [], ledger.surrogate);
  }
}

/**
 * Runs every part of a model once on a tiny batch.
 *
 * @throws {TypeError} If a part answers something of the wrong shape; the error names the plugin
 * and both shapes.
 */
export function verify<
  HQ extends Heads,
  Q extends Distribution,
  P extends Distribution,
  HL extends Heads,
  X extends Distribution,
>(
  parts: BuiltParts<HQ, Q, P, HL, X>,
  shapes: ModelShapes & { readonly heads: { readonly posterior: HQ; readonly likelihood: HL } },
  plugins: PluginsByPart,
): void {
  const { data, latent, condition, support, heads } = shapes;
  const noise = seed(0);
  const [samples, rows] = unlikeAxes(shapes);
  const run = { training: false, progress: { step: 0, epoch: 0, datasetSize: rows } };
  const contextFor = (size: number): Context =>
    contextOf({ condition: condition && tf.zeros([size, ...condition]) }, run);
  tf.tidy(() => {
    const row = tf.tensor(fillValues(support, data), [1, ...data]);
    const x = tf.tile(row, [rows, ...data.map(() => 1)]);
    const context = contextFor(rows);

    const encoded = parts.encoder(x, context);
    checker("encoder", plugins.encoder).outputs(encoded, heads.posterior, rows);

    const q = parts.posterior(encoded, context);
    const posterior = checker("posterior", plugins.posterior);
    posterior.distribution(q, latent, rows);
    if (q.reparameterized !== true) {
      const requirement = "gradients must pass through its draws ('reparameterized')";
      throw wrongType(`run posterior '${plugins.posterior.name}'`, requirement, q.reparameterized);
    }
    const draw = q.draw(noise, samples);
    posterior.shape("a draw", [samples, rows, ...latent], draw.value);
    posterior.shape("'logProb' of a draw", [samples, rows], draw.logProb());
    posterior.densities(q, draw.value, rows, noise);

    const p = parts.prior(context);
    const prior = checker("prior", plugins.prior);
    prior.distribution(p, latent, rows);
    if (p.domain !== q.domain) {
      const requirement = `posterior '${plugins.posterior.name}' is on '${q.domain}'`;
      throw wrongType(`run prior '${plugins.prior.name}'`, requirement, p.domain);
    }
    prior.shape("a draw", [samples, p.batch, ...latent], p.draw(noise, samples).value);
    prior.densities(p, draw.value, rows, noise);

    const folded = samples * rows;
    const foldedContext = contextFor(folded);
    const decoded = parts.decoder(tf.reshape(draw.value, [folded, ...latent]), foldedContext);
    checker("decoder", plugins.decoder).outputs(decoded, heads.likelihood, folded);

    const X = parts.likelihood(decoded, foldedContext);
    const likelihood = checker("likelihood", plugins.likelihood);
    likelihood.distribution(X, data, folded);
    const repeated = tf.tile(row, [folded, ...data.map(() => 1)]).expandDims(0);
    likelihood.shape("a draw", [1, folded, ...data], X.draw(noise).value);
    likelihood.densities(X, repeated, folded, noise);

    const { divergence } = parts.objective;
    if (divergence !== undefined) {
      const terms = divergence.estimate({ posterior: q, prior: p, draw, seed: noise, context });
      verifyTerms("divergence", divergence, terms, rows);
    }
    const batch = { x, condition: context.condition };
    const pass = startPass(parts, shapes, batch, { seed: noise, run });
    verifyLedger("objective", plugins.objective, parts.objective.ledger(pass), rows);
  });
}
