import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { integrityOf } from "../../../core/files/integrity.ts";
import {
  indexedDb,
  load,
  type LoadOptions,
  loadParameters,
  presets,
  readSafetensors,
  save,
  toBlob,
  useBackend,
  type Vae,
} from "../../../mod.ts";
import { fakeIndexedDb } from "../../deps.ts";
import { inFolder } from "../../helpers/run.ts";

await useBackend({ backend: "cpu" });

const make = (): Vae => presets.vae({ data: [3], latent: 2, hidden: [4], seed: 5 });

/** Throws unless a model has the summary and the parameters of the one that was made. */
async function requireSame(loaded: Vae): Promise<void> {
  const model = make();
  assert.equal(loaded.summary(), model.summary());
  for (const [path, variable] of model.parameters) {
    assert.deepEqual(await loaded.parameters.get(path)!.data(), await variable.data());
  }
  model.dispose();
  loaded.dispose();
}

Deno.test("a model comes back from a folder, a file, a file: URL, a Blob and bytes", () =>
  inFolder(async (folder) => {
    const before = tf.memory().numTensors, model = make();
    await save(model, folder);
    await requireSame(await load(folder));
    const path = `${folder}/new/model.safetensors`;
    await save(model, path);
    await requireSame(await load(path));
    const url = new URL(`file://${await Deno.realPath(folder)}/other model.safetensors`);
    await save(model, url);
    await requireSame(await load(url));
    const blob = await toBlob(model), bytes = await blob.arrayBuffer();
    assert.deepEqual(new Uint8Array(bytes), await Deno.readFile(path));
    for (const source of [blob, bytes, new Uint8Array(bytes)]) {
      await requireSame(await load(source));
    }
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assert.deepEqual(
      names.sort(),
      ["model.json", "new", "other model.safetensors", "parameters.safetensors"],
    );
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  }));

Deno.test("a model comes back from the database of a browser", async () => {
  await assert.rejects(load(indexedDb("a")), {
    message: "Cannot load model as 'indexedDb' must be used in a browser: current value is " +
      "'no indexedDB'",
  });
  Object.assign(globalThis, { indexedDB: fakeIndexedDb });
  try {
    const model = make();
    await save(model, indexedDb("a"));
    await save(model, indexedDb("a")); // In the place of the other.
    await requireSame(await load(indexedDb("a")));
    assert.equal((await readSafetensors(indexedDb("a"))).tensors.size, model.parameters.size);
    model.dispose();
    await assert.rejects(load(indexedDb("b")), {
      message: "Cannot load model as 'b' in database 'elbo' must be a file: current value is " +
        "'missing'",
    });
    await assert.rejects(load(indexedDb("a"), { maxBytes: 9 }), /must have at most 9 bytes/);
  } finally {
    Reflect.deleteProperty(globalThis, "indexedDB");
  }
});

/** Answers of a web server by their paths. */
type Answers = Readonly<Record<string, () => Response>>;

