/**
 * Data from where the visitor has them, and what the page is told of them.
 *
 * @module
 */
import type { DataChoice, DataInfo } from "../protocol.ts";
import { likelihoodsFor, networksFor, priorsFor } from "./choices.ts";
import type { Data, Parts } from "./data.ts";
import { readDigits } from "./digits.ts";
import { readPictures } from "./pictures.ts";
import { readTable } from "./table.ts";

/** Reads what was chosen. */
export async function readData(choice: DataChoice): Promise<Data> {
  if (choice.kind === "digits") return await readDigits(choice.grey);
  const tables = choice.files.filter(({ name, type }) =>
    /\.(csv|tsv|txt)$/i.test(name) || type === "text/csv"
  );
  if (tables.length > 0) return await readTable(tables[0]!);
  return await readPictures(choice.files, choice.size);
}

/** What the page is told. */
export function describe(data: Data, { train, validation, test }: Parts): DataInfo {
  const { name, picture, columns, classes, notes, dataset } = data;
  return {
    name,
    train: train.size,
    validation: validation.size,
    test: test.size,
    ...(picture && { picture }),
    ...(columns && { columns }),
    ...(classes && { classes: classes.names }),
    // A model that is told a column has nothing to learn of it: only what is beside the data counts.
    conditional: classes !== undefined && columns === undefined,
    likelihoods: typeof dataset.support === "string" ? likelihoodsFor(dataset.support) : [],
    networks: networksFor(dataset.shape),
    priors: priorsFor(dataset.support),
    notes,
  };
}
