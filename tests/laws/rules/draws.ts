/**
 * Rules about draws and densities: their shapes, supports, seeds, and how long their tensors live.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { isFactorized, sumOverEvent } from "../../../core/distribution.ts";
import { requireInside } from "../../../core/inside.ts";
import { type Shape, sizeOf, type Tensor } from "../../../core/types.ts";
import { about, type Example } from "../cases/example.ts";
import { rowOf } from "../cases/inputs.ts";
import type { Elements, Subject } from "../cases/subject.ts";
import { gradientsOf } from "../numerics/differences.ts";
import { columns, numbers } from "../numerics/numbers.ts";
import { type Rule, SAMPLED } from "../rule.ts";
import {
  requireClose,
  requireFinite,
  requireShape,
  requireThat,
  ROUNDING,
  Violation,
} from "../violation.ts";
import { requireNothingLeft } from "./memory.ts";

/** S and B, unlike each other and the axes of an event. */
const SAMPLES = 5, BATCH = 4;

/** `[S, B]` log-densities, once of the whole and once row by row. */
function rowByRow({ q, inputs, tensors, make }: Example, value: Tensor): Tensor {
  const rows = value.shape[1]!;
  return tf.concat(
    Array.from({ length: rows }, (_, row) => {
      const alone = q.batch === 1 ? q : make(rowOf(inputs, tensors, row));
      return alone.logProb(tf.slice(value, [0, row], [-1, 1]));
    }),
    1,
  );
}

/** Throws unless a distribution says what it is, and draws what it says. */
function requireDraws({ q, event, noise }: Example): void {
  requireEvent(q.event, event);
  requireThat(q.batch === 1 || q.batch === BATCH, `a batch of 1 or ${BATCH}`, q.batch);
  requireThat(typeof q.reparameterized === "boolean", "'reparameterized'", q.reparameterized);
  requireShape("a draw", q.draw(noise).value, [1, q.batch, ...event]);
  const draw = q.draw(noise, SAMPLES);
  requireShape(`${SAMPLES} draws`, draw.value, [SAMPLES, q.batch, ...event]);
  requireShape("the log-density of draws", draw.logProb(), [SAMPLES, q.batch]);
}

/** Throws unless values of one sample, or of one row, count for all of them. */
function requireBroadcasting({ q, event }: Example, value: Tensor): void {
  for (const [samples, rows] of [[SAMPLES, 1], [1, BATCH], [1, 1]] as const) {
    const part = tf.slice(value, [0, 0], [samples, rows]);
    const times = q.batch === 1 ? 1 : BATCH / rows;
    const tiled = tf.tile(part, [1, times, ...event.map(() => 1)]);
    const seen = q.logProb(part), expected = q.logProb(tiled);
    requireShape(`log-densities of values [${samples}, ${rows}, …]`, seen, expected.shape);
    const what = "log-densities of values that broadcast";
    requireClose(what, numbers(seen), numbers(expected), ROUNDING);
  }
}

/** Throws unless every row of a batch gives what it gives alone, and every element its part. */
function requireRows(example: Example): void {
  const { q, event, noise } = example;
  const draws = q.draw(noise, SAMPLES * BATCH).value;
  const value = q.batch === 1
    ? tf.reshape(draws, [SAMPLES, BATCH, ...event])
    : tf.slice(draws, 0, SAMPLES);
  const logProb = q.logProb(value);
  requireShape("log-densities", logProb, [SAMPLES, BATCH]);
  const alone = numbers(rowByRow(example, value));
  requireClose("log-densities of a batch", numbers(logProb), alone, ROUNDING);
  requireBroadcasting(example, value);
  if (!isFactorized(q)) return;
  const densities = q.logDensities(value);
  requireShape("'logDensities'", densities, [SAMPLES, BATCH, ...event]);
  const sums = numbers(sumOverEvent(densities, event));
  requireClose("log-densities", numbers(logProb), sums, ROUNDING);
}

/** Shapes and broadcasting. */
export function shapes(subject: Subject): Rule {
  const rule = {
    name: "shapes",
    statement: "draws are [S, B, …event], log-densities [S, B], and every row stands alone",
    event: subject.several,
    batch: BATCH,
  };
  return about(subject, rule, (example) => {
    const { family } = example.q, named = subject.family ?? family;
    requireThat(family === named && typeof family === "string", `the family '${named}'`, family);
    requireDraws(example);
    requireRows(example);
  });
}

/** The same for events of several axes, such as pictures. */
export function eventAxes(subject: Subject): Rule {
  const rule = {
    name: "event axes",
    statement: "an event of two axes is drawn whole, and its log-density summed over both",
    event: [2, 3],
    batch: BATCH,
  };
  return about(subject, rule, (example) => {
    requireDraws(example);
    requireRows(example);
  });
}

