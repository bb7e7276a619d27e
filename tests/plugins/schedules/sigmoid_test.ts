import assert from "node:assert/strict";
import { fc } from "../../deps.ts";
import { schedules } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { sigmoid } = schedules;

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const options = fc.record({
  from: finite,
  to: finite,
  midpoint: fc.integer({ min: 0, max: 1000 }),
  width: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
});

Deno.test("sigmoid() is the logistic function of the step", () => {
  const schedule = sigmoid({ from: 0, to: 1, midpoint: 10, width: 5 });
  const along = [0, 5, 10, 15, 20].map((step) => schedule.at({ step, epoch: 0 }));
  // 1 / (1 + e²), 1 / (1 + e), ½ and the same from the other side.
  const [two, one] = [0.11920292202211755, 0.2689414213699951];
  assertClose(along, [two, one, 0.5, 1 - one, 1 - two], { absolute: 1e-15 });
});

Deno.test("sigmoid() is half-way at its midpoint, and as far from there on either side", () => {
  fc.assert(
    fc.property(options, fc.nat({ max: 1000 }), (given, distance) => {
      const { from, to, midpoint } = given, schedule = sigmoid(given);
      const at = (step: number): number => schedule.at({ step, epoch: 0 });
      const slack = { absolute: 1e-9 * (1 + Math.abs(from) + Math.abs(to)) };
      assertClose(at(midpoint), (from + to) / 2, slack);
      assertClose(at(midpoint - distance) + at(midpoint + distance), from + to, slack);
    }),
    { seed: 1 },
  );
});

Deno.test("sigmoid() stays between its ends and goes from one to the other", () => {
  fc.assert(
    fc.property(options, fc.nat({ max: 2000 }), (given, step) => {
      const { from, to } = given, schedule = sigmoid(given);
      const at = (step: number): number => schedule.at({ step, epoch: 0 });
      const low = Math.min(from, to), high = Math.max(from, to);
      const slack = 1e-12 * (1 + Math.abs(low) + Math.abs(high));
      assert(at(step) >= low - slack && at(step) <= high + slack);
      assert((at(step + 1) - at(step)) * Math.sign(to - from) >= -slack);
    }),
    { seed: 1 },
  );
});

Deno.test("sigmoid() is finite however far from its midpoint", () => {
  const schedule = sigmoid({ from: 2, to: 5, midpoint: 1e6, width: 1e-3 });
  assert.equal(schedule.at({ step: 0, epoch: 0 }), 2);
  assert.equal(schedule.at({ step: 2e6, epoch: 0 }), 5);
});

Deno.test("sigmoid() can be made again from its options", () => {
  const { kind, name, options } = sigmoid({ from: 0, to: 1, midpoint: 5, width: 2 });
  assert.deepEqual([kind, name], ["schedule", "sigmoid"]);
  assert.deepEqual(options, { from: 0, to: 1, midpoint: 5, width: 2 });
});

Deno.test("sigmoid() refuses options out of range", () => {
  const refuses = (options: object, requirement: string, current: number): void =>
    assert.throws(() => sigmoid({ from: 0, to: 1, midpoint: 5, width: 2, ...options }), {
      name: "RangeError",
      message: `Cannot build schedule as ${requirement}: current value is ${current}`,
    });
  for (const value of [NaN, Infinity]) {
    for (const name of ["from", "to", "midpoint"]) {
      refuses({ [name]: value }, `'${name}' must be a finite number`, value);
    }
  }
  for (const width of [0, -1, NaN, Infinity]) {
    refuses({ width }, "'width' must be a positive number", width);
  }
});
