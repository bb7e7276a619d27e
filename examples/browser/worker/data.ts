/**
 * Data as the worker holds them.
 *
 * @module
 */
import { permutation } from "../../../core/random.ts";
import { type ArrayDataset, seed } from "../../../mod.ts";
import type { Column, DataChoice, DataInfo, PictureShape } from "../protocol.ts";
import { likelihoodsFor, networksFor } from "./choices.ts";
import { readDigits } from "./digits.ts";
import { readPictures } from "./pictures.ts";
import { readTable } from "./table.ts";

/** Data and what is known of them. */
export interface Data {
  readonly name: string;
  readonly dataset: ArrayDataset;
  /** The values of the dataset, one row after the other. */
  readonly values: Float32Array;
  readonly picture?: PictureShape;
  readonly columns?: readonly Column[];
  /** What real columns were standardized by: x = mean + scale · value. */
  readonly units?: readonly { readonly mean: number; readonly scale: number }[];
  /** The class of each row, and what the classes are called. */
  readonly classes?: { readonly names: readonly string[]; readonly codes: Uint8Array };
  readonly notes: readonly string[];
}

/** The parts of the data. */
export interface Parts {
  readonly train: ArrayDataset;
  readonly validation: ArrayDataset;
  readonly test: ArrayDataset;
  /** Which rows of the data are in the test part. */
  readonly testRows: Uint32Array;
  /** Their classes. */
  readonly testClasses?: Uint8Array;
}

/** Reads what was chosen. */
export async function readData(choice: DataChoice): Promise<Data> {
  if (choice.kind === "digits") return await readDigits(choice.grey);
  const tables = choice.files.filter(({ name, type }) =>
    /\.(csv|tsv|txt)$/i.test(name) || type === "text/csv"
  );
  if (tables.length > 0) return await readTable(tables[0]!);
  return await readPictures(choice.files, choice.size);
}

/** At random, a tenth each to validate and to test with, at most 1,000 rows; the rest to train on. */
export function partsOf({ dataset, classes }: Data): Parts {
  const order = permutation(seed(0).split("parts"), dataset.size);
  const tenth = Math.min(1000, Math.floor(dataset.size / 10));
  const test = order.subarray(0, tenth);
  return {
    testRows: test,
    test: dataset.subset(test),
    validation: dataset.subset(order.subarray(tenth, 2 * tenth)),
    train: dataset.subset(order.subarray(2 * tenth)),
    ...(classes && { testClasses: Uint8Array.from(test, (row) => classes.codes[row]!) }),
  };
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
    likelihoods: typeof dataset.support === "string" ? likelihoodsFor(dataset.support) : [],
    networks: networksFor(dataset.shape),
    notes,
  };
}
