/**
 * One visit: the data, the model, and the run that is on.
 *
 * @module
 */
import {
  type ArrayDataset,
  DeviceLostError,
  evaluate,
  fit,
  load,
  toBlob,
  type Vae,
} from "../../../mod.ts";
import { requireMatch } from "../../../core/input.ts";
import type { Phase, Problem, Reply, Request, Settings } from "../protocol.ts";
import { type Running, startBackend, titleOf } from "./backend.ts";
import { compose } from "./choices.ts";
import { type Data, firstRows, type Parts, partsOf } from "./data.ts";
import { EVALUATION } from "./parts.ts";
import { toProblem } from "./problem.ts";
import { describe, readData } from "./read.ts";
import { Refusal, refuse } from "./refusal.ts";
import { openReporter } from "./reporter.ts";
import { openViews, type Views } from "./views.ts";

/** A run that is on. */
interface Run {
  readonly signal: AbortSignal;
  /** While it is paused: what it waits for, and what lets it go on. */
  pause?: { readonly over: Promise<void>; readonly end: () => void } | undefined;
}

/** What a request is about. */
function subjectOf({ type }: Request): Problem["about"] {
  return type === "data" ? "data" : type === "load" ? "model" : "training";
}

/** Opens a session, which answers through `post`. */
export function openSession(post: (reply: Reply) => void): (request: Request) => Promise<void> {
  const counter = { steps: 0 };
  let data: Data | undefined, parts: Parts | undefined, views: Views | undefined;
  let model: Vae | undefined;
  let running: (Running & { readonly wanted: Settings["backend"] }) | undefined;
  let run: Run | undefined,
    latest = new AbortController(),
    ended: Promise<void> = Promise.resolve();
  let samples: { readonly seed: number; readonly label?: number | undefined } = { seed: 1 };

  const phase = (phase: Phase, reason?: string): void =>
    post({ type: "phase", phase, ...(reason !== undefined && { reason }) });

  /** Tells of an error; after the loss of a device this worker is of no more use. */
  function tell(error: unknown, about: Problem["about"]): void {
    if (error instanceof DeviceLostError) post({ type: "lost", backend: titleOf(error.backend) });
    else post({ type: "problem", problem: toProblem(error, about) });
  }

  /** Takes up the data in the parts that a model is trained on. */
  function take(next: Parts): void {
    if (parts?.conditional !== next.conditional) samples = { seed: samples.seed };
    parts = next;
    views = openViews(data!, parts);
  }

  async function draw(): Promise<void> {
    if (model === undefined || views === undefined) return;
    const { seed, label } = samples;
    post({ type: "samples", rows: await views.samples(model, seed, label) });
  }

  /** Draws everything anew. */
  async function look(): Promise<void> {
    if (model === undefined || views === undefined) return;
    const drawn = model;
    post({ type: "reconstructions", ...await views.reconstructions(drawn) });
    if (!drawn.disposed) await draw();
    if (!drawn.disposed) post({ type: "means", ...await views.means(drawn) });
  }

  async function checkpoint(): Promise<void> {
    if (model === undefined) return;
    post({ type: "checkpoint", file: await toBlob(model), step: counter.steps });
  }

  /** Has the wanted backend run; the model is carried over. */
  async function useWanted({ backend: wanted }: Settings): Promise<void> {
    if (running?.wanted === wanted) return;
    const kept = model && await toBlob(model);
    model?.dispose();
    model = undefined;
    running = {
      wanted,
      ...await startBackend(wanted, (backend) => post({ type: "lost", backend })),
    };
    post({ type: "backend", summary: running.summary, notes: running.notes });
    if (kept !== undefined) model = await load(kept);
  }

  function announce(fresh: boolean): void {
    const { spec, parameters } = model!;
    const count = [...parameters.values()].reduce((sum, { size }) => sum + size, 0);
    const conditional = spec.condition !== undefined;
    const info = { latent: spec.latent[0]!, parameters: count, summary: model!.summary() };
    post({ type: "model", info: { ...info, conditional }, fresh });
  }

  /** Composes the model that is wanted, in the place of the one before. */
  function renew(wanted: Settings): void {
    const { standardization } = data!;
    take(partsOf(data!, { standardization, conditional: wanted.conditional }));
    model?.dispose();
    model = undefined;
    const stepsPerEpoch = Math.ceil(parts!.train.size / wanted.batchSize);
    model = compose(data!, wanted, stepsPerEpoch);
    counter.steps = 0;
  }

  /** Draws everything anew and keeps a copy; the run has stopped, also where this fails. */
  async function rest(reason?: string): Promise<void> {
    try {
      await look();
      await checkpoint();
    } finally {
      phase("stopped", reason);
    }
  }

  async function train(wanted: Settings, fresh: boolean, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return; // Before its turn came, something else was wanted.
    if (data === undefined) refuse("There are no data yet.", "Choose some.");
    run = { signal };
    phase("starting");
    let reason: string | undefined, failed = true;
    try {
      await useWanted(wanted);
      if (fresh || model === undefined) renew(wanted);
      announce(fresh);
      phase("training");
      const { epochs, batchSize, learningRate, seed } = wanted;
      const { train, validation } = parts!;
      const pause = () => run?.pause?.over;
      const { stopped } = await fit(model!, train as ArrayDataset<never>, {
        epochs,
        batchSize: Math.min(batchSize, train.size),
        learningRate,
        seed: seed + counter.steps,
        validation: validation as ArrayDataset<never>,
        callbacks: [openReporter({ epochs, post, counter, look, checkpoint, pause })],
        signal,
      });
      reason = stopped === "epochs" ? `after ${epochs} epochs` : undefined;
      failed = false;
    } finally {
      run = undefined;
      if (!failed) await rest(reason);
      else phase(model === undefined ? "ready" : "stopped");
    }
  }

  /** Ends the run that is on, and the one that waits for its turn. */
  function stop(): void {
    latest.abort();
    run?.pause?.end();
  }

  /** Stops what runs, and then does something in its place: one after another, in their order. */
  function instead(work: (signal: AbortSignal) => Promise<void> | void): Promise<void> {
    stop();
    const { signal } = latest = new AbortController();
    const done = ended.then(() => work(signal));
    ended = done.catch(() => {}); // Whoever asked is told.
    return done;
  }

  /** Lets the run wait after its next step. */
  function pause(): void {
    const pausing = run;
    if (pausing === undefined || pausing.pause || pausing.signal.aborted) return;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    pausing.pause = {
      over,
      end: () => {
        pausing.pause = undefined;
        resolve();
      },
    };
    phase("paused");
  }

  /** The data as a loaded model is trained on them. */
  function partsFor(loaded: Vae, data: Data): Parts {
    const { spec, standardization } = loaded, conditional = spec.condition !== undefined;
    try {
      if (spec.latent.length !== 1) throw new TypeError("Its latents are no vector");
      if (conditional && (data.classes === undefined || data.columns !== undefined)) {
        throw new TypeError("It wants to be told a class, and these data have none");
      }
      const parts = partsOf(data, { standardization, conditional });
      requireMatch("load model", loaded, parts.train);
      return parts;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      refuse(
        `The model in this file is for other data than “${data.name}”. ${
          (error as Error).message
        }.`,
        "Choose the data that it was trained on first. Your model is still here.",
      );
    }
  }

  async function open(file: Blob, wanted: Settings): Promise<void> {
    if (data === undefined) refuse("There are no data yet.", "Choose some, then load the model.");
    await useWanted(wanted);
    const loaded = await load(file, { maxBytes: 2 ** 28 });
    try {
      take(partsFor(loaded, data));
    } catch (error) {
      loaded.dispose();
      throw error;
    }
    model?.dispose();
    model = loaded;
    counter.steps = model.progress.step;
    announce(false);
    await rest();
  }

  /** Estimates log p(x) of test data. */
  async function estimate(): Promise<void> {
    if (model === undefined || parts === undefined) return;
    const { batchSize, importanceSamples: samples } = EVALUATION;
    const some = firstRows(parts.test, EVALUATION.rows), rows = some.size;
    const options = { seed: 0, importanceSamples: samples, batchSize };
    const { nats, standardError } = (await evaluate(model, some, options)).logLikelihood!;
    post({ type: "evaluation", nats, standardError, rows, samples });
  }

  async function answer(request: Request): Promise<void> {
    switch (request.type) {
      case "data": {
        const next = await readData(request.choice); // What there was stays if this throws.
        return await instead(() => {
          model?.dispose();
          model = undefined;
          data = next;
          take(partsOf(data, { standardization: data.standardization, conditional: false }));
          post({ type: "data", info: describe(data, parts!), preview: views!.preview() });
          phase("ready");
        });
      }
      case "start":
      case "train":
        return await instead((signal) => train(request.settings, request.type === "start", signal));
      case "pause":
        return pause();
      case "resume":
        if (run?.pause === undefined) return;
        run.pause.end();
        return phase("training");
      case "stop":
        return stop();
      case "save":
        if (model !== undefined) post({ type: "saved", file: await toBlob(model) });
        return;
      case "load":
        return await instead(() => open(request.file, request.settings));
      case "evaluate":
        return await estimate();
      case "draw":
        samples = { seed: samples.seed + Number(request.fresh), label: request.label };
        return await draw();
      case "decode": {
        const { id, latents } = request, width = model?.spec.latent[0] ?? NaN;
        if (!model || !views || latents.values.length % width !== 0) { // Of the model before.
          return post({ type: "unanswered", id });
        }
        return post({ type: "decoded", id, rows: await views.decoded(model, latents) });
      }
      case "encode": {
        const { id, index } = request;
        if (!model || !views) return post({ type: "unanswered", id });
        return post({ type: "encoded", id, datum: await views.encoded(model, index) });
      }
    }
  }

  return async (request) => {
    try {
      await answer(request);
    } catch (error) {
      if ("id" in request) post({ type: "unanswered", id: request.id });
      tell(error, subjectOf(request));
    }
  };
}
