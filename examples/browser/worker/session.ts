/**
 * One visit: the data, the model, and the run that is on.
 *
 * @module
 */
import {
  type ArrayDataset,
  type Callback,
  evaluate,
  fit,
  type LedgerSummary,
  load,
  NonFiniteError,
  type Standardization,
  toBlob,
  type Vae,
} from "../../../mod.ts";
import { requireMatch } from "../../../core/input.ts";
import type { Phase, Problem, Reply, Request, Settings } from "../protocol.ts";
import { type Running, startBackend } from "./backend.ts";
import { compose } from "./choices.ts";
import { type Data, firstRows, type Parts, partsOf } from "./data.ts";
import { EVALUATION } from "./parts.ts";
import { describe, readData } from "./read.ts";
import { difference } from "./recent.ts";
import { Refusal, refuse } from "./refusal.ts";
import { openViews, type Views } from "./views.ts";

/** Milliseconds between two looks at the ledger, and between two copies of the model. */
const REPORTS = 250, CHECKPOINTS = 10_000;

/** Pictures take about one part in so many of the time, but come no oftener and no rarer than this. */
const SHARE = 6, PICTURES = { least: 700, most: 6000 } as const;

/** A run that is on. */
interface Run {
  readonly abort: AbortController;
  /** While it is paused: what it waits for, and what lets it go on. */
  pause?: { readonly over: Promise<void>; readonly end: () => void } | undefined;
}

