/**
 * The page: what the visitor does goes to the worker, and what the worker says is shown.
 *
 * @module
 */
import type { DataChoice, DataInfo, Phase, Reply, Request, Rows } from "../protocol.ts";
import { download, find, make, wantsStillness } from "./dom.ts";
import { openForm } from "./form.ts";
import { openLatents } from "./latents.ts";
import type { LatentsView } from "./latents_view.ts";
import { openLedger } from "./ledger.ts";
import { openProblems } from "./problems.ts";
import { tableOf } from "./rows_table.ts";
import { sheetOf, toPng } from "./sheet.ts";
import { count, fixed } from "./text.ts";

const form = openForm(), problems = openProblems();
const ledger = openLedger(find("ledger", HTMLDivElement));
const go = find("go", HTMLButtonElement), other = find("other", HTMLButtonElement);
const save = find("save", HTMLButtonElement), again = find("again", HTMLButtonElement);
const estimate = find("evaluate", HTMLButtonElement);
const evaluation = find("evaluation", HTMLParagraphElement);
const status = find("status", HTMLParagraphElement), speed = find("speed", HTMLParagraphElement);
const latentsPlace = find("latents", HTMLDivElement);
const files = find("files", HTMLInputElement), size = find("size", HTMLSelectElement);

/** How many pictures stand in a line where there is room, and where there is little. */
const COLUMNS = { wide: 16, narrow: 8 } as const;

let phase: Phase = "empty", backend = "";
let choice: DataChoice = { kind: "digits", grey: false }, asked: DataChoice = choice, note = "";
let info: DataInfo | undefined;
let view: LatentsView | undefined, viewed = "";
let pairs: { readonly inputs: Rows; readonly outputs?: Rows } | undefined,
  samples: Rows | undefined;
let kept: { readonly file: Blob; readonly step: number } | undefined;
/** What is loaded once the data are there again. */
let toRestore: Blob | undefined;

// ---------------------------------------------------------------- the worker

let worker = openWorker();
const waiting = new Map<number, (answer: never) => void>();
let lastId = 0;

function openWorker(): Worker {
  const opened = new Worker(new URL("../worker/worker.js", import.meta.url), { type: "module" });
  opened.onmessage = ({ data }: MessageEvent<Reply>) => hear(data);
  opened.onerror = (event) => {
    event.preventDefault();
    replaceWorker(`The worker stopped: ${event.message || "its code could not be loaded"}.`);
  };
  return opened;
}

function tell(request: Request): void {
  worker.postMessage(request);
}

/** Asks for something that has an answer, which may never come if the model is replaced. */
function ask<T>(request: (id: number) => Request): Promise<T> {
  const id = ++lastId;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    tell(request(id));
    setTimeout(() => waiting.delete(id), 10_000);
  });
}

const decode = (latents: Float32Array<ArrayBuffer>): Promise<Rows> =>
  ask((id) => ({ type: "decode", id, latents }));
const encode = (index: number): Promise<Float32Array> =>
  ask((id) => ({ type: "encode", id, index }));

let replacements = 0;

/** Goes on with a new worker and the last copy of the model. */
function replaceWorker(happened: string): void {
  worker.terminate();
  waiting.clear();
  if (++replacements > 3) {
    problems.show(happened, "It happened again and again: reload the page.");
    return;
  }
  const advice = kept === undefined
    ? "Start again, on another backend if need be."
    : `The model of step ${count(kept.step)} is kept: train on, on another backend if need be.`;
  problems.show(happened, advice);
  toRestore = kept?.file;
  worker = openWorker();
  tell({ type: "data", choice });
}

// ---------------------------------------------------------------- what is shown

function setPhase(next: Phase, reason?: string): void {
  phase = next;
  document.body.dataset["phase"] = phase;
  const labels: Readonly<Record<Phase, readonly [string, string]>> = {
    empty: ["Start training", "Stop"],
    ready: ["Start training", "Stop"],
    starting: ["Starting", "Stop"],
    training: ["Pause", "Stop"],
    paused: ["Resume", "Stop"],
    stopped: ["Train on", "Start anew"],
  };
  [go.textContent, other.textContent] = labels[phase];
  go.disabled = phase === "empty";
  other.disabled = phase === "empty" || phase === "ready";
  // A button that is disabled loses the focus.
  for (const button of [go, other]) button.ariaDisabled = String(phase === "starting");
  const busy = phase === "starting" || phase === "training" || phase === "paused";
  for (const set of form.form.querySelectorAll("fieldset")) {
    for (
      const field of set.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")
    ) {
      // A select with one choice is disabled for good.
      field.disabled = busy || field instanceof HTMLSelectElement && field.options.length < 2;
    }
  }
  const hasModel = phase === "training" || phase === "paused" || phase === "stopped";
  save.disabled = again.disabled = !hasModel;
  estimate.disabled = phase !== "paused" && phase !== "stopped";
  if (phase === "training" || phase === "ready") evaluation.textContent = "";
  const sayings: Readonly<Record<Phase, string>> = {
    empty: "Loading.",
    ready: "Ready.",
    starting: "Starting the backend.",
    training: `Training on ${backend}.`,
    paused: "Paused.",
    stopped: reason === undefined ? "Stopped." : `Finished ${reason}.`,
  };
  status.textContent = sayings[phase];
  // Where the latents will be seen depends on their number.
  if (info !== undefined && phase === "ready") showLatents(form.latent());
}

