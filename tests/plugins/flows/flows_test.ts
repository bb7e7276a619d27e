import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { type Flow, flows, networks, normalNoise, seed, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { builtFlow, jacobianOf, logDeterminantOf } from "../../helpers/built_flow.ts";

const { affineCoupling, chain, inverseAutoregressive, maskedAutoregressive, realNvp } = flows;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-4, relative: 1e-4 };

const mlp = networks.mlp({ hidden: [6], activation: "tanh" });

const ALL: readonly Flow[] = [
  affineCoupling(),
  affineCoupling({ kept: "odd", hidden: [] }),
  affineCoupling({ network: mlp }),
  realNvp({ layers: 3, hidden: [8, 8] }),
  maskedAutoregressive({ layers: 2, hidden: [8] }),
  maskedAutoregressive({ layers: 1, hidden: [] }),
  inverseAutoregressive({ layers: 2, hidden: [8, 5] }),
  chain({ flows: [inverseAutoregressive({ hidden: [7] }), realNvp({ layers: 2 })] }),
];

const title = ({ name, options }: Flow): string => `${name}(${JSON.stringify(options)})`;

for (const flow of ALL) {
  Deno.test(`${title(flow)} goes there and back, for events of any shape`, async (t) => {
    await onEachBackend(t, () => {
      for (const event of [[1], [5], [2, 3], []]) {
        const map = builtFlow(flow, { event }), z = normalNoise(seed(3), [3, 2, ...event]);
        const there = map.forward(z), back = map.inverse(there.value);
        assert.deepEqual([there.value.shape, there.logDeterminant.shape], [z.shape, [3, 2]]);
        assertClose(back.value, z.dataSync(), ROUNDING);
        assertClose(tf.neg(back.logDeterminant), there.logDeterminant.dataSync(), ROUNDING);
      }
    });
  });

  Deno.test(`${title(flow)} knows the determinant of its Jacobian`, async (t) => {
    await onEachBackend(t, () => {
      const map = builtFlow(flow, { event: [4] }), at = normalNoise(seed(4), [4]);
      for (const direction of [map.forward, map.inverse]) {
        const expected = logDeterminantOf(jacobianOf((x) => direction(x).value, at));
        const { logDeterminant } = direction(tf.reshape(at, [1, 1, 4]));
        assertClose(logDeterminant, [expected], ROUNDING);
      }
    });
  });

  Deno.test(`${title(flow)} maps every row by its own condition, and one row by all of them`, () => {
    tf.tidy(() => {
      const condition = normalNoise(seed(5), [2, 3]), event = [4];
      const map = builtFlow(flow, { event, condition });
      const z = normalNoise(seed(6), [3, 1, 4]), { value, logDeterminant } = map.forward(z);
      assert.deepEqual([value.shape, logDeterminant.shape], [[3, 2, 4], [3, 2]]);
      for (const row of [0, 1]) {
        const alone = builtFlow(flow, { event, condition: tf.slice(condition, row, 1) }).forward(z);
        assertClose(tf.slice(value, [0, row], [3, 1]), alone.value.dataSync(), ROUNDING);
        assertClose(
          tf.slice(logDeterminant, [0, row], [3, 1]),
          alone.logDeterminant.dataSync(),
          ROUNDING,
        );
      }
      const [first, second] = tf.unstack(value, 1);
      assert(
        tf.max(tf.abs(tf.sub(first!, second!))).dataSync()[0]! > 1e-3,
        "the condition to count",
      );
      assertClose(map.inverse(value).value, tf.tile(z, [1, 2, 1]).dataSync(), ROUNDING);
    });
  });

  Deno.test(`${title(flow)} is made again by its options`, () => {
    const factory = flows[flow.name as keyof typeof flows] as (options: unknown) => Flow;
    assert.deepEqual(factory(flow.options).options, flow.options);
  });
}

Deno.test("affine flows start as the identity, and a gated one keeps 88 % of what it is given", () => {
  tf.tidy(() => {
    const z = normalNoise(seed(7), [2, 3, 5]), still = { event: [5], spread: 0 };
    for (const flow of [affineCoupling(), realNvp(), maskedAutoregressive()]) {
      const { value, logDeterminant } = builtFlow(flow, still).forward(z);
      assertClose(value, z.dataSync(), ROUNDING);
      assertClose(logDeterminant, Array(6).fill(0), ROUNDING);
    }
    const kept = 1 / (1 + Math.exp(-2));
    const gated = builtFlow(inverseAutoregressive({ layers: 1 }), still).forward(z);
    assertClose(gated.value, tf.mul(z, kept).dataSync(), ROUNDING);
    assertClose(gated.logDeterminant, Array(6).fill(5 * Math.log(kept)), ROUNDING);
  });
});

