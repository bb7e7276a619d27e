/**
 * The rules that a model outlasts its process: saved and loaded it is the same, and a run that goes on
 * from a checkpoint ends like one that was never interrupted.
 *
 * @module
 */
import type { Callback } from "../../../core/callback.ts";
import { findPlugins, loadWith } from "../../../core/checkpoint/load.ts";
import { toBlob } from "../../../core/checkpoint/save.ts";
import type { Dataset } from "../../../core/data/dataset.ts";
import { tf } from "../../../core/deps.ts";
import type { Vae } from "../../../core/model.ts";
import { isPlugin, type Option, type Plugin } from "../../../core/plugin.ts";
import { seed as toSeed } from "../../../core/random.ts";
import { planOf } from "../../../core/training/options.ts";
import { filesOf, openRun, readSound } from "../../../core/training/run_files.ts";
import type { Files } from "../../../core/files/write.ts";
import { train } from "../../../core/training/train.ts";
import { BUILT_IN } from "../../../plugins/built_in.ts";
import { batchFor, type ModelSubject, ROWS } from "../cases/model.ts";
import { NOISE } from "../cases/example.ts";
import { fc } from "../deps.ts";
import { numbers } from "../numerics/numbers.ts";
import type { Rule } from "../rule.ts";
import { requireThat } from "../violation.ts";

/** All plugins within some options. */
function pluginsWithin(option: Option): readonly Plugin[] {
  if (isPlugin(option)) return [option, ...pluginsWithin(option.options)];
  if (typeof option !== "object" || option === null) return [];
  return Object.values(option).flatMap(pluginsWithin);
}

/** What finds the plugins of a model: those that were given, or else the ones that it is made of. */
function pluginsFor({ options }: ModelSubject, model: Vae): readonly Plugin[] {
  if (options.plugins !== undefined) return options.plugins as readonly Plugin[];
  return pluginsWithin(model.spec.parts).filter(({ kind, name }) =>
    !Object.hasOwn(BUILT_IN[kind] ?? {}, name)
  );
}

/** All numbers of a model, bit by bit. */
const bitsOf = (model: Vae): string =>
  Array.from(model.parameters, ([path, variable]) => `${path} ${numbers(variable)}`).join("\n");

/** Throws unless two models are the same. */
function requireSame(what: string, found: Vae, wanted: Vae): void {
  const different = [...wanted.parameters].find(([path, variable]) => {
    const other = found.parameters.get(path);
    return other === undefined || String(numbers(other)) !== String(numbers(variable));
  });
  requireThat(
    bitsOf(found) === bitsOf(wanted),
    `the same parameters ${what}`,
    `another '${different?.[0] ?? "number of them"}'`,
  );
}

/** Runs something that makes models, and disposes them. */
async function withModels<T>(run: (models: Vae[]) => Promise<T>): Promise<T> {
  const models: Vae[] = [];
  try {
    return await run(models);
  } finally {
    for (const model of models) model.dispose();
  }
}

/** Saved and loaded, a model is what it was. */
export function saving(subject: ModelSubject): Rule {
  return {
    name: "saving",
    statement: "what is loaded is what was saved: the same parts, parameters and numbers",
    cost: 10,
    cases: () => fc.record({ noise: NOISE }),
    holds: ({ noise }: { readonly noise: number }) =>
      withModels(async (models) => {
        const before = tf.memory().numTensors;
        const model = subject.make();
        models.push(model);
        const plugins = pluginsFor(subject, model);
        const loaded = await loadWith(BUILT_IN)(await toBlob(model), { plugins });
        models.push(loaded);
        requireThat(loaded.summary() === model.summary(), model.summary(), loaded.summary());
        requireSame("when it is loaded", loaded, model);
        const seed = toSeed(noise);
        const look = (model: Vae): string =>
          tf.tidy(() => {
            const batch = batchFor(model, seed, subject.options.categories);
            return String(numbers(model.elbo(batch, { seed }).bound?.nats ?? tf.zeros([1])));
          });
        requireThat(look(loaded) === look(model), `an ELBO of ${look(model)}`, look(loaded));
        for (const model of models.splice(0)) model.dispose();
        const left = tf.memory().numTensors - before;
        requireThat(left === 0, "no tensor more than before", `${left} more`);
      }),
  };
}

/** Batches of an epoch of the runs that are interrupted. */
const BATCHES = 3;

/** Batches that are functions of the epoch and of their place in it. */
function dataFor(model: Vae, noise: number, categories: number | undefined): Dataset {
  const { spec: { data, condition }, support } = model;
  const draw = (label: string) => batchFor(model, toSeed(noise).split(label), categories);
  return {
    support,
    shape: data,
    condition,
    size: BATCHES * ROWS,
    async *batches({ epoch = 0, start = 0 }) {
      for (let i = start; i < BATCHES; i++) {
        await Promise.resolve();
        yield draw(`epoch ${epoch}, batch ${i}`);
      }
    },
  };
}

/** A run of k + m steps ends like one of k steps that is resumed for m more. */
export function resuming(subject: ModelSubject): Rule {
  return {
    name: "resuming",
    statement: "k steps and m steps from a checkpoint end bit for bit like k + m steps",
    cost: 25,
    cases: () => fc.record({ noise: NOISE, steps: fc.integer({ min: 1, max: 2 * BATCHES - 1 }) }),
    holds: ({ noise, steps }: { readonly noise: number; readonly steps: number }) =>
      withModels(async (models) => {
        const { categories } = subject.options;
        const whole = subject.make(), begun = subject.make();
        models.push(whole, begun);
        const data = dataFor(whole, noise, categories);
        const plan = planOf({ epochs: 2, batchSize: ROWS, learningRate: 0.01, seed: noise }, data);
        const { history } = await train(whole, data, plan, {});

        const controller = new AbortController();
        const stop: Callback = {
          kind: "callback",
          name: "stop",
          step: ({ step }) => void (step === steps && controller.abort()),
        };
        let files: Files | undefined;
        await train(begun, data, plan, { callbacks: [stop], signal: controller.signal }, {
          keeper: {
            everySteps: Infinity,
            keepBest: false,
            paths: () => undefined,
            keep: async (saved) => {
              const facts = { plan, data, fingerprint: "", watchers: {}, checkpoints: {} };
              files = await filesOf(begun, saved, facts);
            },
          },
        });
        const sound = await readSound((name) => Promise.resolve(files!.get(name)!));
        requireThat(typeof sound !== "string", "a checkpoint that is whole", sound);
        const find = findPlugins(BUILT_IN, pluginsFor(subject, whole));
        const { model, saved } = openRun("checkpoint", sound as Files, find);
        models.push(model);
        const resumed = await train(model, data, plan, {}, { from: saved });
        requireSame(`after ${steps} and ${2 * BATCHES - steps} steps`, model, whole);
        const reports = JSON.stringify(history);
        requireThat(JSON.stringify(resumed.history) === reports, reports, resumed.history);
      }),
  };
}
