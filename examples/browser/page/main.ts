/**
 * The page: what the visitor does goes to the worker, and what the worker says is shown.
 *
 * @module
 */
import type { DataInfo, Phase, Reply } from "../protocol.ts";
import { openDataChooser } from "./data_chooser.ts";
import { download, find, wantsStillness } from "./dom.ts";
import { openForm } from "./form.ts";
import { openGallery } from "./gallery.ts";
import { openLatents } from "./latents.ts";
import type { LatentsView } from "./latents_view.ts";
import { openLedger } from "./ledger.ts";
import { openLink } from "./link.ts";
import { openProblems } from "./problems.ts";
import { openRunButtons } from "./run_buttons.ts";
import { toPng } from "./sheet.ts";
import { count, fixed } from "./text.ts";

const form = openForm(), problems = openProblems();
const ledger = openLedger(find("ledger", HTMLDivElement));
const save = find("save", HTMLButtonElement), estimate = find("evaluate", HTMLButtonElement);
const evaluation = find("evaluation", HTMLParagraphElement);
const speed = find("speed", HTMLParagraphElement);
const exportLatents = find("latents-export", HTMLButtonElement);

/** Workers that are opened in the place of others before the page gives up. */
const REPLACEMENTS = 3;

let phase: Phase = "empty", backend = "", replacements = 0;
let info: DataInfo | undefined;
let view: LatentsView | undefined, viewed = "";
let kept: { readonly file: Blob; readonly step: number } | undefined;
/** What is loaded once the data are there again. */
let toRestore: Blob | undefined, restoring = false;

const link = openLink({ hear, stopped: replaceWorker });
const gallery = openGallery((label, fresh) =>
  link.tell({ type: "draw", fresh, ...(label !== undefined && { label }) })
);
const data = openDataChooser({
  read: (choice) => {
    if (toRestore === undefined) problems.clear();
    link.tell({ type: "data", choice });
  },
  load: loadModel,
  refusal: () =>
    phase === "training" || phase === "paused" || phase === "starting"
      ? ["Files were dropped while a model trains.", "Stop first, then drop them."]
      : undefined,
  refuse: problems.show,
});
const showRun = openRunButtons({
  start: () => start("start"),
  trainOn: () => start("train"),
  pause: () => link.tell({ type: "pause" }),
  resume: () => link.tell({ type: "resume" }),
  stop: () => link.tell({ type: "stop" }),
});

/** Goes on with a new worker and the last copy of the model. */
function replaceWorker(happened: string): void {
  link.replace();
  if (++replacements > REPLACEMENTS) {
    problems.show(happened, "It happened again and again: reload the page.");
    return;
  }
  const advice = kept === undefined
    ? "Start again, on another backend if need be."
    : `The model of step ${count(kept.step)} is kept: train on, on another backend if need be.`;
  toRestore = kept?.file ?? new Blob();
  setPhase("empty"); // Nothing can be started until the data are there again.
  problems.show(happened, advice);
  data.begin();
}

function setPhase(next: Phase, reason?: string): void {
  phase = next;
  document.body.dataset["phase"] = phase;
  showRun(phase, backend, reason);
  form.lock(phase === "starting" || phase === "training" || phase === "paused");
  const hasModel = phase === "training" || phase === "paused" || phase === "stopped";
  save.disabled = !hasModel;
  gallery.enable(hasModel);
  estimate.disabled = phase !== "paused" && phase !== "stopped";
  if (phase === "training" || phase === "ready") evaluation.textContent = "";
  // Where the latents will be seen depends on their number.
  if (phase === "ready") showLatents(form.latent(), form.conditional());
}

/** Shows the latent space, anew if it is another one. */
function showLatents(latent: number, conditional: boolean): void {
  const key = `${info?.name} ${latent} ${conditional}`;
  if (info === undefined || viewed === key) return;
  viewed = key;
  const { decode, encode } = link;
  view = openLatents({ info, latent, conditional, decode, encode });
  exportLatents.disabled = true;
  find("latents", HTMLDivElement).replaceChildren(view.element);
  find("latents-note", HTMLParagraphElement).textContent = view.note;
  gallery.offerClasses(conditional ? info.classes : undefined);
}