function requireEvent(seen: Shape | undefined, expected: Shape): void {
  requireThat(String(seen) === String(expected), `an event of shape [${expected}]`, `[${seen}]`);
}

/** Throws unless all draws lie in the support. */
function requireSupported(draws: Tensor, elements: Elements, event: Shape): void {
  const values = draws.dataSync() as Float32Array;
  if (typeof elements !== "string") {
    const support = Object.fromEntries(elements.map((leaf, i) => [`element ${i}`, leaf]));
    return requireInside("draw", "a draw", values, support, [sizeOf(event)]);
  }
  const lists = columns(tf.reshape(draws, [-1, ...event]));
  for (let k = 0; k < lists[0]!.length; k++) {
    const x = lists.map((list) => list[k]!);
    const seen = elements === "sphere" ? Math.hypot(...x) : x.reduce((a, b) => a + b);
    const inside = elements === "one-hot"
      ? x.every((part) => part === 0 || part === 1)
      : elements === "sphere" || x.every((part) => part >= 0);
    if (inside && Math.abs(seen - 1) < 1e-4) continue;
    throw new Violation(`draws on the ${elements}`, x.join(", "));
  }
}

/** Draws lie in the support, where the density is positive. */
export function support(subject: Subject): Rule {
  const rule = {
    name: "support",
    statement: "every draw lies in the support and has a finite log-density",
    event: subject.several,
  };
  return about(subject, rule, (example) => {
    const draw = example.q.draw(example.noise, 200);
    requireSupported(draw.value, example.elements, example.event);
    const logs = numbers(example.q.logProb(draw.value));
    requireFinite("the log-density of a draw", logs);
  });
}

/** draw().logProb() is logProb(draw().value), and so are its gradients. */
export function drawDensity(subject: Subject): Rule {
  const rule = {
    name: "density of draws",
    statement: "what a draw says of its own density, and of its gradient, is what the density says",
    event: subject.several,
  };
  return about(subject, rule, ({ q, tensors, make, noise }) => {
    const draw = q.draw(noise, 4);
    const tolerance = { absolute: 2e-3, relative: 2e-3 };
    requireClose(
      "the log-density of a draw",
      numbers(draw.logProb()),
      numbers(q.logProb(draw.value)),
      tolerance,
    );
    if (!q.reparameterized) return;
    const own = gradientsOf((given) => tf.sum(make(given).draw(noise, 4).logProb()), tensors);
    const other = gradientsOf((given) => {
      const made = make(given);
      return tf.sum(made.logProb(made.draw(noise, 4).value));
    }, tensors);
    for (const name of Object.keys(tensors)) {
      const expected = numbers(other[name]!);
      const largest = Math.max(...Array.from(expected, Math.abs), 1);
      requireClose(
        `the gradient of the log-density of a draw by '${name}'`,
        numbers(own[name]!),
        expected,
        { absolute: 2e-3 * largest, relative: 2e-3 },
      );
    }
  });
}

/** The same seed gives the same numbers, another seed others. */
export function seeds(subject: Subject): Rule {
  const rule = {
    name: "seeds",
    statement: "the same seed gives the same draws, and another seed gives others",
    event: subject.several,
    batch: BATCH,
  };
  return about(subject, rule, ({ q, tensors, make, noise }) => {
    const read = (seed: typeof noise): string =>
      numbers(make(tensors).draw(seed, 64).value).toString();
    const first = read(noise);
    requireThat(first === read(noise), "the same draws from the same seed", "other draws");
    requireThat(
      first === numbers(q.draw(noise, 64).value).toString(),
      "the same draws from the same seed",
      "other draws when the distribution is asked again",
    );
    requireThat(first !== read(noise.split("other")), "other draws from another seed", "the same");
  });
}

/** Nothing is left behind, and nothing that was given is let go. */
export function memory(subject: Subject): Rule {
  const rule = {
    name: "memory",
    statement: "no tensor is left behind, and none that was given is disposed",
    event: subject.several,
    cost: SAMPLED,
  };
  return about(subject, rule, ({ tensors, make, noise, inputs }) => {
    const value = make(tensors).draw(noise, 2).value;
    requireNothingLeft("a use of the distribution", () =>
      tf.tidy(() => {
        const q = make(tensors);
        q.draw(noise, 2).logProb();
        q.logProb(value);
        if (isFactorized(q)) q.logDensities(value);
        gradientsOf((given) => tf.sum(make(given).logProb(value)), tensors);
      }));
    for (const name of Object.keys(inputs)) {
      requireThat(!tensors[name]!.isDisposed, `the input '${name}' to live on`, "disposed");
    }
  });
}
