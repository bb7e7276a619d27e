/**
 * Reconstructions and samples: pictures next to each other, or rows of a table.
 *
 * @module
 */
import type { DataInfo, Rows } from "../protocol.ts";
import { download, find, make } from "./dom.ts";
import { tableOf } from "./rows_table.ts";
import { sheetOf, toPng } from "./sheet.ts";

/** How many pictures stand in a line where there is room, and where there is little. */
const COLUMNS = { wide: 16, narrow: 8 } as const;

/** Pixels below which there is little. */
const LITTLE = 620;

/** Test data, and what a model makes of them. */
export interface Pairs {
  readonly inputs: Rows;
  readonly outputs?: Rows;
}

/** Kinds of rows that belong together, one below the other. */
type Kinds = readonly { readonly name: string; readonly rows: Rows }[];

/** Opens the gallery; `draw` asks for samples, of one class or of all, anew if need be. */
export function openGallery(draw: (label: number | undefined, fresh: boolean) => void) {
  const again = find("again", HTMLButtonElement),
    field = find("sample-class-field", HTMLLabelElement);
  const select = find("sample-class", HTMLSelectElement);
  let info: DataInfo | undefined, pairs: Pairs | undefined, samples: Rows | undefined;

  /** How many samples stand in a line: the classes in columns where all are shown. */
  function samplesAcross(): number | undefined {
    return !field.hidden && select.value === "" ? info?.classes?.length : undefined;
  }

  function show(place: string, kinds: Kinds, caption: string, across?: number): void {
    const element = find(place, HTMLDivElement);
    if (info?.picture === undefined) {
      element.replaceChildren(tableOf(info?.columns ?? [], kinds, caption));
      return;
    }
    const columns = across ?? (element.clientWidth < LITTLE ? COLUMNS.narrow : COLUMNS.wide);
    const sheet = sheetOf(kinds.map(({ rows }) => rows), info.picture, columns, 2);
    sheet.className = "sheet";
    sheet.setAttribute("role", "img");
    sheet.setAttribute("aria-label", caption);
    element.replaceChildren(sheet);
  }

  function showPairs(): void {
    if (pairs === undefined) return;
    const { inputs, outputs } = pairs;
    const kinds = [
      { name: "x", rows: inputs },
      ...outputs ? [{ name: "mean", rows: outputs }] : [],
    ];
    show("pairs", kinds, outputs ? "Test data over their reconstructions" : "Test data");
    find("pairs-export", HTMLButtonElement).disabled = !info?.picture || !outputs;
  }

  function showSamples(): void {
    if (samples === undefined) {
      const empty = make("p", { class: "empty" }, "There is no model yet.");
      find("samples", HTMLDivElement).replaceChildren(empty);
    } else {
      const kinds = [{ name: "x", rows: samples }];
      show("samples", kinds, "Samples from the prior, decoded", samplesAcross());
    }
    find("samples-export", HTMLButtonElement).disabled = !info?.picture || !samples;
  }

  function showAll(): void {
    showPairs();
    showSamples();
  }

  async function exportSheet(rows: readonly Rows[], across: number, name: string): Promise<void> {
    if (info?.picture) download(await toPng(sheetOf(rows, info.picture, across, 2)), name);
  }

  const label = (): number | undefined => select.value === "" ? undefined : Number(select.value);
  again.addEventListener("click", () => draw(label(), true));
  select.addEventListener("change", () => draw(label(), false));
  find("pairs-export", HTMLButtonElement).addEventListener("click", () => {
    if (!pairs?.outputs) return;
    void exportSheet([pairs.inputs, pairs.outputs], 16, "elbo-reconstructions.png");
  });
  find("samples-export", HTMLButtonElement).addEventListener("click", () => {
    if (samples) void exportSheet([samples], samplesAcross() ?? 16, "elbo-samples.png");
  });
  new ResizeObserver(showAll).observe(find("pairs", HTMLDivElement));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showAll);

  return {
    /** Other data: some of them to look at. */
    open(next: DataInfo, preview: Rows): void {
      info = next;
      pairs = { inputs: preview };
      document.body.dataset["kind"] = next.picture ? "pictures" : "table";
    },
    /** There is no model any more. */
    forget(): void {
      samples = undefined;
      if (pairs) pairs = { inputs: pairs.inputs };
      showAll();
    },
    /** Whether there is a model to draw from. */
    enable: (can: boolean): void => void (again.disabled = !can),
    /** The classes that can be chosen, where the model is told one. */
    offerClasses(classes: readonly string[] | undefined): void {
      field.hidden = classes === undefined;
      select.replaceChildren(
        make("option", { value: "" }, "Every class"),
        ...(classes ?? []).map((name, code) =>
          make("option", { value: String(code) }, `Class ${name}`)
        ),
      );
    },
    pairs(next: Pairs): void {
      pairs = next;
      showPairs();
    },
    samples(next: Rows): void {
      samples = next;
      showSamples();
    },
  };
}
