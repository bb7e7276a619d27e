import assert from "node:assert/strict";
import { fc } from "../../deps.ts";
import { schedules } from "../../../mod.ts";

const { constant } = schedules;

Deno.test("constant() is the same number at every step and epoch", () => {
  const finite = fc.double({ noDefaultInfinity: true, noNaN: true });
  fc.assert(
    fc.property(finite, fc.nat(), fc.nat(), (value, step, epoch) => {
      assert.equal(constant({ value }).at({ step, epoch }), value);
    }),
    { seed: 1 },
  );
});

Deno.test("constant() can be made again from its options", () => {
  const { kind, name, options } = constant({ value: 0.5 });
  assert.deepEqual([kind, name, options], ["schedule", "constant", { value: 0.5 }]);
});

Deno.test("constant() refuses what is not a finite number", () => {
  for (const value of [NaN, Infinity, -Infinity, undefined]) {
    assert.throws(() => constant({ value: value as number }), {
      name: "RangeError",
      message:
        `Cannot build schedule as 'value' must be a finite number: current value is ${value}`,
    });
  }
});
