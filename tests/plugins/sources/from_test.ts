import assert from "node:assert/strict";
import { idxFile } from "../../helpers/file_bytes.ts";
import { refuses, rowsOf } from "../../helpers/files.ts";
import { sources, useBackend } from "../../../mod.ts";

await useBackend({ backend: "cpu" });

type Row = sources.Row;

Deno.test("sources.from() takes rows in any form, out of any stream", async () => {
  const rows: Row[] = [[[1, 2], [3, 4]], Uint8Array.of(5, 6, 7, 8), { x: [[9, 10], [11, 12]] }];
  const x = [[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]];
  async function* generate(): AsyncGenerator<Row> {
    yield* rows;
    await Promise.resolve();
  }
  const opened = [() => rows, generate, () => ReadableStream.from(rows)];
  for (const open of opened) {
    assert.deepEqual(await rowsOf(sources.from(open, { shape: [2, 2] })), { x });
  }
});

Deno.test("sources.from() carries condition, mask and offset along", async () => {
  const rows = [
    { x: [1, NaN], condition: [0, 1], mask: [1, 0], offset: 0.5 },
    { x: [3, 4], condition: [1, 0], mask: [1, 1], offset: 1.5 },
  ];
  const options = { shape: [2], condition: [2], mask: true, offset: true, size: 2 };
  assert.deepEqual(await rowsOf(sources.from(() => rows, options)), {
    x: [[1, NaN], [3, 4]],
    condition: [[0, 1], [1, 0]],
    mask: [[1, 0], [1, 1]],
    offset: [0.5, 1.5],
  });
});

Deno.test("sources.from() refuses rows that are not as was announced, and says which", async () => {
  const from = (rows: unknown[], options = {}) =>
    sources.from(() => rows as Row[], { shape: [2], ...options });
  await refuses(from([]), /it must have at least one row/);
  await refuses(
    from([[1, 2], [3]]),
    /'x of row 1' at \[\] must be a list of 2: current value is 1/,
  );
  await refuses(
    from([[1, 2], [3, "4"]]),
    /'x of row 1' at \[1\] must be a number: current value is '4'/,
  );
  await refuses(from([[1, 2], Float32Array.of(3)]), /'x of row 1' must be numbers of shape \[2\]/);
  await refuses(from([[1, 2], null]), /row 1 must be numbers, or a record with 'x'/);
  await refuses(from([{ x: [1, 2] }], { mask: true }), /'mask' must come with every row: .*row 0/);
  await refuses(
    from([{ x: [1, 2], offset: 1 }]),
    /'offset' must be announced beside 'shape': current value is 'row 0'/,
  );
  await refuses(from([[1, 2]], { size: 2, name: "sensor" }), /'sensor' as it must have 2 rows/);
  await refuses(from([[1, 2], [3, NaN]]), /must be finite .* at row 1, position \[1\]/);
});

Deno.test("sources.from() tells a stream that is left early", async () => {
  let cancelled = false;
  const endless = () =>
    new ReadableStream<Row>({
      pull: (controller) => controller.enqueue([1]),
      cancel: () => void (cancelled = true),
    });
  const contents = await sources.from(endless, { shape: [1] }).open();
  for await (const { size } of contents.read()) {
    assert.equal(size, 1);
    break;
  }
  assert(cancelled);
});

Deno.test("sources.oneHot() makes one-hot rows of codes, and refuses others", async () => {
  const labels = sources.idx(idxFile([3], [2, 0, 1]));
  const x = [[0, 0, 1], [1, 0, 0], [0, 1, 0]];
  assert.deepEqual(await rowsOf(sources.oneHot(labels, 3)), { x });
  await refuses(sources.oneHot(labels, 2), /the code of row 0 must be from 0 to 1: .* 2$/);
  const wide = sources.idx(idxFile([1, 2], [0, 1]));
  await refuses(sources.oneHot(wide, 2), /codes must be one number in each row/);
  assert.throws(() => sources.oneHot(labels, 0), /'classes' must be a positive integer/);
});