/** Shows the latent space, anew if it is another one. */
function showLatents(latent: number): void {
  const key = `${info!.name} ${latent}`;
  if (viewed === key) return;
  viewed = key;
  const exporting = find("latents-export", HTMLButtonElement);
  exporting.disabled = true;
  view = openLatents(info!, latent, decode, encode);
  exporting.hidden = view.snapshot === undefined;
  latentsPlace.replaceChildren(view.element);
  find("latents-note", HTMLParagraphElement).textContent = view.note;
}

/** Pictures in a canvas, or rows in a table. */
function showRows(
  place: string,
  kinds: readonly { readonly name: string; readonly rows: Rows }[],
  caption: string,
): void {
  const element = find(place, HTMLDivElement);
  if (info?.picture === undefined) {
    element.replaceChildren(tableOf(info?.columns ?? [], kinds, caption));
    return;
  }
  const columns = element.clientWidth < 520 ? COLUMNS.narrow : COLUMNS.wide;
  const sheet = sheetOf(kinds.map(({ rows }) => rows), info.picture, columns, 2);
  sheet.className = "sheet";
  sheet.setAttribute("role", "img");
  sheet.setAttribute("aria-label", caption);
  element.replaceChildren(sheet);
}

function showPairs(): void {
  if (pairs === undefined) return;
  const { inputs, outputs } = pairs;
  const kinds = [{ name: "x", rows: inputs }, ...outputs ? [{ name: "mean", rows: outputs }] : []];
  showRows("pairs", kinds, outputs ? "Test data over their reconstructions" : "Test data");
  find("pairs-export", HTMLButtonElement).disabled = !info?.picture || !outputs;
}

function showSamples(): void {
  if (samples === undefined) {
    const empty = make("p", { class: "empty" }, "There is no model yet.");
    find("samples", HTMLDivElement).replaceChildren(empty);
  } else showRows("samples", [{ name: "x", rows: samples }], "Samples from the prior, decoded");
  find("samples-export", HTMLButtonElement).disabled = !info?.picture || !samples;
}

function forgetModel(): void {
  samples = kept = undefined;
  if (pairs) pairs = { inputs: pairs.inputs };
  viewed = "";
  ledger.reset();
  speed.textContent = "";
  showPairs();
  showSamples();
}

function hear(reply: Reply): void {
  switch (reply.type) {
    case "hello":
      return;
    case "data":
      info = reply.info;
      choice = asked;
      pairs = { inputs: reply.preview };
      form.fit(info);
      note = find("data-note", HTMLParagraphElement).textContent;
      if (toRestore === undefined) forgetModel();
      else {
        const settings = form.read();
        if (settings) tell({ type: "load", file: toRestore, settings });
        toRestore = undefined;
      }
      document.body.dataset["data"] = info.name;
      return;
    case "phase":
      return setPhase(reply.phase, reply.reason);
    case "backend":
      backend = reply.summary;
      find("backend-note", HTMLParagraphElement).textContent = [
        `Runs on ${backend}.`,
        ...reply.notes,
      ].join(" ");
      return;
    case "model": {
      if (reply.fresh) forgetModel();
      showLatents(reply.info.latent);
      const { parameters, latent } = reply.info;
      find("model-note", HTMLParagraphElement).textContent = `${
        count(parameters)
      } parameters, ${latent} ${latent === 1 ? "latent" : "latents"}.`;
      return;
    }
    case "progress": {
      const { step, epoch, epochs, stepsPerSecond } = reply;
      ledger.add(step, reply.ledger);
      speed.textContent = `Epoch ${count(epoch)} of ${count(epochs)}, step ${count(step)}, ${
        fixed(stepsPerSecond, stepsPerSecond < 10 ? 1 : 0)
      } steps per second on ${backend}.`;
      document.body.dataset["step"] = String(step);
      return;
    }
    case "validation":
      return ledger.validate(reply.step, reply.ledger);
    case "reconstructions":
      pairs = reply;
      return showPairs();
    case "samples":
      samples = reply.rows;
      return showSamples();
    case "means":
      find("latents-export", HTMLButtonElement).disabled = view?.snapshot === undefined;
      return view?.update(reply.values, reply.classes);
    case "decoded":
      waiting.get(reply.id)?.(reply.rows as never);
      waiting.delete(reply.id);
      return;
    case "encoded":
      waiting.get(reply.id)?.(reply.latents as never);
      waiting.delete(reply.id);
      return;
    case "evaluation": {
      const { nats: found, standardError, rows, samples } = reply;
      evaluation.textContent = `log p(x) ≈ ${fixed(found, 2)} ± ${
        fixed(standardError, 2)
      } nats per datum: ${samples} importance samples for each of ${count(rows)} test data.`;
      evaluation.dataset["nats"] = String(found);
      return;
    }
    case "saved":
      return download(reply.file, "elbo-model.safetensors");
    case "checkpoint":
      kept = reply;
      return;
    case "problem":
      if (reply.problem.about === "data") keepData();
      if (info === undefined) status.textContent = "There are no data.";
      return problems.show(reply.problem.happened, reply.problem.advice);
    case "lost":
      return replaceWorker(`The ${reply.backend} device was lost.`);
  }
}

