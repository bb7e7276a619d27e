/**
 * Training, from the beginning.
 *
 * @module
 */
import type { Dataset } from "./data/dataset.ts";
import { requireMatch } from "./input.ts";
import type { Vae } from "./model.ts";
import type { Accepted, Support } from "./support.ts";
import { keepIn, openFolder } from "./training/checkpoints.ts";
import { fingerprintOf } from "./training/fingerprint.ts";
import { type FitOptions, planOf } from "./training/options.ts";
import { type FitResult, train } from "./training/train.ts";

/**
 * Trains a model in place.
 *
 * The same model, data, options and backend give the same numbers, as long as its networks draw no
 * noise of their own (a dropout layer of TensorFlow.js does). Where a value stops being finite the
 * run ends, at most 50 steps later, and the parameters are put back to what they were at the last
 * check, or it goes back and on more slowly, with `rollback`; an optimizer that you gave keeps what it
 * has seen, so take a new one.
 *
 * With `checkpoints` the run is kept on disk: whatever happens to the process, or to the GPU,
 * `resume` goes on with it. A checkpoint is a folder that `load` takes as a model, too. In Deno no
 * other run may go on in the same folder meanwhile.
 *
 * @param model The model.
 * @param data Data inside the support of its likelihood.
 * @param options How long, how fast, and who watches.
 * @returns The history, and why the run stopped.
 * @throws {RangeError} If an option is out of its range, a batch larger than the data, the model was
 * disposed, an epoch has no batches, a code is of no class that the likelihood has, or the folder for
 * checkpoints holds another run or cannot be written.
 * @throws {TypeError} If the data do not fit the model, a callback or the optimizer is none, an option
 * is unknown, or a step has other terms than the one before.
 * @throws {NonFiniteError} If a value stops being finite: it names the first bad step, the term,
 * and the first parameter or network output.
 * @throws {CheckpointError} If a checkpoint cannot be written; those before it are as they were.
 * @throws {DeviceLostError} If the GPU that it runs on is lost, and all parameters with it. It names the
 * last checkpoint; dispose the model, choose a backend by `useBackend`, and resume.
 *
 * @example
 * ```ts
 * import { dataset, divergences, fit, likelihoods, networks } from "@elbo/elbo";
 * import { posteriors, priors, vae } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = vae({
 *   data: [2],
 *   latent: 1,
 *   encoder: networks.mlp({ hidden: [8] }),
 *   decoder: networks.mlp({ hidden: [8] }),
 *   posterior: posteriors.diagonalNormal(),
 *   prior: priors.standardNormal(),
 *   likelihood: likelihoods.bernoulli(),
 *   divergence: divergences.kl(),
 * });
 * const bits = dataset([[0, 0], [1, 1], [0, 0], [1, 1]], { support: "binary" });
 * const { history, stopped } = await fit(model, bits, { epochs: 3, batchSize: 2 });
 * assert.equal(stopped, "epochs");
 * assert.equal(history.length, 3);
 * model.dispose();
 * ```
 */
export async function fit<S extends Support>(
  model: Vae<S>,
  data: Dataset<NoInfer<Accepted<S>>>,
  options: FitOptions<S> = {},
): Promise<FitResult> {
  requireMatch("fit", model, data);
  const plan = planOf(options, data), { checkpoints, validation } = options;
  if (validation !== undefined) requireMatch("validate", model, validation);
  if (checkpoints === undefined) return await train(model as Vae, data, plan, options);
  const letGo = await openFolder(checkpoints.folder);
  try {
    const facts = { plan, data, fingerprint: await fingerprintOf(data), watchers: options };
    const keeper = keepIn(model as Vae, checkpoints, facts);
    const result = await train(model as Vae, data, plan, options, { keeper });
    return { ...result, checkpoints: keeper.paths() };
  } finally {
    letGo();
  }
}
