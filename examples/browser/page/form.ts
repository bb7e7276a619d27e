/**
 * The form: only what fits the data can be chosen.
 *
 * @module
 */
import type { Choice, DataInfo, ObjectiveName, PriorChoice, Settings } from "../protocol.ts";
import { find, make } from "./dom.ts";
import { type Described, equationsOf } from "./equations.ts";
import { count } from "./text.ts";

/** Puts choices into a select; what was chosen stays chosen where it is still there. */
function offer(select: HTMLSelectElement, choices: readonly Choice[]): void {
  const before = select.value;
  select.replaceChildren(
    ...choices.map(({ name, label }) => make("option", { value: name }, label)),
  );
  if (choices.some(({ name }) => name === before)) select.value = before;
  select.disabled = choices.length < 2;
}

/** Writes the model down in an element. */
function write(place: HTMLElement, described: Described): void {
  const lines = equationsOf(described).map(([left, relation, right]) =>
    make(
      "p",
      relation === "" ? { class: "aim" } : {},
      make("span", { class: "left" }, left),
      ` ${relation} `,
      make("span", {}, right),
    )
  );
  place.replaceChildren(...lines);
}

/** Opens the form. */
export function openForm() {
  const form = find("form", HTMLFormElement), equations = find("equations", HTMLDivElement);
  const select = (id: string): HTMLSelectElement => find(id, HTMLSelectElement);
  const input = (id: string): HTMLInputElement => find(id, HTMLInputElement);
  const columnList = find("column-list", HTMLDivElement);
  const conditional = input("conditional");
  let columns: readonly { readonly name: string; readonly select: HTMLSelectElement }[] = [];
  let priors: readonly PriorChoice[] = [], offeredPriors = "";

  function settings(): Settings {
    return {
      likelihood: columns.length > 0 ? "" : select("likelihood").value,
      columns: Object.fromEntries(columns.map(({ name, select }) => [name, select.value])),
      conditional: conditional.checked,
      prior: select("prior").value,
      objective: select("objective").value as ObjectiveName,
      beta: input("beta").valueAsNumber,
      warmUp: input("warm-up").valueAsNumber,
      freeNats: input("free-nats").valueAsNumber,
      samples: input("iwae-samples").valueAsNumber,
      latent: input("latent").valueAsNumber,
      network: select("network").value,
      width: Number(select("width").value),
      epochs: input("epochs").valueAsNumber,
      batchSize: Number(select("batch").value),
      learningRate: Number(select("rate").value),
      seed: input("seed").valueAsNumber,
      backend: select("backend").value as Settings["backend"],
    };
  }

  /** Offers what fits the choices, and writes down what they come to. */
  function follow(): void {
    const refused = conditional.checked ? "refused" : "needed";
    const fitting = priors.filter(({ condition }) => condition !== refused);
    // Anew only where it must be: a select that is open would close.
    const offered = fitting.map(({ name }) => name).join();
    if (offered !== offeredPriors) offer(select("prior"), fitting);
    offeredPriors = offered;
    const chosen = select("objective").value;
    for (const field of form.querySelectorAll<HTMLElement>("[data-objective]")) {
      field.hidden = field.dataset["objective"] !== chosen;
    }
    if (priors.length > 0) write(equations, settings());
  }
  form.addEventListener("input", follow);

  return {
    form,
    /** Offers what fits some data. */
    fit(info: DataInfo): void {
      const { likelihoods, networks, columns: named, notes, train, validation, test } = info;
      offer(select("likelihood"), likelihoods);
      offer(select("network"), networks);
      find("likelihood-field", HTMLDivElement).hidden = named !== undefined;
      find("columns", HTMLDetailsElement).hidden = named === undefined;
      columns = (named ?? []).map(({ name, likelihoods }, i) => {
        const own = make("select", { id: `column-${i}` });
        offer(own, likelihoods);
        return { name, select: own };
      });
      columnList.replaceChildren(
        ...columns.map(({ name, select }) =>
          make("div", { class: "field" }, make("label", { for: select.id }, name), select)
        ),
      );
      find("conditional-field", HTMLLabelElement).hidden = !info.conditional;
      conditional.checked &&= info.conditional;
      priors = info.priors;
      follow();
      const sizes = `${count(train)} to train on, ${count(validation)} to validate, ${
        count(test)
      } to test.`;
      find("data-note", HTMLParagraphElement).textContent = [sizes, ...notes].join(" ");
    },
    /** What the form says, unless something in it is out of its range, which it then shows. */
    read(): Settings | undefined {
      const wrong = [...form.querySelectorAll("input")].find((field) =>
        field.closest("[hidden]") === null && !field.checkValidity()
      );
      if (wrong !== undefined) {
        const folded = wrong.closest("details");
        if (folded) folded.open = true;
        wrong.reportValidity();
        return undefined;
      }
      return settings();
    },
    /** Closes what may not be changed now. */
    lock(locked: boolean): void {
      for (
        const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>(
          "fieldset input, fieldset select",
        )
      ) {
        // A select with one choice is closed for good.
        field.disabled = locked || field instanceof HTMLSelectElement && field.options.length < 2;
      }
    },
    /** The number of latents that is chosen. */
    latent: (): number => input("latent").valueAsNumber || 2,
    /** Whether the model is to be told the class. */
    conditional: (): boolean => conditional.checked,
  };
}
