import assert from "node:assert/strict";
import { requireInside } from "../../core/inside.ts";
import type { Leaf, Support } from "../../core/support.ts";

const person = { age: "count", height: "positive", sex: "binary" } as const;

/** Checks the rows of one value each, or of as many as the shape has. */
function check(values: readonly number[], support: Support, shape: readonly number[] = []): void {
  requireInside("make dataset", "x", Float32Array.from(values), support, shape);
}

Deno.test("requireInside() lets pass what lies inside the support", () => {
  check([0, 1], "binary");
  check([0, 0.25, 1], "unit");
  check([2 ** -149, 1, 3e38], "positive");
  check([0, 1, 1e6], "count");
  check([0, 1, 9], "category");
  check([-3e38, 0, 0.5, 3e38], "real");
  check([30, 1.75, 1, 0, 0.5, 0], person, [3]);
});

Deno.test("requireInside() refuses what lies outside the support, and says what it must be", () => {
  const outside: [Leaf, string, readonly number[]][] = [
    ["binary", "be 0 or 1", [0.5, -1, 2]],
    ["unit", "lie between 0 and 1", [-0.125, 1.125]],
    ["positive", "be positive", [0, -1]],
    ["count", "be a count 0, 1, 2, …", [-1, 0.5]],
    ["category", "be the code 0, 1, 2, … of a class", [-1, 0.5]],
    ["real", "be finite", []],
  ];
  for (const [leaf, requirement, values] of outside) {
    for (const value of [...values, NaN, Infinity, -Infinity]) {
      assert.throws(() => check([value], leaf, [1]), {
        name: "RangeError",
        message: `Cannot make dataset as 'x' must ${requirement} (support '${leaf}') at row 0, ` +
          `position [0]: current value is ${value}`,
      });
    }
  }
});

Deno.test("requireInside() says where the first value outside stands", () => {
  const values = Array<number>(12).fill(0);
  values[10] = values[11] = 0.5;
  const message = (place: string): RegExp =>
    new RegExp(`at row 1, ${place}: current value is 0.5$`);
  assert.throws(() => check(values, "binary", [6]), message("position \\[4\\]"));
  assert.throws(() => check(values, "binary", [2, 3]), message("position \\[1, 1\\]"));
  assert.throws(() => check(values, "binary", [3, 1, 2]), message("position \\[2, 0, 0\\]"));
  assert.throws(() => check([30, 2, 1, 30, 2, 0.5], person, [3]), message("column 'sex'"));
});

Deno.test("requireInside() passes over masked values, and over them alone", () => {
  const values = Float32Array.of(NaN, 1, NaN);
  const inside = (...mask: number[]): void =>
    requireInside("make dataset", "x", values, "binary", [3], Float32Array.from(mask));
  inside(0, 1, 0);
  assert.throws(() => inside(0, 1, 1), /row 0, position \[2\]: current value is NaN/);
});
