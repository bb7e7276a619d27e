/**
 * Where data come from: the digits, or files that are chosen or dropped.
 *
 * @module
 */
import type { DataChoice } from "../protocol.ts";
import { find } from "./dom.ts";

/** What is done with a choice. */
export interface ChooserOptions {
  /** Reads data. */
  readonly read: (choice: DataChoice) => void;
  /** Loads a model. */
  readonly load: (file: File) => void;
  /** Why files may not be dropped now, and what to do about it. */
  readonly refusal: () => readonly [happened: string, advice: string] | undefined;
  readonly refuse: (happened: string, advice: string) => void;
}

/** What a radio button of a choice is called. */
function valueOf(choice: DataChoice): string {
  return choice.kind === "files" ? "files" : choice.grey ? "digits-grey" : "digits";
}

/** Opens the choice of data; it begins with the digits. */
export function openDataChooser({ read, load, refusal, refuse }: ChooserOptions) {
  const files = find("files", HTMLInputElement), size = find("size", HTMLSelectElement);
  const own = find("own", HTMLDivElement), note = find("data-note", HTMLParagraphElement);
  const radios = [
    ...find("data", HTMLFieldSetElement).querySelectorAll<HTMLInputElement>("input[name=data]"),
  ];
  let choice: DataChoice = { kind: "digits", grey: false }, asked: DataChoice = choice;
  let said = "";

  function mark(value: string): void {
    for (const radio of radios) radio.checked = radio.value === value;
    own.hidden = value !== "files";
  }

  function choose(next: DataChoice): void {
    asked = next;
    note.textContent = "Reading.";
    read(next);
  }

  function chooseFiles(chosen: readonly File[]): void {
    if (chosen.length === 0) return;
    const model = chosen.find(({ name }) => name.endsWith(".safetensors"));
    if (model) return load(model);
    mark("files");
    choose({ kind: "files", files: chosen, size: Number(size.value) });
  }

  for (const radio of radios) {
    radio.addEventListener("change", () => {
      own.hidden = radio.value !== "files";
      if (radio.value === "files") chooseFiles([...files.files ?? []]);
      else choose({ kind: "digits", grey: radio.value === "digits-grey" });
    });
  }
  files.addEventListener("change", () => chooseFiles([...files.files ?? []]));
  size.addEventListener("change", () => {
    if (choice.kind === "files") choose({ ...choice, size: Number(size.value) });
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
    const refused = refusal();
    if (refused) refuse(...refused);
    else chooseFiles([...event.dataTransfer?.files ?? []]);
  });

  return {
    /** Reads the data that were read last once more. */
    begin: (): void => choose(choice),
    /** What was asked for was read. */
    keep(): void {
      choice = asked;
      said = note.textContent;
    },
    /** What was asked for could not be read: what was there before is still there. */
    goBack(): void {
      asked = choice;
      mark(valueOf(choice));
      note.textContent = said;
    },
  };
}
