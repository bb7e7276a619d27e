/**
 * What the page and its worker say to each other.
 *
 * @module
 */
import type { BackendName, LedgerSummary } from "../../mod.ts";

/** One of several things to choose between, and what it is in a few words. */
export interface Choice {
  readonly name: string;
  readonly label: string;
}

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** The words that stand for its codes, where it holds categories. */
  readonly words?: readonly string[];
  /** What fits it. */
  readonly likelihoods: readonly Choice[];
}

/** The height, the width and the channels of a picture. */
export interface PictureShape {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** What the page knows of a data set: the data themselves stay in the worker. */
export interface DataInfo {
  readonly name: string;
  /** The numbers of data to train on, to validate with, and to test with. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** There for pictures. */
  readonly picture?: PictureShape;
  /** There for tables. */
  readonly columns?: readonly Column[];
  /** What fits all entries; none for tables, whose columns have their own. */
  readonly likelihoods: readonly Choice[];
  readonly networks: readonly Choice[];
  readonly priors: readonly Choice[];
  /** The names of the classes that the points in the latent plane are coloured by. */
  readonly classes?: readonly string[];
  /** What was done to the files on the way, in sentences. */
  readonly notes: readonly string[];
}

/** Where data come from. */
export type DataChoice =
  | { readonly kind: "digits"; readonly grey: boolean }
  | { readonly kind: "files"; readonly files: readonly File[]; readonly size: number };

/** What the form says. */
export interface Settings {
  readonly likelihood: string;
  /** The likelihood of each column of a table. */
  readonly columns: { readonly [column: string]: string };
  readonly prior: string;
  readonly beta: number;
  readonly latent: number;
  readonly network: string;
  readonly width: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly backend: BackendName | "automatic";
}

/** What the page knows of a model. */
export interface ModelInfo {
  readonly latent: number;
  readonly parameters: number;
  /** How it would be written. */
  readonly summary: string;
}

/** Rows of values from 0 to 255 for pictures, or of numbers for tables. */
export interface Rows {
  readonly count: number;
  readonly values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

/** What the page asks for. */
export type Request =
  | { readonly type: "data"; readonly choice: DataChoice }
  | { readonly type: "start"; readonly settings: Settings }
  | { readonly type: "train"; readonly settings: Settings }
  | { readonly type: "pause" | "resume" | "stop" | "save" | "look" | "evaluate" }
  | { readonly type: "load"; readonly file: Blob; readonly settings: Settings }
  | { readonly type: "decode"; readonly id: number; readonly latents: Float32Array<ArrayBuffer> }
  | { readonly type: "encode"; readonly id: number; readonly index: number };

/** Where a run stands. */
export type Phase = "empty" | "ready" | "starting" | "training" | "paused" | "stopped";

/** What the worker has to say. */
export type Reply =
  | { readonly type: "hello" }
  | { readonly type: "data"; readonly info: DataInfo; readonly preview: Rows }
  | { readonly type: "phase"; readonly phase: Phase; readonly reason?: string }
  | { readonly type: "backend"; readonly summary: string; readonly notes: readonly string[] }
  | { readonly type: "model"; readonly info: ModelInfo; readonly fresh: boolean }
  | {
    readonly type: "progress";
    readonly step: number;
    readonly epoch: number;
    readonly epochs: number;
    readonly stepsPerSecond: number;
    readonly ledger: LedgerSummary;
  }
  | { readonly type: "validation"; readonly step: number; readonly ledger: LedgerSummary }
  | { readonly type: "reconstructions"; readonly inputs: Rows; readonly outputs: Rows }
  | { readonly type: "samples"; readonly rows: Rows }
  | {
    readonly type: "means";
    /** `[n, K]`. */
    readonly values: Float32Array<ArrayBuffer>;
    readonly classes?: Uint8Array<ArrayBuffer>;
  }
  | { readonly type: "decoded"; readonly id: number; readonly rows: Rows }
  | { readonly type: "encoded"; readonly id: number; readonly latents: Float32Array<ArrayBuffer> }
  | {
    readonly type: "evaluation";
    /** log p(x) of test data by importance sampling, in nats per datum. */
    readonly nats: number;
    readonly standardError: number;
    readonly rows: number;
    readonly samples: number;
  }
  | { readonly type: "saved"; readonly file: Blob }
  /** A copy of the model, for the page to keep should the worker be lost. */
  | { readonly type: "checkpoint"; readonly file: Blob; readonly step: number }
  | { readonly type: "problem"; readonly problem: Problem }
  /** The device is gone, and this worker with it. */
  | { readonly type: "lost"; readonly backend: string };

/** What went wrong, and what to do about it. */
export interface Problem {
  readonly about: "data" | "model" | "training";
  readonly happened: string;
  readonly advice: string;
}
