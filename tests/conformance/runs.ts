/**
 * Short training runs through the public interface, every number of which follows from seeds.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { randomWords, toUnit } from "../../core/random.ts";
import {
  type ArrayDataset,
  type Callback,
  dataset,
  divergences,
  evaluate,
  fit,
  flows,
  likelihoods,
  networks,
  objectives,
  posteriors,
  presets,
  priors,
  seed,
  type Vae,
  vae,
} from "../../mod.ts";

/** What a run came to. */
export interface Losses {
  /** The objective of every step, in nats per datum. */
  readonly steps: readonly number[];
  /** The true ELBO after it. */
  readonly bound: number;
  /** What the model is then used for: reconstructions, what was missing, log p(x). */
  readonly used: readonly number[];
  /** What it draws, which may fall aside here and there. */
  readonly drawn: readonly number[];
  /** Tensors more after the last epoch than after the first, and when all is disposed. */
  readonly grown: readonly [perRun: number, left: number];
}

/** A model with data for it. */
interface Fixed {
  readonly make: () => { readonly model: Vae; readonly data: ArrayDataset };
  /** Epochs of three steps each: 10 unless told. */
  readonly epochs?: number;
  /** Whether it belongs to the short form. */
  readonly short?: boolean;
}

const ROWS = 48, STEPS = 3, COLUMNS = 12, SIDE = 6;

/** Numbers in (0, 1) in which neighbours resemble each other, so that there is something to learn. */
function table(label: string, columns: number): number[][] {
  const words = randomWords(seed(11).split(label), ROWS * (columns + 1));
  return Array.from({ length: ROWS }, (_, row) => {
    const [level, ...noise] = Array.from(
      words.subarray(row * (columns + 1), (row + 1) * (columns + 1)),
      toUnit,
    );
    return noise.map((u, column) => 0.6 * (column % 2 === 0 ? level! : 1 - level!) + 0.4 * u);
  });
}

const bits = (columns: number) =>
  table("bits", columns).map((row) => row.map((u) => Number(u > 0.5)));
const counts = () => table("counts", COLUMNS).map((row) => row.map((u) => Math.floor(60 * u ** 4)));
const reals = () => table("reals", COLUMNS).map((row) => row.map((u) => 4 * u - 2));

const mlp = networks.mlp({ hidden: [24] });
const parts = {
  data: [COLUMNS],
  latent: 3,
  encoder: mlp,
  decoder: mlp,
  posterior: posteriors.diagonalNormal(),
  prior: priors.standardNormal(),
  likelihood: likelihoods.bernoulli(),
} as const;
const kl = divergences.kl();

const binary = () => dataset(bits(COLUMNS), { support: "binary" });
const pictures = { data: [SIDE, SIDE, 1] } as const;

