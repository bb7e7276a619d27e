import assert from "node:assert/strict";
import { outOfRange, requireNumber, requirePositiveInteger, wrongType } from "../../core/errors.ts";

const NOT_NUMBERS = [NaN, Infinity, -Infinity, "1", undefined, null, [1]];

/** The error of `f`, which has to throw. */
function errorOf(f: () => void): string {
  try {
    f();
  } catch (error) {
    return String(error);
  }
  assert.fail("it did not throw");
}

Deno.test("outOfRange() and wrongType() say action, requirement and current value", () => {
  const words = ["build network", "'hidden' must be a positive integer", 0] as const;
  const message = "Cannot build network as 'hidden' must be a positive integer: current value is 0";
  const range = outOfRange(...words), type = wrongType(...words);
  assert.deepEqual([range.constructor, range.message], [RangeError, message]);
  assert.deepEqual([type.constructor, type.message], [TypeError, message]);
});

Deno.test("outOfRange() shows values of every kind", () => {
  const shown = (value: unknown): string =>
    outOfRange("a", "b", value).message.replace("Cannot a as b: current value is ", "");
  assert.equal(shown("auto"), "'auto'");
  assert.equal(shown(-0.5), "-0.5");
  assert.equal(shown(NaN), "NaN");
  assert.equal(shown(10n), "10");
  assert.equal(shown(true), "true");
  assert.equal(shown(undefined), "undefined");
  assert.equal(shown(null), "null");
  assert.equal(shown([28, 28]), "[28, 28]");
  assert.equal(shown([]), "[]");
  assert.equal(shown({ a: [1], b: "c" }), '{"a":[1],"b":"c"}');
  assert.equal(shown(Symbol("s")), "Symbol(s)");
});

Deno.test("outOfRange() is made even of a value that JSON cannot hold", () => {
  const circle: Record<string, unknown> = {};
  circle.circle = circle;
  for (const value of [circle, { big: 1n }]) {
    assert.match(outOfRange("a", "b", value).message, /^Cannot a as b: current value is /);
  }
});

Deno.test("requirePositiveInteger() lets 1, 2, 3, … pass and nothing else", () => {
  for (const value of [1, 2, 1e9]) requirePositiveInteger("fit", "epochs", value);
  for (const value of [0, -1, 0.5, ...NOT_NUMBERS]) {
    assert.match(
      errorOf(() => requirePositiveInteger("fit", "epochs", value)),
      /^RangeError: Cannot fit as 'epochs' must be a positive integer: current value is /,
    );
  }
});

Deno.test("requireNumber() lets every finite number pass unless told a minimum", () => {
  for (const value of [0, -1e300, 0.5]) requireNumber("build schedule", "from", value);
  for (const value of NOT_NUMBERS) {
    assert.match(
      errorOf(() => requireNumber("build schedule", "from", value)),
      /^RangeError: Cannot build schedule as 'from' must be a finite number: current value is /,
    );
  }
});

Deno.test("requireNumber() takes the minimum itself unless the range is open", () => {
  requireNumber("a", "b", 0, { minimum: 0 });
  requireNumber("a", "b", -2, { minimum: -2 });
  requireNumber("a", "b", 1e-300, { minimum: 0, open: true });
  const error = (value: number, minimum: number, open: boolean): string =>
    errorOf(() => requireNumber("a", "b", value, { minimum, open }));
  const message = (range: string, value: number): string =>
    `RangeError: Cannot a as 'b' must be ${range}: current value is ${value}`;
  assert.equal(error(-0.5, 0, false), message("a non-negative number", -0.5));
  assert.equal(error(0, 0, true), message("a positive number", 0));
  assert.equal(error(1.5, 2, false), message("a number of at least 2", 1.5));
  assert.equal(error(2, 2, true), message("a number above 2", 2));
});

Deno.test("requireNumber() refuses infinity whatever the minimum", () => {
  assert.match(
    errorOf(() => requireNumber("a", "b", Infinity, { minimum: 0 })),
    /must be a non-negative number: current value is Infinity$/,
  );
});
