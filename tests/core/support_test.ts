import assert from "node:assert/strict";
import { requireInside } from "../../core/inside.ts";
import {
  type Accepted,
  accepts,
  type Categories,
  countCategories,
  fillValues,
  type Leaf,
  requireAccepted,
  requireSupport,
  type Support,
} from "../../core/support.ts";

const LEAVES: readonly Leaf[] = ["binary", "unit", "positive", "count", "category", "real"];

const person = { age: "count", height: "positive", sex: "binary" } as const;

Deno.test("accepts() takes a leaf inside the leaf of the likelihood", () => {
  const accepted = LEAVES.map((likelihood) => [
    likelihood,
    LEAVES.filter((data) => accepts(likelihood, data)),
  ]);
  assert.deepEqual(Object.fromEntries(accepted), {
    binary: ["binary"],
    unit: ["binary", "unit"],
    positive: ["positive"],
    count: ["binary", "count"],
    category: ["category"],
    real: ["binary", "unit", "positive", "count", "real"],
  });
});

Deno.test("accepts() takes columns where one leaf takes each of them", () => {
  assert.equal(accepts("real", person), true);
  assert.equal(accepts("count", person), false);
  assert.equal(accepts("real", { age: "count", job: "category" }), false);
});

Deno.test("accepts() compares columns by name, order and leaf", () => {
  assert.equal(accepts(person, person), true);
  assert.equal(accepts({ a: "real", b: "unit" }, { a: "positive", b: "binary" }), true);
  assert.equal(accepts({ a: "real", b: "unit" }, { a: "positive", b: "real" }), false);
  assert.equal(accepts({ a: "real", b: "real" }, { b: "real", a: "real" }), false);
  assert.equal(accepts({ a: "real", b: "real" }, { a: "real" }), false);
  assert.equal(accepts({ a: "real", b: "real" }, { "a,b": "real" }), false);
  assert.equal(accepts({ a: "real" }, "real"), false);
});

Deno.test("Accepted says to the compiler what accepts() says at run time", () => {
  const unit: Accepted<"unit">[] = ["unit", "binary"];
  const columns: Accepted<{ a: "real"; b: "count" }>[] = [{ a: "unit", b: "binary" }];
  // @ts-expect-error: a grey value is not binary
  const grey: Accepted<"binary"> = "unit";
  // @ts-expect-error: the code of a class is no quantity
  const code: Accepted<{ a: "real" }> = { a: "category" };
  for (const data of unit) assert.equal(accepts("unit", data), true);
  for (const data of columns) assert.equal(accepts({ a: "real", b: "count" }, data), true);
  assert.equal(accepts("binary", grey), false);
  assert.equal(accepts({ a: "real" }, code), false);
});

Deno.test("requireSupport() lets every leaf pass, and columns that fit the shape", () => {
  for (const leaf of LEAVES) requireSupport("make dataset", leaf, [2, 3]);
  requireSupport("make dataset", person, [3]);
});

Deno.test("requireSupport() names the known leaves when it meets an unknown one", () => {
  const message = (shown: string): string =>
    "Cannot make dataset as 'support' must be one of binary, unit, positive, count, category, " +
    `real, or one of these for each column: current value is ${shown}`;
  const bad: [unknown, string][] = [
    ["grey", "'grey'"],
    ["toString", "'toString'"],
    [undefined, "undefined"],
    [null, "null"],
    [{ a: "grey" }, '{"a":"grey"}'],
    [{ a: { b: "real" } }, '{"a":{"b":"real"}}'],
  ];
  for (const [support, shown] of bad) {
    const expected = { name: "RangeError", message: message(shown) };
    assert.throws(() => requireSupport("make dataset", support, [1]), expected);
  }
});

