/**
 * Files of the visitor's own.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  check,
  chooseSmall,
  drop,
  open,
  says,
  table,
  text,
  textFile,
  train,
  until,
} from "./visit.ts";

check("a dropped table trains, and only what fits is offered", async () => {
  const { page, errors } = await open();
  await drop(page, [textFile("trees.csv", table(120))]);
  await until(page, `document.body.dataset.data === "trees.csv"`);
  assert.match(await text(page, "#data-note"), /96 to train on.*standardized.*are missing/);
  assert.match(await text(page, "#data-note"), /Left out.*label/);
  const offered = (i: number): Promise<string[]> =>
    page.evaluate(`[...document.querySelector("#column-${i}").options].map(({ value }) => value)`);
  assert.deepEqual(await offered(0), ["normal", "laplace", "studentT"]);
  assert.ok((await offered(1)).includes("poisson") && !(await offered(0)).includes("poisson"));
  assert.equal((await offered(2))[0], "bernoulli");
  assert.deepEqual(await offered(3), ["categorical"]);
  assert.equal(
    await page.evaluate(`document.querySelector("#network").querySelector("[value=conv]")`),
    null,
    "a table has no convolutions",
  );
  await train(page, "wasm", 40);
  await says(page, "#samples", "oak");
  await says(page, ".latents-plane dl", "height");
  await page.click("#evaluate");
  await says(page, "#evaluation", "nats per datum");
  assert.deepEqual(errors, []);
  await page.close();
});

check("pictures of one's own train, whatever their size", async () => {
  const { page, errors } = await open();
  const bytes = await page.evaluate<number[][]>(`(async () => {
    const all = [];
    for (let i = 0; i < 24; i++) {
      const canvas = new OffscreenCanvas(40 + i, 50), context = canvas.getContext("2d");
      context.fillStyle = i % 2 ? "crimson" : "teal";
      context.fillRect(5 + i / 2, 5, 20, 30);
      all.push([...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())]);
    }
    return all;
  })()`);
  const pictures = bytes.map((buffer, i) => ({
    name: `${i}.png`,
    mimeType: "image/png",
    buffer: Uint8Array.from(buffer),
  }));
  const tiny = await page.evaluate<number[]>(`(async () => {
    const canvas = new OffscreenCanvas(2, 50);
    canvas.getContext("2d");
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  })()`);
  await drop(page, [
    ...pictures,
    textFile("broken.png", "no picture", "image/png"),
    { name: "tiny.png", mimeType: "image/png", buffer: Uint8Array.from(tiny) },
  ]);
  await until(page, `document.body.dataset.data === "24 pictures"`);
  assert.match(await text(page, "#data-note"), /All of 24 pictures were of another size/);
  assert.match(
    await text(page, "#data-note"),
    /Left out.*smaller than 4 pixels.*broken\.png.*tiny\.png/,
  );
  await chooseSmall(page, "wasm");
  await page.selectOption("#network", "conv");
  await train(page, "wasm", 4);
  assert.deepEqual(errors, []);
  await page.close();
});
