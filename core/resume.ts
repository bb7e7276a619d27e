/**
 * Training, from where a run stood.
 *
 * @module
 */
import type { BuiltIn } from "./checkpoint/factories.ts";
import { findPlugins, type LoadOptions } from "./checkpoint/load.ts";
import type { Dataset } from "./data/dataset.ts";
import { outOfRange } from "./errors.ts";
import { hold } from "./files/hold.ts";
import { requireMatch } from "./input.ts";
import type { Vae } from "./model.ts";
import { type OptionNames, requireOptions } from "./options.ts";
import type { Support } from "./support.ts";
import { CheckpointError } from "./training/checkpoint_error.ts";
import { findNewest, keepIn } from "./training/checkpoints.ts";
import { fingerprintOf } from "./training/fingerprint.ts";
import {
  planOf,
  requireWatchers,
  type RollbackOptions,
  WATCHERS,
  type Watchers,
} from "./training/options.ts";
import { openRun, type StoredRun } from "./training/run_files.ts";
import type { CheckpointPaths } from "./training/saved.ts";
import { type FitResult, train } from "./training/train.ts";

/** What a resumed run is given again: what no file can hold. */
export interface ResumeOptions<S extends Support = Support> extends Watchers<S> {
  /** The factories of plugins that Elbo does not have, as for `load`. */
  readonly plugins?: LoadOptions["plugins"] | undefined;
  /** How many epochs there are to be in all, in the place of what the run was begun with. */
  readonly epochs?: number | undefined;
  /**
   * The same in steps; an epoch that ended with the last step of the run is not taken up again.
   */
  readonly steps?: number | undefined;
  /** Goes back where a value stops being finite, for a run that ended there. */
  readonly rollback?: RollbackOptions | undefined;
}

const NAMES = {
  plugins: true,
  epochs: true,
  steps: true,
  rollback: true,
  ...WATCHERS,
} satisfies OptionNames<ResumeOptions>;

/** How a resumed run went. */
export interface ResumeResult extends FitResult {
  /** The model; `narrow` says what data it is for. */
  readonly model: Vae;
  /** Where the run's checkpoints lie. */
  readonly checkpoints: CheckpointPaths;
  /** The newer checkpoints that were not whole, each with what is wrong with it. */
  readonly passedOver: readonly string[];
}

/** Throws unless a run is given again what it had. */
function requireSame(
  run: StoredRun,
  data: Dataset,
  fingerprint: string,
  { optimizer, validation }: Watchers,
): void {
  const { rows, validated, ownOptimizer, saved } = run;
  if (data.size !== rows) {
    const requirement = `the data must have ${rows ?? "an unknown number of"} rows as in the run`;
    throw outOfRange("resume", requirement, data.size);
  }
  if (run.fingerprint !== undefined && run.fingerprint !== fingerprint) {
    const requirement = "the first rows of the data must be those of the run";
    throw outOfRange("resume", requirement, "others");
  }
  if (validated !== (validation !== undefined)) {
    const requirement = `'validation' must ${validated ? "" : "not "}be given as in the run`;
    throw outOfRange("resume", requirement, validation === undefined ? "missing" : "given");
  }
  if (ownOptimizer === (optimizer === undefined)) return;
  const requirement = ownOptimizer
    ? "'optimizer' must not be given, as the run has taken its own"
    : `the run's optimizer '${saved.optimizer.name}' must be passed as { optimizer }`;
  throw outOfRange("resume", requirement, optimizer?.getClassName());
}

/** Goes on with the run in a folder. */
async function goOn<S extends Support>(
  builtIn: BuiltIn,
  folder: string,
  data: Dataset<S>,
  { plugins, epochs, steps, rollback, ...watchers }: ResumeOptions<S>,
): Promise<ResumeResult> {
  const found = await findNewest("resume", folder);
  if (!("files" in found)) {
    const damaged = found.length === 0 ? "" : ` (${found.join("; ")})`;
    const requirement = `'${folder}' must hold a checkpoint that is whole${damaged}`;
    throw outOfRange("resume", requirement, "none");
  }
  const { name, path, files, older, passedOver } = found;
  const run = openRun(path, files, findPlugins(builtIn, plugins));
  const { model, saved, best, options } = run, checkpoints = { ...run.checkpoints, folder };
  try {
    requireMatch("resume", model, data);
    if (watchers.validation !== undefined) requireMatch("validate", model, watchers.validation);
    const fingerprint = await fingerprintOf(data);
    requireSame(run, data, fingerprint, watchers as Watchers);
    const plan = planOf({
      ...options,
      ...(epochs !== undefined || steps !== undefined ? { epochs, steps } : {}),
      ...(rollback === undefined ? {} : { rollback }),
      checkpoints,
      optimizer: watchers.optimizer,
    }, data);
    const facts = { plan, data, fingerprint, watchers: watchers as Watchers };
    const keeper = keepIn(model, checkpoints, facts, { names: [...older, name], best });
    const resumed = { folder: path, step: saved.state.step, passedOver };
    const result = await train(model, data, plan, watchers as Watchers, {
      from: saved,
      resumed,
      keeper,
    });
    return { ...result, model, checkpoints: keeper.paths()!, passedOver };
  } catch (error) {
    // What could not be kept is handed on.
    if (!(error instanceof CheckpointError)) model.dispose();
    throw error;
  }
}

/**
 * A `resume` that knows some factories.
 *
 * @param builtIn Factories by kind and name.
 */
export function resumeWith(builtIn: BuiltIn): <S extends Support>(
  folder: string,
  data: Dataset<S>,
  options?: ResumeOptions<S>,
) => Promise<ResumeResult> {
  return async (folder, data, options = {}) => {
    requireOptions("resume", options, NAMES);
    requireWatchers("resume", options as Watchers);
    const letGo = await hold("resume", folder);
    try {
      return await goOn(builtIn, folder, data, options);
    } finally {
      letGo();
    }
  };
}
