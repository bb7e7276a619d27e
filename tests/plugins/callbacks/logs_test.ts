import assert from "node:assert/strict";
import { crc32c } from "../../../plugins/callbacks/_event_file.ts";
import {
  type Callback,
  callbacks,
  divergences,
  type EpochReport,
  fit,
  type FitOptions,
  resume,
  vae,
} from "../../../mod.ts";
import { protobuf } from "../../deps.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyData, tinyModel, tinyParts } from "../../helpers/tiny.ts";

/** Four steps an epoch, six epochs. */
const OPTIONS = { epochs: 6, batchSize: 16, seed: 3 } as const;

/** Ends a run like a crash does: without a checkpoint. */
function crashAfter(step: number): Callback {
  return {
    kind: "callback",
    name: "crash",
    step: (report) => {
      if (report.step === step) throw new Error("crash");
    },
  };
}

/** Trains and returns the reports. */
async function train(
  log: Callback,
  options: FitOptions<"binary"> = {},
): Promise<readonly EpochReport[]> {
  const model = tinyModel();
  const { history } = await fit(model, tinyData(), { ...OPTIONS, callbacks: [log], ...options });
  model.dispose();
  return history;
}

/**
 * The same run, of which the process dies twice after epochs that no checkpoint has seen.
 *
 * @param open Makes the callback anew, as another process does.
 * @param between Something that happens before it goes on.
 */
async function trainWithCrashes(
  open: () => Callback,
  folder: string,
  { between, ...options }: FitOptions<"binary"> & { readonly between?: () => Promise<void> } = {},
): Promise<void> {
  const { validation } = options, model = tinyModel();
  const checkpoints = { folder, everySteps: 5 };
  await assert.rejects(
    // The checkpoint is that of step 5, and the second epoch ends with step 8.
    fit(model, tinyData(), {
      ...OPTIONS,
      ...options,
      checkpoints,
      callbacks: [open(), crashAfter(9)],
    }),
    /crash/,
  );
  model.dispose();
  await between?.();
  await assert.rejects(
    resume(folder, tinyData(), { validation, callbacks: [open(), crashAfter(14)] }),
    /crash/,
  );
  await between?.();
  (await resume(folder, tinyData(), { validation, callbacks: [open()] })).model.dispose();
}

Deno.test("jsonLines() writes the reports of the history, and brings each to the disk", () =>
  inFolder(async (folder) => {
    const path = `${folder}/new/log.jsonl`, lines: number[] = [];
    const count: Callback = {
      kind: "callback",
      name: "count",
      epoch: () => void lines.push(Deno.readTextFileSync(path).split("\n").length - 1),
    };
    const log = callbacks.jsonLines(path);
    const history = await train(log, { validation: tinyData(), callbacks: [log, count] });
    const text = await Deno.readTextFile(path);
    assert.deepEqual(text.trim().split("\n").map((line) => JSON.parse(line)), history);
    assert.deepEqual(lines, [1, 2, 3, 4, 5, 6]);

    // The same callback, a new run: a new file.
    await train(log, { epochs: 2 });
    const again = await Deno.readTextFile(path);
    assert.deepEqual(again.trim().split("\n").map((line) => JSON.parse(line).epoch), [1, 2]);
  }));

Deno.test("csvLog() has a column for every term of training and validation", () =>
  inFolder(async (folder) => {
    const path = `${folder}/log.csv`,
      model = vae({
        ...tinyParts,
        divergence: divergences.betaKl({ beta: 2 }),
      });
    const { history } = await fit(model, tinyData(), {
      ...OPTIONS,
      validation: tinyData(),
      callbacks: [callbacks.csvLog(path)],
    });
    model.dispose();
    const [names, ...lines] = (await Deno.readTextFile(path)).trim().split("\n");
    const terms = ["objective", "ELBO", "reconstruction", "divergence"];
    const columns = ["training", "validation"].flatMap((part) => terms.map((t) => `${part}.${t}`));
    assert.equal(names, ["epoch", "step", ...columns].join());
    assert.equal(lines.length, 6);
    lines.forEach((line, i) => {
      const [epoch, step, objective, bound, reconstruction, divergence] = line.split(",").map(
        Number,
      );
      const { training } = history[i]!;
      assert.deepEqual([epoch, step], [i + 1, 4 * (i + 1)]);
      assert.deepEqual(
        [objective, bound, reconstruction, divergence],
        [training.objective, training.bound!.nats, ...training.terms.map(({ nats }) => nats)],
      );
    });
  }));

for (const name of ["jsonLines", "csvLog"] as const) {
  Deno.test(`${name}() of a run that dies and goes on is that of one that does not, byte by byte`, () =>
    inFolder(async (folder) => {
      const paths = [`${folder}/straight`, `${folder}/crashed`] as const;
      const validation = tinyData();
      await train(callbacks[name](paths[0]), { validation });
      const seen: number[] = [];
      await trainWithCrashes(() => callbacks[name](paths[1]), `${folder}/run`, {
        validation,
        between: async () => {
          const text = await Deno.readTextFile(paths[1]);
          seen.push(text.split("\n").length);
          // The power went off while a line was written.
          await Deno.writeTextFile(paths[1], text + text.slice(0, 20));
        },
      });
      assert(seen[0]! > 2, "an epoch after the checkpoint was written before the crash");
      const [straight, crashed] = await Promise.all(paths.map((path) => Deno.readTextFile(path)));
      assert.equal(crashed, straight);
    }));
}

