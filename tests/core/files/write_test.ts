import assert from "node:assert/strict";
import { writeFile, writeFiles, writeFolder } from "../../../core/files/write.ts";
import { inFolder } from "../../helpers/run.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const namesIn = async (folder: string): Promise<string[]> =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).toSorted();

Deno.test("writeFile() puts a file in the place of another, and leaves nothing beside it", () =>
  inFolder(async (folder) => {
    const path = `${folder}/new/a.txt`;
    await writeFile(path, bytes("one"));
    await writeFile(path, bytes("two"));
    assert.equal(await Deno.readTextFile(path), "two");
    assert.deepEqual(await namesIn(`${folder}/new`), ["a.txt"]);
  }));

Deno.test("writeFolder() writes a folder whole, over what another attempt has left", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/run/one.part`, { recursive: true });
    await Deno.writeTextFile(`${folder}/run/one.part/old.txt`, "half");
    await writeFolder(`${folder}/run/one`, new Map([["a", bytes("1")], ["b", bytes("2")]]));
    assert.deepEqual(await namesIn(`${folder}/run`), ["one"]);
    assert.deepEqual(await namesIn(`${folder}/run/one`), ["a", "b"]);
  }));

Deno.test("writeFile() and writeFolder() say why they cannot, and leave nothing behind", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "whole");
    for (
      const write of [
        () => writeFile(`${folder}/file/inside`, bytes("")),
        () => writeFolder(`${folder}/file/inside`, new Map()),
      ]
    ) {
      await assert.rejects(write, {
        name: "RangeError",
        message: /^Cannot write '.*\/file\/inside' as its folder must be one: current value is 'E/,
      });
    }
    assert.deepEqual(await namesIn(folder), ["file"]);
    assert.equal(await Deno.readTextFile(`${folder}/file`), "whole");
  }));

Deno.test("writeFiles() puts files in the place of others, beside what else is there, or none of them", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/other`, "mine");
    await writeFiles(`${folder}`, new Map([["a", bytes("1")], ["b", bytes("1")]]));
    await writeFiles(`${folder}`, new Map([["a", bytes("2")], ["b", bytes("2")]]));
    assert.deepEqual(await namesIn(folder), ["a", "b", "other"]);
    // The second one cannot be written, so that the first one does not take its place either.
    await assert.rejects(
      writeFiles(folder, new Map([["a", bytes("3")], ["other/b", bytes("3")]])),
      /^RangeError: Cannot write '.*\/other\/b' as its folder must be one: current value is 'ENOTDIR'/,
    );
    assert.deepEqual(await namesIn(folder), ["a", "b", "other"]);
    assert.equal(await Deno.readTextFile(`${folder}/a`), "2");
  }));
