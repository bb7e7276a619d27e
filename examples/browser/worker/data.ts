/**
 * Data as the worker holds them.
 *
 * @module
 */
import {
  type ArrayDataset,
  dataset,
  type Standardization,
  standardize,
  type Support,
} from "../../../mod.ts";
import type { Column, PictureShape } from "../protocol.ts";
import { partRows } from "./parts.ts";

/** Data and what is known of them. */
export interface Data {
  readonly name: string;
  readonly dataset: ArrayDataset;
  /** The values of the dataset, before any standardization, one row after the other. */
  readonly values: Float32Array;
  readonly picture?: PictureShape;
  readonly columns?: readonly Column[];
  /** What makes real columns ready for a model. */
  readonly standardization?: Standardization;
  /** The class of each row, and what the classes are called. */
  readonly classes?: { readonly names: readonly string[]; readonly codes: Uint8Array };
  readonly notes: readonly string[];
}

/** The parts of the data. */
export interface Parts {
  readonly train: ArrayDataset;
  readonly validation: ArrayDataset;
  readonly test: ArrayDataset;
  /** What all of them were standardized by. */
  readonly standardization: Standardization | undefined;
  /** Whether the class of a datum comes with it. */
  readonly conditional: boolean;
  /** Which rows of the data are in the test part. */
  readonly testRows: Uint32Array;
  /** Their classes. */
  readonly testClasses?: Uint8Array;
}

/** Some data with their classes as a condition, one-hot. */
function withClasses({ dataset: { shape, support }, values, classes }: Data): ArrayDataset {
  const { names, codes } = classes!;
  const condition = Array.from(codes, (code) => names.map((_, i) => Number(i === code)));
  return dataset(values, { shape, support, condition });
}

/** The parts of some data, standardized or as they are, and with their classes or without. */
export function partsOf(
  data: Data,
  { standardization, conditional }: {
    readonly standardization: Standardization | undefined;
    readonly conditional: boolean;
  },
): Parts {
  const { classes } = data, original = conditional ? withClasses(data) : data.dataset;
  const dataset = standardization === undefined ? original : standardize(original, standardization);
  const { train, validation, test } = partRows(dataset.size);
  return {
    standardization,
    conditional,
    testRows: test,
    test: dataset.subset(test),
    validation: dataset.subset(validation),
    train: dataset.subset(train),
    ...(classes && { testClasses: Uint8Array.from(test, (row) => classes.codes[row]!) }),
  };
}

/** The first rows of some data, or all if there are fewer. */
export function firstRows<S extends Support>(data: ArrayDataset<S>, most: number): ArrayDataset<S> {
  return data.subset(Array.from({ length: Math.min(most, data.size) }, (_, i) => i));
}
