/**
 * The two buttons of a run, which are called after what they do now.
 *
 * @module
 */
import type { Phase } from "../protocol.ts";
import { find } from "./dom.ts";

/** What the buttons do. */
export interface RunActions {
  readonly start: () => void;
  readonly trainOn: () => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly stop: () => void;
}

const LABELS: { readonly [phase in Phase]: readonly [go: string, other: string] } = {
  empty: ["Start training", "Stop"],
  ready: ["Start training", "Stop"],
  starting: ["Starting", "Stop"],
  training: ["Pause", "Stop"],
  paused: ["Resume", "Stop"],
  stopped: ["Train on", "Start anew"],
};

/** Opens the buttons; answers what shows a phase. */
export function openRunButtons(
  { start, trainOn, pause, resume, stop }: RunActions,
): (next: Phase, backend: string, reason?: string) => void {
  const go = find("go", HTMLButtonElement), other = find("other", HTMLButtonElement);
  const status = find("status", HTMLParagraphElement);
  let phase: Phase = "empty";

  find("form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    if (phase === "ready") start();
    else if (phase === "training") pause();
    else if (phase === "paused") resume();
    else if (phase === "stopped") trainOn();
  });
  other.addEventListener("click", () => {
    if (phase === "stopped") start();
    else if (phase !== "starting") stop();
  });

  return (next, backend, reason) => {
    phase = next;
    [go.textContent, other.textContent] = LABELS[phase];
    go.disabled = phase === "empty";
    other.disabled = phase === "empty" || phase === "ready";
    // A button that is disabled loses the focus.
    for (const button of [go, other]) button.ariaDisabled = String(phase === "starting");
    const sayings: { readonly [phase in Phase]: string } = {
      empty: "Loading.",
      ready: "Ready.",
      starting: "Starting the backend.",
      training: `Training on ${backend}.`,
      paused: "Paused.",
      stopped: `${reason === undefined ? "Stopped" : `Finished ${reason}`}. ` +
        "Start anew takes the settings above.",
    };
    status.textContent = sayings[phase];
  };
}
