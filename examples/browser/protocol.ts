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

/** A prior: some need a condition, others cannot have one. */
export interface PriorChoice extends Choice {
  readonly condition?: "needed" | "refused";
}

/** What training makes larger, each with one number that belongs to it. */
export type ObjectiveName = "elbo" | "warmUp" | "freeBits" | "iwae";

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
  readonly priors: readonly PriorChoice[];
  /** The names of the classes that the points in the latent plane are coloured by. */
  readonly classes?: readonly string[];
  /** Whether a model may be told the class. */
  readonly conditional: boolean;
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
  /** Whether encoder, decoder and prior are told the class. */
  readonly conditional: boolean;
  readonly prior: string;
  readonly objective: ObjectiveName;
  /** The weight of the divergence, for `elbo`. */
  readonly beta: number;
  /** Epochs until this weight is 1, for `warmUp`. */
  readonly warmUp: number;
  /** λ, for `freeBits`. */
  readonly freeNats: number;
  /** The latent samples of each datum, for `iwae`. */
  readonly samples: number;
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
  /** Its parts, shapes and parameter counts. */
  readonly summary: string;
  /** Whether it is told the class. */
  readonly conditional: boolean;
}

/** Latents to decode, one row after the other. */
export interface Latents {
  readonly values: Float32Array<ArrayBuffer>;
  /** The class that they are decoded as, where the model is told one. */
  readonly label: number;
}

/** A test datum, encoded. */
export interface Encoded {
  /** The mean of q(z|x) `[K]`. */
  readonly latents: Float32Array<ArrayBuffer>;
  /** Its class, if it has one. */
  readonly label?: number;
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
  | { readonly type: "pause" | "resume" | "stop" | "save" | "evaluate" }
  /** Draws samples, of all classes or of one, anew if need be. */
  | { readonly type: "draw"; readonly label?: number; readonly fresh: boolean }
  | { readonly type: "load"; readonly file: Blob; readonly settings: Settings }
  | { readonly type: "decode"; readonly id: number; readonly latents: Latents }
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
  | { readonly type: "encoded"; readonly id: number; readonly datum: Encoded }
  /** The model that was asked is there no more, or failed. */
  | { readonly type: "unanswered"; readonly id: number }
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
