import assert from "node:assert/strict";
import { fc } from "../../deps.ts";
import { schedules } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { cyclical, linear } = schedules;

// Adding 0 makes 0 of −0.
const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0);
const options = fc.record({
  from: finite,
  to: finite,
  cycles: fc.integer({ min: 1, max: 10 }),
  cycle: fc.integer({ min: 1, max: 100 }),
  ratio: fc.double({ min: 0.01, max: 1, noNaN: true }),
}).map(({ cycle, cycles, ...rest }) => ({ ...rest, cycles, cycle, steps: cycle * cycles }));

Deno.test("cyclical() rises and stays level, as often as there are cycles", () => {
  const schedule = cyclical({ from: 1, to: 3, steps: 16, cycles: 2, ratio: 0.5 });
  const along = Array.from({ length: 18 }, (_, step) => schedule.at({ step, epoch: 0 }));
  const cycle = [1, 1.5, 2, 2.5, 3, 3, 3, 3];
  assert.deepEqual(along, [...cycle, ...cycle, 3, 3]);
});

Deno.test("cyclical() has four cycles, and rises in the first half of each, unless told", () => {
  const schedule = cyclical({ from: 0, to: 1, steps: 1000 });
  for (const start of [0, 250, 500, 750]) {
    assert.equal(schedule.at({ step: start, epoch: 0 }), 0);
    assertClose(schedule.at({ step: start + 124, epoch: 0 }), 0.992, { absolute: 1e-12 });
    assert.equal(schedule.at({ step: start + 125, epoch: 0 }), 1);
    assert.equal(schedule.at({ step: start + 249, epoch: 0 }), 1);
  }
});

Deno.test("cyclical() in which steps do not divide by cycles keeps their number", () => {
  const schedule = cyclical({ from: 0, to: 1, steps: 10, cycles: 3, ratio: 1 });
  const along = Array.from({ length: 10 }, (_, step) => schedule.at({ step, epoch: 0 }));
  assertClose(along, [0, 0.3, 0.6, 0.9, 0.2, 0.5, 0.8, 0.1, 0.4, 0.7], { absolute: 1e-12 });
});

Deno.test("cyclical() of one cycle that rises all the time is linear()", () => {
  fc.assert(
    fc.property(options, fc.nat({ max: 2000 }), ({ from, to, steps }, step) => {
      const one = cyclical({ from, to, steps, cycles: 1, ratio: 1 });
      const at = { step, epoch: 0 };
      assert.equal(one.at(at), linear({ from, to, steps }).at(at));
    }),
    { seed: 1 },
  );
});

Deno.test("cyclical() repeats itself, stays between its ends, and never turns within a cycle", () => {
  fc.assert(
    fc.property(options, fc.nat({ max: 999 }), ({ cycle, ...given }, number) => {
      const { from, to, steps, cycles } = given, schedule = cyclical(given);
      const at = (step: number): number => schedule.at({ step, epoch: 0 });
      const low = Math.min(from, to), high = Math.max(from, to);
      const slack = 1e-9 * (1 + high - low), step = number % cycle;
      for (let c = 0; c < cycles; c++) {
        assert.equal(at(c * cycle), from);
        assertClose(at(c * cycle + step), at(step), { absolute: slack });
      }
      assert(at(step) >= low - slack && at(step) <= high + slack);
      if (step + 1 < cycle) assert((at(step + 1) - at(step)) * Math.sign(to - from) >= -slack);
      assert.equal(at(steps + number), to);
    }),
    { seed: 1 },
  );
});

Deno.test("cyclical() depends on the step alone", () => {
  const schedule = cyclical({ from: 0, to: 1, steps: 40 });
  const progress = { step: 13, steps: 7, epoch: 8, datasetSize: 9 };
  assert.equal(schedule.at(progress), schedule.at({ step: 13, epoch: 0 }));
});

Deno.test("cyclical() can be made again from its options", () => {
  const { kind, name, options } = cyclical({ from: 0, to: 1, steps: 5, cycles: 2, ratio: 0.25 });
  assert.deepEqual([kind, name], ["schedule", "cyclical"]);
  assert.deepEqual(options, { from: 0, to: 1, steps: 5, cycles: 2, ratio: 0.25 });
});

Deno.test("cyclical() refuses options out of range", () => {
  const refuses = (options: object, requirement: string, current: number): void =>
    assert.throws(() => cyclical({ from: 0, to: 1, steps: 50, ...options }), {
      name: "RangeError",
      message: `Cannot build schedule as ${requirement}: current value is ${current}`,
    });
  for (const value of [NaN, Infinity]) {
    refuses({ from: value }, "'from' must be a finite number", value);
    refuses({ to: value }, "'to' must be a finite number", value);
  }
  for (const value of [0, -1, 2.5, NaN]) {
    refuses({ steps: value }, "'steps' must be a positive integer", value);
    refuses({ cycles: value }, "'cycles' must be a positive integer", value);
  }
  refuses({ steps: 3 }, "'steps' must be at least 4", 3);
  for (const ratio of [0, -0.5, 1.5, NaN]) {
    refuses({ ratio }, "'ratio' must be above 0 and at most 1", ratio);
  }
});