/** Serves answers while something runs. */
async function serving(answers: Answers, run: (origin: string) => Promise<void>): Promise<void> {
  const server = Deno.serve(
    { hostname: "localhost", port: 0, onListen: () => {} },
    (request) => answers[new URL(request.url).pathname]?.() ?? new Response("no", { status: 404 }),
  );
  try {
    await run(`http://localhost:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

Deno.test("a model comes from the web, if it is the one that was meant", async () => {
  const model = make(), blob = await toBlob(model);
  model.dispose();
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const [weak, strong] = [await integrityOf(bytes), await integrityOf(bytes, "sha512")];
  const other = await integrityOf(bytes.slice(1));
  await serving({ "/a.safetensors": () => new Response(blob) }, async (origin) => {
    const url = `${origin}/a.safetensors`;
    await requireSame(await load(url));
    await requireSame(await load(new URL(url), { maxBytes: bytes.length }));
    const fine = [weak, strong, await integrityOf(bytes, "sha384"), `${other} ${weak}`];
    for (const integrity of [...fine, `${other} ${strong}`, `  ${weak}?option  `]) {
      await requireSame(await load(url, { integrity }));
      await requireSame(await load(blob, { integrity }));
    }
    // The strongest hash counts, and it alone.
    const wrong = await integrityOf(bytes.slice(1), "sha512");
    for (const integrity of [other, `${weak} ${wrong}`]) {
      await assert.rejects(load(url, { integrity }), {
        name: "RangeError",
        message:
          /^Cannot load model as 'http:\/\/localhost:\d+\/a.safetensors' must have the hash 'sha/,
      });
    }
    for (const integrity of ["", "sha1-abc", "md5", weak.slice(7)]) {
      await assert.rejects(
        load(url, { integrity }),
        /'integrity' must be sha256-, sha384- or sha512- and a hash in base64/,
      );
    }
  });
});

Deno.test("what the web answers is refused where it is missing, too large or no model", async () => {
  let sent = 0;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => {
          sent++;
          controller.enqueue(new Uint8Array(1 << 16));
        },
      }),
    );
  const announced = () => new Response(new Uint8Array(2000));
  const answers = { "/endless": endless, "/large": announced, "/text": () => new Response("{}") };
  await serving(answers, async (origin) => {
    const refused: readonly (readonly [string, LoadOptions, RegExp])[] = [
      [
        "/nothing",
        {},
        /'http.*\/nothing' must answer with a file: current value is '404 Not Found'/,
      ],
      ["/endless", { maxBytes: 1 << 20 }, /'http.*\/endless' must have at most 1048576 bytes/],
      ["/large", { maxBytes: 1999 }, /must have at most 1999 bytes \('maxBytes'\)/],
      [
        "/text",
        {},
        /^RangeError: Cannot read safetensors 'http:.*\/text' as it must have at least 8 bytes/,
      ],
      ["/text", { maxBytes: 0 }, /'maxBytes' must be a positive integer/],
    ];
    for (const [path, options, message] of refused) {
      await assert.rejects(load(origin + path, options), message);
    }
    assert(sent < 100, `${sent} pieces were sent`);
    const signal = AbortSignal.abort();
    await assert.rejects(load(`${origin}/text`, { signal }), { name: "AbortError" });
  });
  await assert.rejects(
    load("http://localhost:1/closed"),
    /^RangeError: Cannot load model as 'http:\/\/localhost:1\/closed' must answer/,
  );
});

Deno.test("load() and save() refuse places that are none", () =>
  inFolder(async (folder) => {
    const model = make(), path = `${folder}/weights.safetensors`;
    // deno-lint-ignore no-explicit-any -- as an untyped caller
    const any = (value: unknown) => value as any;
    await assert.rejects(load(any(3)), {
      name: "TypeError",
      message: "Cannot load model as the source must be a path, a URL, a Blob, bytes or " +
        "indexedDb(name): current value is 3",
    });
    await assert.rejects(save(model, any(undefined)), {
      name: "TypeError",
      message: "Cannot save as the place must be a path, a file: URL or indexedDb(name): " +
        "current value is undefined",
    });
    await assert.rejects(save(model, new URL("http://localhost/a.safetensors")), TypeError);
    await assert.rejects(load(folder, { plugins: any({ prior: {} }) }), {
      name: "TypeError",
      message: /'plugins' must be a list of factories/,
    });
    await assert.rejects(
      load(folder, { integrity: "sha256-a" }),
      /must be given for a single file/,
    );
    await Deno.mkdir(path);
    await assert.rejects(load(path), /'.*weights.safetensors' must be a file that can be read/);
    await save(model, folder);
    await assert.rejects(load(folder, { maxBytes: 10 }), /model.json' must have at most 10 bytes/);
    const weights = `${folder}/parameters.safetensors`;
    const torn = `${folder}/torn.safetensors`;
    await Deno.writeFile(torn, (await Deno.readFile(weights)).subarray(0, -4));
    for (const read of [load, readSafetensors, loadParameters.bind(null, model)]) {
      await assert.rejects(read(torn), {
        name: "RangeError",
        message: /^Cannot read safetensors 'out\/.*\/torn.safetensors' as its tensors must fill /,
      });
    }
    const dropped = new File([new Uint8Array(9)], "mine.safetensors");
    await assert.rejects(
      load(dropped),
      /^RangeError: Cannot read safetensors 'mine.safetensors' as/,
    );
    await Deno.copyFile(torn, weights);
    await assert.rejects(load(folder), /must be the file that 'model.json' was saved with/);
    await save(model, folder);
    await assert.rejects(load(weights), {
      message: `Cannot load model as the metadata of '${weights}' must have 'elbo', as save() ` +
        "writes it: current value is []",
    });
    model.dispose();
  }));
