/**
 * The one training loop.
 *
 * batch → encoder → q(z|x) → draw → decoder → p(x|z) → ledger → objective → gradients → optimizer
 *
 * @module
 */
import { lossBehind, requireDevice } from "../backend/device.ts";
import {
  type EpochReport,
  type Resumed,
  type Rollback,
  type Run,
  scoreOf,
  type StepReport,
} from "../callback.ts";
import type { Dataset } from "../data/dataset.ts";
import { tf } from "../deps.ts";
import { outOfRange } from "../errors.ts";
import { evaluate } from "../evaluate.ts";
import type { Vae } from "../model.ts";
import { NonFiniteError, openMonitor } from "../monitor.ts";
import { adam, probesParameters } from "../operations/adam.ts";
import { storedTensors } from "../safetensors.ts";
import type { Variable } from "../types.ts";
import { openAverage } from "./average.ts";
import { endAll, restoreCallbacks, statesOf, tensorsOf } from "./callback_states.ts";
import { CheckpointError } from "./checkpoint_error.ts";
import { openLearner, type Standing } from "./learner.ts";
import { openRate, readOptimizer, restoreOptimizer } from "./optimizer.ts";
import type { Plan, Watchers } from "./options.ts";
import {
  BEGINNING,
  type CheckpointPaths,
  type Keeper,
  type Saved,
  type StoredTensors,
} from "./saved.ts";
import { openTurns } from "./turns.ts";
import { openWayBack, type Position } from "./way_back.ts";

/** How a run went. */
export interface FitResult {
  /** What was reported after each epoch. */
  readonly history: readonly EpochReport[];
  /** The number of steps taken. */
  readonly steps: number;
  /** Why it stopped: `"epochs"`, `"steps"`, `"aborted"`, or what a callback gave as its reason. */
  readonly stopped: string;
  /** Where it went back, if it did. */
  readonly rollbacks: readonly Rollback[];
  /** Where its checkpoints lie, if there are any. */
  readonly checkpoints?: CheckpointPaths | undefined;
}

/** What a run is given beside its plan. */
export interface TrainOptions {
  /** Where it goes on from. */
  readonly from?: Saved | undefined;
  /** The same, for callbacks. */
  readonly resumed?: Resumed | undefined;
  /** What keeps it. */
  readonly keeper?: Keeper | undefined;
}

/** Steps between two looks at the flags on the device. */
const STEPS_BETWEEN_CHECKS = 50;

/** Puts stored values into variables. */
function assignAll(variables: ReadonlyMap<string, Variable>, stored: StoredTensors): void {
  for (const [path, variable] of variables) {
    const { shape, values } = stored.get(path)!;
    tf.tidy(() => variable.assign(tf.tensor(values, [...shape])));
  }
}

/**
 * Trains a model in place, from the beginning or from where a run stood.
 *
 * @param model The model.
 * @param data Data that fit it.
 * @param plan How.
 * @param watchers Who watches.
 * @param options Where it goes on from, and what keeps it.
 */