/** Opens a session, which answers through `post`. */
export function openSession(post: (reply: Reply) => void): (request: Request) => Promise<void> {
  let data: Data | undefined, parts: Parts | undefined, views: Views | undefined;
  let model: Vae | undefined;
  let running: (Running & { readonly wanted: Settings["backend"] }) | undefined;
  let run: Run | undefined, ended: Promise<void> = Promise.resolve();
  let steps = 0, sampleSeed = 1;

  const phase = (phase: Phase, reason?: string): void =>
    post({ type: "phase", phase, ...(reason !== undefined && { reason }) });

  /** Takes data up, in the units that a model is trained in. */
  function take(next: Data, standardization?: Standardization): void {
    parts = partsOf(next, standardization);
    views = openViews(next, parts);
  }

  /** Draws everything anew. */
  async function look(): Promise<void> {
    if (model === undefined || views === undefined) return;
    const drawn = model;
    post({ type: "reconstructions", ...await views.reconstructions(drawn) });
    if (!drawn.disposed) post({ type: "samples", rows: await views.samples(drawn, sampleSeed) });
    if (!drawn.disposed) post({ type: "means", ...await views.means(drawn) });
  }

  async function checkpoint(): Promise<void> {
    if (model !== undefined) post({ type: "checkpoint", file: await toBlob(model), step: steps });
  }

  /** Tells the page how a run goes. */
  function reporter(epochs: number): Callback {
    const start = performance.now(), before = steps;
    let rows = 0, reported: { rows: number; ledger?: LedgerSummary } = { rows: 0 };
    let lastReport = 0, nextPictures = 0, lastCheckpoint = start, idle = 0;

    function report(ledger: LedgerSummary, epoch: number): void {
      const recent = difference(ledger, rows, reported);
      reported = { rows, ledger };
      lastReport = performance.now();
      const seconds = (lastReport - start - idle) / 1000;
      const stepsPerSecond = (steps - before) / seconds;
      post({ type: "progress", step: steps, epoch, epochs, stepsPerSecond, ledger: recent });
    }

    return {
      kind: "callback",
      name: "page",
      step: async ({ epoch, rows: more, means }) => {
        steps++;
        rows += more;
        if (performance.now() - lastReport > REPORTS) report(await means(), epoch);
        const now = performance.now();
        if (now > nextPictures) {
          await look();
          const cost = performance.now() - now;
          const wait = Math.min(PICTURES.most, Math.max(PICTURES.least, SHARE * cost));
          nextPictures = performance.now() + wait;
          idle += cost;
        }
        if (now - lastCheckpoint > CHECKPOINTS) {
          await checkpoint();
          lastCheckpoint = now;
        }
        if (run?.pause === undefined) return;
        const pausedAt = performance.now();
        await look();
        await checkpoint();
        await run.pause?.over;
        idle += performance.now() - pausedAt;
      },
      epoch: ({ epoch, training, validation }) => {
        if (reported.rows < rows) report(training, epoch);
        reported = { rows: rows = 0 };
        if (validation) post({ type: "validation", step: steps, ledger: validation });
      },
    };
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
    const info = { latent: spec.latent[0]!, parameters: count, summary: model!.summary() };
    post({ type: "model", info, fresh });
  }

  async function train(wanted: Settings, fresh: boolean): Promise<void> {
    if (parts === undefined || data === undefined) refuse("There are no data yet.", "Choose some.");
    const own: Run = run = { abort: new AbortController() };
    phase("starting");
    let reason: string | undefined, failed = true;
    try {
      await useWanted(wanted);
      if (fresh || model === undefined) {
        model?.dispose();
        model = undefined;
        model = compose(data, wanted);
        steps = 0;
      }
      announce(fresh);
      phase("training");
      const { epochs, batchSize, learningRate, seed } = wanted;
      const { stopped } = await fit(model, parts.train as ArrayDataset<never>, {
        epochs,
        batchSize: Math.min(batchSize, parts.train.size),
        learningRate,
        seed: seed + steps,
        validation: parts.validation as ArrayDataset<never>,
        callbacks: [reporter(epochs)],
        signal: own.abort.signal,
      });
      reason = stopped === "epochs" ? `after ${epochs} epochs` : undefined;
      failed = false;
    } finally {
      run = undefined;
      if (!failed) {
        await look();
        await checkpoint();
      }
      phase(model === undefined ? "ready" : "stopped", reason);
    }
  }

  async function end(): Promise<void> {
    run?.abort.abort();
    run?.pause?.end();
    await ended;
  }

  async function open(file: Blob, wanted: Settings): Promise<void> {
    if (data === undefined) refuse("There are no data yet.", "Choose some, then load the model.");
    await end();
    await useWanted(wanted);
    const loaded = await load(file, { maxBytes: 2 ** 28 });
    try {
      requireMatch("load model", loaded, data.dataset);
      if (loaded.spec.condition !== undefined || loaded.spec.latent.length !== 1) {
        refuse("The model in this file wants a condition.", "Load one that was made without.");
      }
    } catch (error) {
      loaded.dispose();
      if (error instanceof Refusal) throw error;
      refuse(
        `The model in this file is for other data than “${data.name}”. ${
          (error as Error).message
        }.`,
        "Choose the data that it was trained on first. Your model is still here.",
      );
    }
    model?.dispose();
    model = loaded;
    take(data, model.standardization ?? data.standardization);
    steps = model.progress.step;
    announce(false);
    await look();
    await checkpoint();
    phase("stopped");
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
        await end();
        model?.dispose();
        model = undefined;
        data = next;
        take(data, data.standardization);
        post({ type: "data", info: describe(data, parts!), preview: views!.preview() });
        return phase("ready");
      }
      case "start":
      case "train":
        await end();
        ended = train(request.settings, request.type === "start").catch((error) => {
          post({ type: "problem", problem: toProblem(error, "training") });
        });
        return;
      case "pause": {
        if (run === undefined || run.pause) return;
        let release = (): void => {};
        const over = new Promise<void>((resolve) => release = resolve);
        const pausing = run;
        run.pause = {
          over,
          end: () => {
            pausing.pause = undefined;
            release();
          },
        };
        return phase("paused");
      }
      case "resume":
        run?.pause?.end();
        return phase("training");
      case "stop":
        return await end();
      case "save":
        if (model !== undefined) post({ type: "saved", file: await toBlob(model) });
        return;
      case "load":
        return await open(request.file, request.settings);
      case "evaluate":
        return await estimate();
      case "look":
        sampleSeed++;
        if (model && views) post({ type: "samples", rows: await views.samples(model, sampleSeed) });
        return;
      case "decode":
        if (model === undefined || views === undefined) return;
        if (request.latents.length % model.spec.latent[0]! !== 0) return; // Of the model before.
        return post({
          type: "decoded",
          id: request.id,
          rows: await views.decoded(model, request.latents),
        });
      case "encode":
        if (model === undefined || views === undefined) return;
        return post({
          type: "encoded",
          id: request.id,
          latents: await views.encoded(model, request.index),
        });
    }
  }

  return async (request) => {
    try {
      await answer(request);
    } catch (error) {
      const about = request.type === "data"
        ? "data"
        : request.type === "load"
        ? "model"
        : "training";
      post({ type: "problem", problem: toProblem(error, about) });
    }
  };
}

/** What the visitor is told of an error. */
function toProblem(error: unknown, about: Problem["about"]): Problem {
  if (error instanceof Refusal) {
    return { about, happened: error.message, advice: error.advice };
  }
  const message = error instanceof Error ? error.message : String(error);
  const [, kind, name] = /(\w+) '(\w+)' must be passed as/.exec(message) ?? [];
  if (kind !== undefined) {
    return {
      about,
      happened: `The file names the ${kind} “${name}”, which this page does not have.`,
      advice: "Load it in a program that passes this plugin to load(). Your model is still here.",
    };
  }
  if (error instanceof NonFiniteError) {
    return {
      about,
      happened: `${message}.`,
      advice: "The parameters are those of the last good step. Choose a smaller learning rate.",
    };
  }
  const advice = {
    data: "The data that were there before are still here.",
    model: "Choose a .safetensors file that Elbo saved. Your model is still here.",
    training: "Choose other settings or another backend, and start again.",
  }[about];
  return { about, happened: `${message}.`, advice };
}