/** By name: what each of them has that the others have not. */
const RUNS: Readonly<Record<string, Fixed>> = {
  "Bernoulli, MLP": {
    short: true,
    epochs: 16,
    make: () => ({ model: vae({ ...parts, divergence: kl }), data: binary() }),
  },
  "Bernoulli, conv": {
    short: true,
    epochs: 8,
    make: () => ({
      model: vae({
        ...parts,
        ...pictures,
        encoder: networks.conv({ channels: [4, 6], hidden: [8] }),
        decoder: networks.deconv({ channels: [6, 4], hidden: [8] }),
        divergence: kl,
      }),
      data: dataset(bits(SIDE * SIDE), { support: "binary", shape: pictures.data }),
    }),
  },
  "negative binomial, offset": {
    short: true,
    make: () => {
      const rows = counts();
      const offset = rows.map((row) => Math.log(1 + row.reduce((sum, count) => sum + count)));
      return {
        model: presets.countVae({ data: [COLUMNS], latent: 3, hidden: [24] }),
        data: dataset(rows, { support: "count", offset }),
      };
    },
  },
  "Student's t, mask, IWAE K = 5": {
    short: true,
    make: () => {
      const mask = table("mask", COLUMNS).map((row) => row.map((u) => Number(u > 0.2)));
      return {
        model: vae({
          ...parts,
          likelihood: likelihoods.studentT(),
          objective: objectives.iwae({ samples: 5 }),
        }),
        data: dataset(reals(), { support: "real", mask }),
      };
    },
  },
  "VampPrior": {
    short: true,
    make: () => ({
      model: presets.vampVae({ data: [COLUMNS], latent: 3, hidden: [24], components: 5 }),
      data: binary(),
    }),
  },
  "IAF, RealNVP, normal": {
    make: () => ({
      model: vae({
        ...parts,
        posterior: posteriors.inverseAutoregressiveFlow({ layers: 2, hidden: [8], context: 4 }),
        prior: priors.flow({ flow: flows.realNvp({ layers: 2, hidden: [8] }) }),
        likelihood: likelihoods.normal({ scale: "optimal" }),
        divergence: kl,
      }),
      data: dataset(reals(), { support: "real" }),
    }),
  },
  "sphere, Poisson": {
    make: () => ({
      model: vae({
        ...parts,
        posterior: posteriors.powerSpherical(),
        prior: priors.uniformSphere(),
        likelihood: likelihoods.poisson(),
        divergence: kl,
      }),
      data: dataset(counts(), { support: "count" }),
    }),
  },
  "Gumbel": {
    make: () => ({
      model: presets.gumbelVae({ data: [COLUMNS], latent: 3, hidden: [24], categories: 4 }),
      data: binary(),
    }),
  },
  "residual conv, logistic mixture": {
    epochs: 6,
    make: () => ({
      model: vae({
        ...parts,
        ...pictures,
        encoder: networks.residualConv({ channels: [4], blocks: 1 }),
        decoder: networks.residualDeconv({ channels: [4], blocks: 1 }),
        posterior: posteriors.fullCovarianceNormal(),
        likelihood: likelihoods.discretizedLogisticMixture({ components: 2, levels: 16 }),
        divergence: divergences.freeBits({ nats: 0.1, per: "datum" }),
      }),
      data: dataset(
        table("grey", SIDE * SIDE).map((row) => row.map((u) => Math.floor(16 * u) / 15)),
        { support: "unit", shape: pictures.data },
      ),
    }),
  },
  "columns, β-TC, mixture prior": {
    make: () => {
      const rows = table("columns", 4).map(([a, b, c, d]) => [
        4 * a! - 2,
        Number(b! > 0.5),
        Math.floor(3 * c!),
        Math.floor(9 * d! ** 2),
      ]);
      const likelihood = likelihoods.columns({
        age: likelihoods.normal(),
        smokes: likelihoods.bernoulli(),
        job: likelihoods.categorical({ categories: 3 }),
        visits: likelihoods.poisson(),
      });
      return {
        model: vae({
          ...parts,
          data: [4],
          prior: priors.mixtureOfNormals({ components: 3 }),
          likelihood,
          divergence: divergences.totalCorrelation({ beta: 2 }),
        }),
        data: dataset(rows, { support: likelihood.support }),
      };
    },
  },
};

/** The numbers of some tensors, which are let go. */
async function numbersOf(tensors: readonly tf.Tensor[]): Promise<number[]> {
  const numbers: number[] = [];
  for (const tensor of tensors) numbers.push(...await tensor.data());
  tf.dispose([...tensors]);
  return numbers;
}

/** What a trained model is used for. */
async function use(model: Vae, data: ArrayDataset): Promise<Pick<Losses, "used" | "drawn">> {
  const [guesses, draws] = tf.tidy(() => {
    const batch = data.rows([0, 1, 2]), { x } = batch;
    const mask = tf.reshape(tf.tensor1d(table("missing", x.size)[0]!).greater(0.5), x.shape);
    const missing = { ...batch, mask: tf.cast(mask, "float32") };
    return [
      [
        model.reconstruct(batch, { seed: 10 }),
        model.impute(missing, { seed: 6, samples: 4 }),
        model.logLikelihood(batch, { seed: 7, samples: 8 }).nats,
      ],
      [
        model.sample(2, { seed: 8 }),
        model.impute(missing, { seed: 9, samples: 4, draws: 2 }),
      ],
    ];
  });
  return { used: await numbersOf(guesses!), drawn: await numbersOf(draws!) };
}

async function train({ make, epochs = 10 }: Fixed): Promise<Losses> {
  const before = tf.memory().numTensors;
  const { model, data } = make();
  const steps: number[] = [], tensors: number[] = [];
  let sum = 0;
  const watch: Callback = {
    kind: "callback",
    name: "watch",
    step: async ({ step, means }) => {
      const taken = (step - 1) % STEPS + 1;
      if (taken === 1) sum = 0;
      const { objective } = await means(); // Of the steps of this epoch.
      steps.push(taken * objective - sum);
      sum = taken * objective;
      if (taken === STEPS) tensors.push(tf.memory().numTensors);
    },
  };
  await fit(model, data, {
    epochs,
    batchSize: ROWS / STEPS,
    learningRate: 0.01,
    seed: 3,
    callbacks: [watch],
  });
  const { bound } = await evaluate(model, data, { seed: 5 });
  const using = await use(model, data);
  model.dispose();
  const grown = tensors.at(-1)! - tensors[0]!;
  return { steps, bound: bound!.nats, ...using, grown: [grown, tf.memory().numTensors - before] };
}

/** The names of the runs. */
export function runNames(short: boolean): readonly string[] {
  return Object.keys(RUNS).filter((name) => !short || RUNS[name]!.short);
}

/** What a run comes to on the backend in use. */
export function runOf(name: string): Promise<Losses> {
  return train(RUNS[name]!);
}