export async function train(
  model: Vae,
  data: Dataset,
  plan: Plan,
  watchers: Watchers,
  { from, resumed, keeper }: TrainOptions = {},
): Promise<FitResult> {
  const { callbacks = [], signal, validation } = watchers;
  const { seed, batchSize } = plan;
  const trainable = new Map([...model.parameters].filter(([, variable]) => variable.trainable));
  if (from !== undefined) assignAll(model.parameters, from.parameters);
  const optimizer = watchers.optimizer ?? adam();
  const rate = openRate(optimizer, plan.learningRate);
  const monitor = openMonitor(model.parameters, { probed: probesParameters(optimizer) });
  const average = plan.average && openAverage(trainable, plan.average);
  const learner = openLearner({ model, trainable, optimizer, rate, monitor, average }, plan);
  const wayBack = openWayBack({
    ...{ parameters: model.parameters, trainable, optimizer, average },
    whole: plan.rollback !== undefined,
  });

  const { state } = from ?? { state: BEGINNING };
  let { step, epoch, batches, share, best, stopped } = state;
  const history = [...state.history], rollbacks = [...state.rollbacks];
  let aborted = false;
  /** Whether there is to be a checkpoint before the next step. */
  let due = false;
  const turn = openTurns();
  const run: Run = {
    model,
    steps: plan.steps,
    stepsPerEpoch: plan.stepsPerEpoch,
    resumed,
    stop: (reason) => void (stopped ??= reason),
  };

  /** Why the run is over, if it is. */
  function reason(): string | undefined {
    if (stopped !== undefined) return stopped;
    if (plan.epochs === undefined) return step >= plan.steps ? "steps" : undefined;
    return epoch >= plan.epochs ? "epochs" : undefined;
  }

  /** Whether the run is over, also by its signal. */
  function isOver(): boolean {
    if (reason() === undefined && signal?.aborted) {
      aborted = true;
      stopped = "aborted";
    }
    return reason() !== undefined;
  }

  /** What tells two moments of the run apart. */
  const moment = (): string => `step ${step}, epoch ${epoch}, ${aborted ? "" : stopped ?? ""}`;
  let keptAt = from && moment();

  const standing = (): Standing => ({
    progress: { step, steps: plan.steps, epoch, datasetSize: data.size },
    share,
  });

  const positionNow = async (): Promise<Position> => ({
    step,
    epoch,
    batches,
    monitor: await monitor.state(),
  });

  /** Looks at the flags; where all is well, this is what to go back to. */
  async function check(): Promise<void> {
    const error = await monitor.nonFinite();
    if (error !== undefined) throw error;
    await wayBack.mark(await positionNow());
  }

  /** Goes back to where all was well, and on more slowly; throws where it may not. */
  async function goBack(error: NonFiniteError): Promise<void> {
    if (plan.rollback === undefined || rollbacks.length >= plan.rollback.attempts) throw error;
    const position = await wayBack.goBack();
    ({ step, epoch, batches } = position);
    monitor.restore(position.monitor);
    learner.drop();
    due = false;
    share *= plan.rollback.factor;
    const report: Rollback = { reason: error.message, step, share };
    rollbacks.push(report);
    for (const callback of callbacks) await callback.rollback?.(report, run);
  }

  /** The run as it stands. */
  async function save(): Promise<Saved> {
    return {
      state: {
        ...{ step, epoch, batches, share, best, rollbacks, history },
        stopped: aborted ? undefined : stopped,
        monitor: await monitor.state(),
        callbacks: statesOf(callbacks),
      },
      parameters: await storedTensors(model.parameters),
      average: average && await storedTensors(average.values),
      optimizer: await readOptimizer(optimizer, trainable),
      callbacks: await storedTensors(tensorsOf(callbacks)),
    };
  }

  /** Writes a checkpoint. */
  async function keep(isBest = false): Promise<void> {
    await check();
    try {
      await keeper!.keep(await save(), isBest);
    } catch (error) {
      throw new CheckpointError(model, error);
    }
    due = false;
    keptAt = moment();
  }

  async function afterStep(rows: number): Promise<void> {
    if (step % STEPS_BETWEEN_CHECKS === 0) await check();
    const report: StepReport = { step, epoch: epoch + 1, rows, means: monitor.means };
    for (const callback of callbacks) await callback.step?.(report, run);
    due = keeper?.everySteps !== undefined && step % keeper.everySteps === 0;
  }

  async function endEpoch(): Promise<void> {
    await check();
    let isBest = false;
    average?.exchange();
    try {
      const report: EpochReport = {
        epoch: epoch + 1,
        step,
        training: await monitor.means(),
        ...(validation && {
          validation: await evaluate(model, validation, {
            seed: seed.split("validation"),
            batchSize,
          }),
        }),
      };
      history.push(report);
      const score = scoreOf(report);
      isBest = score > (best ?? -Infinity);
      if (isBest) best = score;
      for (const callback of callbacks) await callback.epoch?.(report, run);
    } finally {
      average?.exchange();
    }
    monitor.reset();
    epoch++;
    batches = 0;
    wayBack.move(await positionNow());
    if (keeper === undefined) return;
    isBest &&= keeper.keepBest;
    if (isBest || due || keeper.everySteps === undefined) await keep(isBest);
  }

  async function trainEpoch(): Promise<void> {
    const order = seed.split("order");
    let rows = 0;
    for await (
      const batch of data.batches({ size: batchSize, seed: order, epoch, start: batches })
    ) {
      let stepped: boolean;
      try {
        // A step that was begun is finished first.
        if (rows === 0 && isOver()) break;
        if (due) await keep();
        stepped = learner.learn(batch, standing());
      } finally {
        tf.dispose(Object.values(batch));
      }
      rows += batch.x.shape[0]!;
      batches++;
      if (stepped) {
        step++;
        await afterStep(rows);
        rows = 0;
        if (isOver()) break;
      }
      await turn();
    }
    if (rows > 0) {
      learner.finish(standing());
      step++;
      await afterStep(rows);
      isOver();
    }
    if (aborted) return;
    if (batches > 0) await endEpoch();
    else if (reason() === undefined) throw outOfRange("fit", "an epoch must have batches", 0);
  }

  /** Trains until the run is over, and keeps it as it is then. */
  async function trainAll(): Promise<void> {
    // A run that was left in the middle of its last epoch has to end it.
    while (!isOver() || (batches > 0 && !aborted)) await trainEpoch();
    if (aborted) await check();
    if (keeper !== undefined && keptAt !== moment()) await keep();
  }

  try {
    if (from !== undefined) {
      if (average !== undefined) assignAll(average.values, from.average!);
      await restoreOptimizer(optimizer, from.optimizer, trainable);
      monitor.restore(state.monitor);
    }
    for (const callback of callbacks) await callback.begin?.(run);
    if (from !== undefined) await restoreCallbacks(callbacks, from, run);
    // An optimizer that does not know its state is better refused before the first step.
    if (keeper !== undefined) await readOptimizer(optimizer, trainable);
    if (plan.rollback !== undefined) await check();
    for (let over = false; !over;) {
      try {
        await trainAll();
        over = true;
      } catch (error) {
        if (!(error instanceof NonFiniteError)) throw error;
        await requireDevice(); // A lost one may answer anything.
        await goBack(error);
      }
    }
    average?.exchange();
  } catch (thrown) {
    const known = { step, checkpoint: keeper?.paths()?.newest };
    const error = await lossBehind("go on training", thrown, known);
    if (error instanceof NonFiniteError) wayBack.restore();
    if (error instanceof CheckpointError) average?.exchange(); // Its model is one to be used.
    await endAll(callbacks, run).catch(() => {}); // The first error is the one to tell.
    throw error;
  } finally {
    wayBack.dispose();
    learner.drop();
    average?.dispose();
    monitor.dispose();
    rate.reset();
    if (watchers.optimizer === undefined) optimizer.dispose();
  }
  await endAll(callbacks, run);
  return { history, steps: step, stopped: reason()!, rollbacks };
}