Deno.test("csvLog() of a resumed run starts anew where its file was removed", () =>
  inFolder(async (folder) => {
    const path = `${folder}/log.csv`;
    await trainWithCrashes(() => callbacks.csvLog(path), `${folder}/run`, {
      between: () => Deno.remove(path),
    });
    const [names, ...lines] = (await Deno.readTextFile(path)).trim().split("\n");
    assert.match(names!, /^epoch,step,/);
    assert.deepEqual(lines.map((line) => line.split(",")[0]), ["4", "5", "6"]);
  }));

Deno.test("logs say before the first step that they cannot be written", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    for (const log of [callbacks.jsonLines, callbacks.csvLog, callbacks.tensorBoard]) {
      await assert.rejects(
        train(log(`${folder}/file/log`), { callbacks: [log(`${folder}/file/log`), crashAfter(1)] }),
        /Cannot write '.*' as its folder must be one/,
      );
    }
  }));

// Event files, read by the published definitions of their format.

const PROTO = `
  syntax = "proto3";
  package tensorboard;
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what { string file_version = 3; Summary summary = 5; }
  }
  message Summary {
    message Value { string tag = 1; oneof value { float simple_value = 2; } }
    repeated Value value = 1;
  }
`;

/** What is read of an event. */
interface Event {
  readonly wallTime: number;
  readonly step?: string;
  readonly fileVersion?: string;
  readonly summary?: {
    readonly value: readonly { readonly tag: string; readonly simpleValue: number }[];
  };
}

Deno.test("the CRC of records is CRC-32C", () => {
  // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
  const count = Uint8Array.from({ length: 32 }, (_, i) => i);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(crc32c(count), 0x46dd794e);
  assert.equal(crc32c(count.toReversed()), 0x113fdb5c);
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
});

/** The events of a file, whose lengths and CRCs are checked on the way. */
async function eventsOf(path: string): Promise<Event[]> {
  const bytes = await Deno.readFile(path), view = new DataView(bytes.buffer);
  const type = protobuf.parse(PROTO).root.lookupType("tensorboard.Event");
  const unmasked = (at: number): number => {
    const rotated = (view.getUint32(at, true) - 0xa282ead8) >>> 0;
    return ((rotated >>> 17) | (rotated << 15)) >>> 0;
  };
  const events: Event[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true)),
      data = bytes.subarray(at + 12, at + 12 + length);
    assert.equal(unmasked(at + 8), crc32c(bytes.subarray(at, at + 8)));
    assert.equal(unmasked(at + 12 + length), crc32c(data));
    events.push(type.toObject(type.decode(data), { longs: String }) as Event);
    at += 16 + length;
  }
  return events;
}

const fileOf = (folder: string, part: string): string =>
  `${folder}/${part}/events.out.tfevents.0000000000.elbo`;

Deno.test("tensorBoard() writes event files as they are published", () =>
  inFolder(async (folder) => {
    const before = Date.now() / 1000;
    const history = await train(callbacks.tensorBoard(folder), { validation: tinyData() });
    for (const part of ["training", "validation"] as const) {
      const [start, ...events] = await eventsOf(fileOf(folder, part));
      assert.equal(start!.fileVersion, "brain.Event:2");
      assert.equal(events.length, 6);
      events.forEach(({ step, wallTime, summary }, i) => {
        const report = history[i]!, { objective, bound, terms } = report[part]!;
        assert(wallTime >= before && wallTime <= Date.now() / 1000);
        assert.equal(step, String(report.step));
        assert.deepEqual(summary!.value, [
          { tag: "objective", simpleValue: Math.fround(objective) },
          { tag: "ELBO", simpleValue: Math.fround(bound!.nats) },
          ...terms.map(({ name, nats }) => ({ tag: name, simpleValue: Math.fround(nats) })),
        ]);
      });
    }
  }));

Deno.test("tensorBoard() of a run that dies and goes on has every epoch once", () =>
  inFolder(async (folder) => {
    const whole = `${folder}/whole`, crashed = `${folder}/crashed`, validation = tinyData();
    await train(callbacks.tensorBoard(whole), { validation });
    await trainWithCrashes(() => callbacks.tensorBoard(crashed), `${folder}/run`, { validation });
    for (const part of ["training", "validation"]) {
      const [expected, found] = await Promise.all(
        [whole, crashed].map(async (place) =>
          (await eventsOf(fileOf(place, part))).map(({ step, summary }) => ({ step, summary }))
        ),
      );
      assert.deepEqual(found, expected);
    }
  }));
