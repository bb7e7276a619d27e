/**
 * The class that latents are decoded as, where the model is told one.
 *
 * @module
 */
import { make } from "./dom.ts";

/** The class that is chosen. */
export interface ClassPad {
  readonly element: HTMLElement;
  readonly label: () => number;
  readonly choose: (label: number) => void;
}

/** Opens a button for every class. */
export function openClassPad(classes: readonly string[], chosen: () => void): ClassPad {
  const inputs = classes.map((name, code) => {
    const input = make("input", { type: "radio", name: "decoded-class", value: name });
    input.checked = code === 0;
    input.addEventListener("change", chosen);
    return input;
  });
  const keys = inputs.map((input, code) =>
    make("label", {}, input, make("span", {}, classes[code]!))
  );
  return {
    element: make(
      "fieldset",
      { class: "modes pad" },
      make("legend", {}, "Decoded as class ", make("i", {}, "c")),
      ...keys,
    ),
    label: () => Math.max(0, inputs.findIndex(({ checked }) => checked)),
    choose: (label) => inputs[label]!.checked = true,
  };
}
