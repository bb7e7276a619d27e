import assert from "node:assert/strict";
import { fc } from "../../deps.ts";
import { schedules } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { cosine } = schedules;

// Adding 0 makes 0 of −0.
const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0);
const ends = fc.record({ from: finite, to: finite, steps: fc.integer({ min: 1, max: 1000 }) });

Deno.test("cosine() is slow at its ends and steep between them", () => {
  const schedule = cosine({ from: 1, to: 3, steps: 6 });
  const along = [0, 1, 2, 3, 4, 5, 6, 7].map((step) => schedule.at({ step, epoch: 0 }));
  const near = 1 - Math.sqrt(3) / 2; // 1 − cos 30°
  const expected = [1, 1 + near, 1.5, 2, 2.5, 3 - near, 3, 3];
  assertClose(along, expected, { absolute: 1e-12 });
});

Deno.test("cosine() starts at 'from', and is exactly 'to' from the last step on", () => {
  fc.assert(
    fc.property(ends, fc.nat(), ({ from, to, steps }, more) => {
      const schedule = cosine({ from, to, steps });
      assert.equal(schedule.at({ step: 0, epoch: 0 }), from);
      assert.equal(schedule.at({ step: steps + more, epoch: 0 }), to);
    }),
    { seed: 1 },
  );
});

Deno.test("cosine() stays between its ends, goes one way, and is the same backwards", () => {
  fc.assert(
    fc.property(ends, fc.nat({ max: 999 }), ({ from, to, steps }, number) => {
      const schedule = cosine({ from, to, steps }), step = number % steps;
      const at = (step: number): number => schedule.at({ step, epoch: 0 });
      const low = Math.min(from, to), high = Math.max(from, to);
      const slack = 1e-9 * (1 + high - low);
      assert(at(step) >= low - slack && at(step) <= high + slack);
      assert((at(step + 1) - at(step)) * Math.sign(to - from) >= -slack);
      assertClose(at(step) + at(steps - step), from + to, { absolute: slack });
    }),
    { seed: 1 },
  );
});

Deno.test("cosine() depends on the step alone", () => {
  const schedule = cosine({ from: 0, to: 1, steps: 10 });
  const progress = { step: 3, steps: 7, epoch: 8, datasetSize: 9 };
  assert.equal(schedule.at(progress), schedule.at({ step: 3, epoch: 0 }));
});

Deno.test("cosine() can be made again from its options", () => {
  const { kind, name, options } = cosine({ from: 0, to: 1, steps: 5 });
  assert.deepEqual([kind, name], ["schedule", "cosine"]);
  assert.deepEqual(options, { from: 0, to: 1, steps: 5 });
});

Deno.test("cosine() refuses ends that are not finite, and a number of steps that is none", () => {
  const refuses = (options: object, requirement: string, current: number): void =>
    assert.throws(() => cosine({ from: 0, to: 1, steps: 5, ...options }), {
      name: "RangeError",
      message: `Cannot build schedule as ${requirement}: current value is ${current}`,
    });
  for (const value of [NaN, Infinity]) {
    refuses({ from: value }, "'from' must be a finite number", value);
    refuses({ to: value }, "'to' must be a finite number", value);
  }
  for (const steps of [0, -1, 2.5, NaN]) {
    refuses({ steps }, "'steps' must be a positive integer", steps);
  }
});