Deno.test("requireSupport() wants a shape with as many columns as are named", () => {
  for (const [shape, shown] of [[[2], "[2]"], [[3, 1], "[3, 1]"], [[], "[]"]] as const) {
    assert.throws(() => requireSupport("make dataset", person, shape), {
      name: "RangeError",
      message: "Cannot make dataset as 'support' names 3 columns and 'shape' must be [3]: " +
        `current value is ${shown}`,
    });
  }
});

Deno.test("requireSupport() refuses columns whose order is not the order they are written in", () => {
  // JavaScript lists the keys "1" and "2" by their size: the leaves would change places.
  const support = { "2": "real", "1": "binary" } as const;
  assert.throws(() => requireSupport("make dataset", support, [2]), { name: "RangeError" });
});

Deno.test("fillValues() lies inside every support", () => {
  assert.deepEqual([...fillValues("positive", [2, 2])], [1, 1, 1, 1]);
  assert.deepEqual([...fillValues(person, [3])], [0, 1, 0]);
  for (const leaf of LEAVES) {
    requireInside("fill", "x", fillValues(leaf, [2, 3]), leaf, [2, 3]);
  }
});

Deno.test("requireAccepted() says which column does not fit", () => {
  const wanted = { age: "real", sex: "binary", job: "category" } as const;
  const refuses = (support: Support, message: string): void =>
    assert.throws(
      () => requireAccepted("fit", "the likelihood", { support: wanted }, { support }),
      {
        name: "TypeError",
        message: `Cannot fit as ${message}`,
      },
    );
  requireAccepted("fit", "the likelihood", { support: wanted }, {
    support: { ...wanted, age: "count" },
  });
  refuses(
    "real",
    "the data must lie in the support of columns of the likelihood: " +
      "current value is 'real'",
  );
  refuses(
    { age: "real", job: "category", sex: "binary" },
    "column 1 of the data must be 'sex', as in the likelihood: current value is 'job'",
  );
  refuses(
    { age: "real", sex: "binary" },
    "column 2 of the data must be 'job', as in the likelihood: current value is 'missing'",
  );
  refuses(
    { ...wanted, income: "real" },
    "the data must have no columns but the 3 of the likelihood: current value is 'income'",
  );
  refuses(
    { ...wanted, sex: "unit" },
    "column 'sex' of the data must lie in the support 'binary' of the likelihood: " +
      "current value is 'unit'",
  );
});

Deno.test("requireAccepted() compares classes of all entries, or column by column", () => {
  const columns = { a: "category", b: "category", c: "real" } as const;
  const message = (where: string, limit: number, code: number) =>
    `Cannot fit as every code${where} must lie between 0 and ${limit - 1}, as the likelihood has ` +
    `${limit} classes: current value is ${code}`;
  const compare = (wanted: Categories, found: Categories | undefined, support: Support) =>
    requireAccepted(
      "fit",
      "the likelihood",
      { support, categories: wanted },
      { support, categories: found },
    );
  compare(3, 3, "category");
  compare(3, undefined, "category");
  compare({ a: 2, b: 3 }, { a: 2, b: 1 }, columns);
  assert.throws(() => compare(3, 5, "category"), { message: message("", 3, 4) });
  const beyond = { message: message(" in column 'b'", 3, 3) };
  assert.throws(() => compare({ a: 9, b: 3 }, { a: 2, b: 4 }, columns), beyond);
  assert.throws(() => compare(3, { a: 2, b: 4 }, columns), beyond);
});

Deno.test("countCategories() counts from the largest code that was observed", () => {
  const values = Float32Array.of(0, 7, 2, 1, 3, 4);
  assert.equal(countCategories(values, "category"), 8);
  assert.equal(countCategories(values, "category", Float32Array.of(1, 0, 1, 1, 1, 1)), 5);
  assert.deepEqual(countCategories(values, { a: "category", b: "real" }), { a: 4 });
  assert.deepEqual(countCategories(values, { a: "real", b: "category", c: "category" }), {
    b: 8,
    c: 5,
  });
});