Deno.test("affineCoupling() keeps the even elements, or the odd ones", () => {
  tf.tidy(() => {
    for (const [kept, first] of [["even", 0], ["odd", 1]] as const) {
      const map = builtFlow(affineCoupling({ kept }), { event: [5] });
      const z = normalNoise(seed(8), [1, 1, 5]), before = z.dataSync();
      const after = map.forward(z).value.dataSync();
      after.forEach((x, i) => assert.equal(x === before[i], i % 2 === first, `${kept} ${i}`));
    }
  });
});

Deno.test("realNvp() keeps the even elements and the odd ones in turns", () => {
  tf.tidy(() => {
    const at = normalNoise(seed(9), [4]);
    const kept = (layers: number): boolean[] => {
      const map = builtFlow(realNvp({ layers }), { event: [4] });
      const jacobian = jacobianOf((z) => map.forward(z).value, at);
      return jacobian.map((row, i) => row.every((x, j) => x === Number(i === j)));
    };
    assert.deepEqual(kept(1), [true, false, true, false]);
    assert.deepEqual(kept(2), [false, false, false, false]);
  });
});

Deno.test("autoregressive layers see the elements before each, in turns from either end", () => {
  tf.tidy(() => {
    const at = normalNoise(seed(9), [4]);
    const zeros = (flow: Flow, side: "forward" | "inverse") => {
      const map = builtFlow(flow, { event: [4] });
      return jacobianOf((x) => map[side](x).value, at).map((row) => row.map((x) => x !== 0));
    };
    const lower = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => j <= i));
    for (const hidden of [[9], [9, 12]]) {
      assert.deepEqual(zeros(inverseAutoregressive({ layers: 1, hidden }), "forward"), lower);
      assert.deepEqual(zeros(maskedAutoregressive({ layers: 1, hidden }), "inverse"), lower);
    }
    const every = lower.map((row) => row.map(() => true));
    assert.deepEqual(zeros(inverseAutoregressive({ layers: 2 }), "forward"), every);
    assert.deepEqual(zeros(maskedAutoregressive({ layers: 2 }), "inverse"), every);
  });
});

Deno.test("flows refuse options out of range", () => {
  const refused: readonly [() => Flow, RegExp][] = [
    [() => realNvp({ layers: 0 }), /Cannot build flow as 'layers' must be a positive integer/],
    [() => maskedAutoregressive({ layers: 1.5 }), /'layers' must be .*: current value is 1.5/],
    [() => inverseAutoregressive({ layers: -1 }), /'layers' must be a positive integer/],
    [() => affineCoupling({ hidden: [0] }), /'hidden' must be a positive integer/],
    [() => realNvp({ hidden: [4, 0] }), /'hidden' must be a positive integer/],
    [() => maskedAutoregressive({ hidden: [NaN] }), /'hidden' must be a positive integer/],
    [() => inverseAutoregressive({ hidden: 4 as never }), /'hidden' must be a list of widths/],
    [() => affineCoupling({ kept: "all" as never }), /'kept' must be 'even' or 'odd'/],
    [() => chain({ flows: [] }), /'flows' must be a list of one or more/],
  ];
  for (const [make, message] of refused) assert.throws(make, message);
});

Deno.test("flows say that a condition is missing", () => {
  for (const flow of [affineCoupling(), maskedAutoregressive()]) {
    tf.tidy(() => {
      const condition = tf.ones([1, 2]), z = tf.ones([1, 1, 3]);
      let asked: unknown;
      const forgetful: Flow = {
        ...flow,
        build: (scope, shapes) => (context) => {
          const map = flow.build(scope, shapes)({ ...context, condition: undefined });
          asked = scope.condition;
          return map;
        },
      };
      const map = builtFlow(forgetful, { event: [3], condition, spread: 0 });
      assert.deepEqual(asked, [2]);
      assert.throws(() => map.forward(z), /Cannot run flow as there must be a condition/);
    });
  }
});
