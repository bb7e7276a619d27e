/**
 * The form: only what fits the data can be chosen.
 *
 * @module
 */
import type { Choice, DataInfo, Settings } from "../protocol.ts";
import { find, make } from "./dom.ts";
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

/** Opens the form. */
export function openForm() {
  const form = find("form", HTMLFormElement);
  const select = (id: string): HTMLSelectElement => find(id, HTMLSelectElement);
  const input = (id: string): HTMLInputElement => find(id, HTMLInputElement);
  const columnList = find("column-list", HTMLDivElement);
  let columns: readonly { readonly name: string; readonly select: HTMLSelectElement }[] = [];

  return {
    form,
    /** Offers what fits some data. */
    fit(
      { likelihoods, networks, priors, columns: named, notes, train, validation, test }: DataInfo,
    ): void {
      offer(select("likelihood"), likelihoods);
      offer(select("network"), networks);
      offer(select("prior"), priors);
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
      const sizes = `${count(train)} to train on, ${count(validation)} to validate, ${
        count(test)
      } to test.`;
      find("data-note", HTMLParagraphElement).textContent = [sizes, ...notes].join(" ");
    },
    /** What the form says, unless something in it is out of its range, which it then shows. */
    read(): Settings | undefined {
      const wrong = [...form.querySelectorAll("input")].find((field) => !field.checkValidity());
      if (wrong !== undefined) {
        const folded = wrong.closest("details");
        if (folded) folded.open = true;
        wrong.reportValidity();
        return undefined;
      }
      return {
        likelihood: select("likelihood").value,
        columns: Object.fromEntries(columns.map(({ name, select }) => [name, select.value])),
        prior: select("prior").value,
        beta: input("beta").valueAsNumber,
        latent: input("latent").valueAsNumber,
        network: select("network").value,
        width: Number(select("width").value),
        epochs: input("epochs").valueAsNumber,
        batchSize: Number(select("batch").value),
        learningRate: Number(select("rate").value),
        seed: input("seed").valueAsNumber,
        backend: select("backend").value as Settings["backend"],
      };
    },
    /** The number of latents that is chosen. */
    latent: (): number => input("latent").valueAsNumber || 2,
  };
}