// ---------------------------------------------------------------- what the visitor does

function start(type: "start" | "train"): void {
  const settings = form.read();
  if (settings === undefined) return;
  problems.clear();
  tell({ type, settings });
  // On a small screen the settings fill it.
  if (innerWidth < 960) {
    const behavior = wantsStillness() ? "instant" : "smooth";
    find("stage", HTMLDivElement).scrollIntoView({ behavior });
  }
}

form.form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (phase === "ready") start("start");
  else if (phase === "training") tell({ type: "pause" });
  else if (phase === "paused") tell({ type: "resume" });
  else if (phase === "stopped") start("train");
});
other.addEventListener("click", () => {
  if (phase === "stopped") start("start");
  else if (phase !== "starting") tell({ type: "stop" });
});
save.addEventListener("click", () => tell({ type: "save" }));
estimate.addEventListener("click", () => {
  evaluation.textContent = "Estimating.";
  tell({ type: "evaluate" });
});
again.addEventListener("click", () => tell({ type: "look" }));

// At once: what waits until the field is left would move the button that is pressed then.
find("latent", HTMLInputElement).addEventListener("input", ({ target }) => {
  const { validity, valueAsNumber } = target as HTMLInputElement;
  if (info !== undefined && phase === "ready" && validity.valid) showLatents(valueAsNumber);
});

find("model-file", HTMLInputElement).addEventListener("change", ({ target }) => {
  const input = target as HTMLInputElement, file = input.files?.[0];
  if (file) loadModel(file);
  input.value = ""; // The same file may be chosen again.
});

function loadModel(file: File): void {
  const settings = form.read();
  if (settings === undefined) return;
  problems.clear();
  tell({ type: "load", file, settings });
}

function chooseData(next: DataChoice): void {
  problems.clear();
  asked = next;
  find("data-note", HTMLParagraphElement).textContent = "Reading.";
  tell({ type: "data", choice: next });
}

/** What was asked for could not be read: what was there before is still there. */
function keepData(): void {
  asked = choice;
  const value = choice.kind === "files" ? "files" : choice.grey ? "digits-grey" : "digits";
  for (const radio of form.form.querySelectorAll<HTMLInputElement>("input[name=data]")) {
    radio.checked = radio.value === value;
  }
  find("own", HTMLDivElement).hidden = value !== "files";
  find("data-note", HTMLParagraphElement).textContent = note;
}

function chooseFiles(chosen: readonly File[]): void {
  if (chosen.length === 0) return;
  const model = chosen.find(({ name }) => name.endsWith(".safetensors"));
  if (model) return loadModel(model);
  for (const radio of form.form.querySelectorAll<HTMLInputElement>("input[name=data]")) {
    radio.checked = radio.value === "files";
  }
  find("own", HTMLDivElement).hidden = false;
  chooseData({ kind: "files", files: chosen, size: Number(size.value) });
}

for (const radio of form.form.querySelectorAll<HTMLInputElement>("input[name=data]")) {
  radio.addEventListener("change", () => {
    find("own", HTMLDivElement).hidden = radio.value !== "files";
    if (radio.value === "files") chooseFiles([...files.files ?? []]);
    else chooseData({ kind: "digits", grey: radio.value === "digits-grey" });
  });
}
files.addEventListener("change", () => chooseFiles([...files.files ?? []]));
size.addEventListener("change", () => {
  if (choice.kind === "files") chooseData({ ...choice, size: Number(size.value) });
});

addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) document.body.classList.remove("dropping");
});
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  if (phase === "training" || phase === "paused" || phase === "starting") {
    return problems.show("Files were dropped while a model trains.", "Stop first, then drop them.");
  }
  chooseFiles([...event.dataTransfer?.files ?? []]);
});

find("pairs-export", HTMLButtonElement).addEventListener("click", async () => {
  if (!pairs?.outputs || !info?.picture) return;
  const sheet = sheetOf([pairs.inputs, pairs.outputs], info.picture, 16, 2);
  download(await toPng(sheet), "elbo-reconstructions.png");
});
find("samples-export", HTMLButtonElement).addEventListener("click", async () => {
  if (!samples || !info?.picture) return;
  download(await toPng(sheetOf([samples], info.picture, 16, 2)), "elbo-samples.png");
});

find("latents-export", HTMLButtonElement).addEventListener("click", async () => {
  const canvas = view?.snapshot?.();
  if (canvas) download(await toPng(canvas, 1), "elbo-latent-plane.png");
});

new ResizeObserver(() => {
  showPairs();
  showSamples();
}).observe(find("pairs", HTMLDivElement));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  showPairs();
  showSamples();
});

setPhase("empty");
chooseData(choice);
