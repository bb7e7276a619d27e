/**
 * Runs that are interrupted again and again, and those that are not.
 *
 * @module
 */
import {
  type Callback,
  type Dataset,
  fit,
  type FitOptions,
  type FitResult,
  type Optimizer,
  resume,
  type Support,
  type Vae,
} from "../../mod.ts";
import { valuesOf } from "./parameters.ts";

/** A run, described so that it can be made again in another process. */
export interface RunParts<S extends Support> {
  readonly model: () => Vae<S>;
  readonly data: () => Dataset<S>;
  /** Made anew each time, as callbacks remember. */
  readonly options: () => FitOptions<S>;
  readonly optimizer?: () => Optimizer;
}

/** What is left of a run. */
export interface Outcome extends Omit<FitResult, "checkpoints"> {
  readonly values: Record<string, number[]>;
}

function outcomeOf(model: Vae, { history, steps, stopped, rollbacks }: FitResult): Outcome {
  const values = valuesOf(model);
  model.dispose();
  return { history, steps, stopped, rollbacks, values };
}

/** Aborts a run after some step. */
function abortAfter(step: number): Pick<FitOptions, "signal" | "callbacks"> {
  const controller = new AbortController();
  const abort: Callback = {
    kind: "callback",
    name: "abort",
    step: (report) => void (report.step === step && controller.abort()),
  };
  return { signal: controller.signal, callbacks: [abort] };
}

/** The run from its beginning to its end. */
export async function straight<S extends Support>(parts: RunParts<S>): Promise<Outcome> {
  const model = parts.model(), optimizer = parts.optimizer?.();
  const result = await fit(
    model as Vae,
    parts.data() as Dataset,
    { ...parts.options(), optimizer } as FitOptions,
  );
  optimizer?.dispose();
  return outcomeOf(model, result);
}

/**
 * The same run, kept in a folder, ended after each of some steps, and resumed each time with nothing
 * but what the folder holds.
 */
export async function interrupted<S extends Support>(
  parts: RunParts<S>,
  folder: string,
  stops: readonly number[],
): Promise<Outcome> {
  const [first, ...others] = [...stops, Infinity];
  const given = () => {
    const optimizer = parts.optimizer?.();
    return { data: parts.data() as Dataset, options: parts.options() as FitOptions, optimizer };
  };
  const begun = given(), model = parts.model();
  const abort = abortAfter(first!);
  await fit(model as Vae, begun.data, {
    ...begun.options,
    checkpoints: { folder, everySteps: 1000 },
    ...abort,
    callbacks: [...begun.options.callbacks ?? [], ...abort.callbacks!],
    optimizer: begun.optimizer,
  });
  begun.optimizer?.dispose();
  model.dispose();
  for (const stop of others) {
    const { data, options: { validation, callbacks = [] }, optimizer } = given();
    const abort = abortAfter(stop);
    const { model, ...result } = await resume(folder, data, {
      validation,
      signal: abort.signal,
      callbacks: [...callbacks, ...abort.callbacks!],
      optimizer,
    });
    optimizer?.dispose();
    if (stop === Infinity) return outcomeOf(model, result);
    model.dispose();
  }
  throw new Error("unreachable");
}
