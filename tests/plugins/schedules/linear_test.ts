import assert from "node:assert/strict";
import { fc } from "../../deps.ts";
import { schedules } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { linear } = schedules;

// Adding 0 makes 0 of −0.
const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0);
const ends = fc.record({ from: finite, to: finite, steps: fc.integer({ min: 1, max: 1000 }) });

Deno.test("linear() goes up or down a straight line", () => {
  const up = linear({ from: 1, to: 3, steps: 4 }), down = linear({ from: 1, to: -1, steps: 2 });
  const along = (schedule: typeof up): number[] =>
    [0, 1, 2, 3, 4, 5, 1000].map((step) => schedule.at({ step, epoch: 0 }));
  assert.deepEqual(along(up), [1, 1.5, 2, 2.5, 3, 3, 3]);
  assert.deepEqual(along(down), [1, 0, -1, -1, -1, -1, -1]);
});

Deno.test("linear() depends on the step alone", () => {
  const schedule = linear({ from: 0, to: 1, steps: 10 });
  const progress = { step: 3, steps: 7, epoch: 8, datasetSize: 9 };
  assert.equal(schedule.at(progress), schedule.at({ step: 3, epoch: 0 }));
});

Deno.test("linear() starts at 'from' and takes steps of the same size", () => {
  fc.assert(
    fc.property(ends, fc.nat({ max: 999 }), ({ from, to, steps }, number) => {
      const schedule = linear({ from, to, steps }), step = number % steps;
      const at = (step: number): number => schedule.at({ step, epoch: 0 });
      assert.equal(at(0), from);
      assertClose(at(step + 1) - at(step), (to - from) / steps, { absolute: 1e-8 });
    }),
    { seed: 1 },
  );
});

Deno.test("linear() is exactly 'to' from the last step on", () => {
  fc.assert(
    fc.property(ends, fc.nat(), ({ from, to, steps }, more) => {
      assert.equal(linear({ from, to, steps }).at({ step: steps + more, epoch: 0 }), to);
    }),
    { seed: 1 },
  );
});

Deno.test("linear() can be made again from its options", () => {
  const { kind, name, options } = linear({ from: 0, to: 1, steps: 5 });
  assert.deepEqual([kind, name], ["schedule", "linear"]);
  assert.deepEqual(options, { from: 0, to: 1, steps: 5 });
});

Deno.test("linear() refuses ends that are not finite, and a number of steps that is none", () => {
  const refuses = (options: object, requirement: string, current: number): void =>
    assert.throws(() => linear({ from: 0, to: 1, steps: 5, ...options }), {
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