function forgetModel(): void {
  kept = undefined;
  viewed = speed.textContent = "";
  delete document.body.dataset["step"];
  delete document.body.dataset["kept"];
  find("summary", HTMLDetailsElement).hidden = true;
  ledger.reset();
  gallery.forget();
}

function hear(reply: Reply): void {
  switch (reply.type) {
    case "data":
      info = reply.info;
      gallery.open(info, reply.preview);
      form.fit(info);
      data.keep();
      restore();
      document.body.dataset["data"] = info.name;
      return;
    case "phase":
      if (restoring && reply.phase === "ready") return; // Not before the model is there, too.
      restoring = false;
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
      const { parameters, latent, summary, conditional } = reply.info;
      showLatents(latent, conditional);
      find("summary", HTMLDetailsElement).hidden = false;
      find("model-note", HTMLElement).textContent = `${count(parameters)} parameters, ${latent} ${
        latent === 1 ? "latent" : "latents"
      }: its parts`;
      find("summary-text", HTMLPreElement).textContent = summary;
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
      return gallery.pairs(reply);
    case "samples":
      return gallery.samples(reply.rows);
    case "means":
      view?.update(reply.values, reply.classes);
      exportLatents.disabled = view?.snapshot() === undefined;
      return;
    case "evaluation": {
      const { nats, standardError, rows, samples } = reply;
      evaluation.textContent = `log p(x) ≈ ${fixed(nats, 2)} ± ${
        fixed(standardError, 2)
      } nats per datum: ${samples} importance samples for each of ${count(rows)} test data.`;
      evaluation.dataset["nats"] = String(nats);
      return;
    }
    case "saved":
      return download(reply.file, "elbo-model.safetensors");
    case "checkpoint":
      kept = reply;
      document.body.dataset["kept"] = String(reply.step);
      return;
    case "problem":
      if (reply.problem.about === "data") {
        toRestore = undefined;
        data.goBack();
      }
      if (restoring) {
        restoring = false;
        setPhase("ready");
      }
      if (info === undefined) find("status", HTMLElement).textContent = "There are no data.";
      return problems.show(reply.problem.happened, reply.problem.advice);
    case "lost":
      return replaceWorker(`The ${reply.backend} device was lost.`);
  }
}

/** Loads the copy of the model that a lost worker left; without one it starts from nothing. */
function restore(): void {
  const file = toRestore, settings = form.read();
  toRestore = undefined;
  restoring = settings !== undefined && file !== undefined && file.size > 0;
  if (file && restoring && settings) link.tell({ type: "load", file, settings });
  else forgetModel();
}

function start(type: "start" | "train"): void {
  const settings = form.read();
  if (settings === undefined) return;
  problems.clear();
  link.tell({ type, settings });
  // On a small screen the settings fill it.
  if (innerWidth < 960) {
    const behavior = wantsStillness() ? "instant" : "smooth";
    find("stage", HTMLElement).scrollIntoView({ behavior });
  }
}

function loadModel(file: File): void {
  const settings = form.read();
  if (settings === undefined) return;
  problems.clear();
  link.tell({ type: "load", file, settings });
}

save.addEventListener("click", () => link.tell({ type: "save" }));
estimate.addEventListener("click", () => {
  evaluation.textContent = "Estimating.";
  link.tell({ type: "evaluate" });
});
exportLatents.addEventListener("click", async () => {
  const canvas = view?.snapshot();
  if (canvas) download(await toPng(canvas, 1), "elbo-latents.png");
});
// At once: what waits until the field is left would move the button that is pressed then.
form.form.addEventListener("input", () => {
  const { validity } = find("latent", HTMLInputElement);
  if (phase === "ready" && validity.valid) showLatents(form.latent(), form.conditional());
});
find("model-file", HTMLInputElement).addEventListener("change", ({ target }) => {
  const input = target as HTMLInputElement, file = input.files?.[0];
  if (file) loadModel(file);
  input.value = ""; // The same file may be chosen again.
});

setPhase("empty");
data.begin();
