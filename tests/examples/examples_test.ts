import assert from "node:assert/strict";
import { inFolder, runDeno } from "../helpers/run.ts";

/** The arguments of the run line at the head of an example. */
async function runLine(example: string): Promise<string[]> {
  const text = await Deno.readTextFile(`examples/${example}`);
  const line = /^(?:\/\/| \*) +deno ((?:run|test) .*)$/m.exec(text);
  assert(line !== null, `${example} says how to run it`);
  return line[1]!.split(" ");
}

/** Those permissions of a run line that let a program write, for another folder. */
function writingTo(folder: string, args: readonly string[]): string[] {
  return args.map((arg) => arg === "--allow-write=out" ? `--allow-write=${folder}` : arg);
}

Deno.test("every example says how to run it, with none of the wide permissions", async () => {
  for await (const { name, isFile } of Deno.readDir("examples")) {
    if (!isFile || !name.endsWith(".ts")) continue;
    const line = (await runLine(name)).join(" ");
    assert.match(line, new RegExp(`examples/${name}$`));
    assert.doesNotMatch(line, / -A| --allow-all|--allow-(run|ffi|env|sys)/);
  }
});

for (const likelihood of ["bernoulli", "normal"]) {
  Deno.test(`digits.ts trains on ${likelihood} digits, draws them, and repeats itself`, () =>
    inFolder(async (folder) => {
      const args = writingTo(folder, await runLine("digits.ts"));
      const flags = ["--epochs", "1", "--latent", "2", "--backend", "wasm", "--out", folder];
      const short = [...args, ...flags, "--likelihood", likelihood];
      const first = (await runDeno(short)).json, second = (await runDeno(short)).json;
      const names = "testElbo reconstruction divergence logLikelihood samplesPerSecond seconds";
      for (const name of names.split(" ")) assert(Number.isFinite(first[name]), name);
      assert.deepEqual([first.backend, first.seed], ["wasm", 0]);
      assert((first.logLikelihood as number) > (first.testElbo as number));
      for (const name of ["testElbo", "reconstruction", "divergence", "logLikelihood"]) {
        assert.equal(first[name], second[name], name);
      }
      for (const picture of ["reconstructions", "samples", "interpolations", "latent-plane"]) {
        await requirePicture(`${folder}/${picture}.png`);
      }
      assert.match(await Deno.readTextFile(`${folder}/curves.svg`), /^<svg .*validation/s);
    }));
}

Deno.test("digits.ts refuses a likelihood that it does not know", async () => {
  const args = [...await runLine("digits.ts"), "--likelihood", "nromal"];
  await assert.rejects(runDeno(args), /--likelihood must be bernoulli or normal: it is nromal/);
});

Deno.test("custom_prior.ts trains with a prior of its own", async () => {
  const { json } = await runDeno([...await runLine("custom_prior.ts"), "--epochs", "1"]);
  for (const prior of ["logistic", "standardNormal"]) {
    const nats = json[prior] as number;
    assert(nats > -250 && nats < -100, `${prior}: ${nats}`);
  }
});

/** Runs an example for one epoch, into a folder. */
async function oneEpoch(example: string, folder: string, ...flags: string[]) {
  const args = writingTo(folder, await runLine(example));
  return runDeno([...args, "--epochs", "1", "--backend", "wasm", "--out", folder, ...flags]);
}

/** Throws unless a file is a picture that is not blank. */
async function requirePicture(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  assert.deepEqual([...bytes.slice(1, 4)], [0x50, 0x4e, 0x47]);
  assert(bytes.length > 2000, `${path} is not blank`);
}

Deno.test("conditional.ts trains on digits and their classes, and tells these apart", () =>
  inFolder(async (folder) => {
    const { json } = await oneEpoch("conditional.ts", folder, "--latent", "4");
    const { testElbo, testElboOfNextClass, accuracy } = json as Record<string, number>;
    assert(testElbo! > -250 && testElbo! > testElboOfNextClass! + 1, JSON.stringify(json));
    assert(accuracy! > 0.5, `${accuracy}`);
    await requirePicture(`${folder}/classes.png`);
  }));

Deno.test("hierarchical.ts trains with one layer of latents, and with two", () =>
  inFolder(async (folder) => {
    const { json } = await oneEpoch("hierarchical.ts", folder);
    for (const name of ["oneLayer", "twoLayers"]) {
      const { testElbo, logLikelihood } = json[name] as Record<string, number>;
      assert(testElbo! > -250 && logLikelihood! > testElbo!, JSON.stringify(json));
      await requirePicture(`${folder}/${name}.png`);
    }
  }));

Deno.test("pytorch.ts answers as PyTorch does, and writes weights for it", () =>
  inFolder(async (folder) => {
    const { json } = await runDeno([
      ...writingTo(folder, await runLine("pytorch.ts")),
      "--out",
      folder,
    ]);
    for (const name of ["mean", "scale", "reconstruction"]) {
      assert((json[name] as number) < 1e-5, JSON.stringify(json));
    }
    for (const name of ["state_dict", "answers"]) await Deno.stat(`${folder}/${name}.safetensors`);
  }));

Deno.test("table.ts fills the gaps of a table, and finds odd rows", () =>
  inFolder(async (folder) => {
    const args = [...writingTo(folder, await runLine("table.ts")), "--out", folder];
    const { json } = await runDeno([...args, "--epochs", "20", "--backend", "wasm"]);
    const found = json as Record<string, number>, shown = JSON.stringify(json);
    assert(found.ageError! < found.ageErrorOfMean! - 2, shown);
    assert(found.occupationsRight! > found.occupationsRightOfCommonest! + 0.1, shown);
    assert(found.oddAboveOthers! > 0.7, shown);
    const lines = async (name: string) =>
      (await Deno.readTextFile(`${folder}/${name}`)).trim().split("\n");
    const [table, filled] = [await lines("people.csv"), await lines("filled.csv")];
    assert.deepEqual([table[0], table.length], [filled[0], filled.length]);
    assert(table.some((line) => /,,|,$|^,/.test(line)));
    for (const line of filled.slice(1)) {
      assert.match(line, /^[\d.]+,[\d.]+,(pupil|worker|pensioner)$/);
    }
    assert.equal((await lines("scores.csv")).length, table.length);
    assert.equal((await lines("log.csv")).length, 21);
    await Deno.stat(`${folder}/latents.npy`);
  }));
