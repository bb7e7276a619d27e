/**
 * Elbo's flows, each with a bug.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { Flow, InvertibleMap, Mapped } from "../../../core/flow.ts";
import type { Tensor } from "../../../core/types.ts";
import * as flows from "../../../plugins/flows/mod.ts";
import type { Suite } from "../mutant.ts";
import { type Bugs, mapBugs, stretching, suiteOf } from "./suites.ts";

/** What becomes of a map. */
type Spoil = (sound: InvertibleMap) => Partial<InvertibleMap>;

/** The mutants of a flow, by what becomes of its map. */
function flowSuite(name: string, flow: Flow, bugs: Bugs<Spoil>): Suite {
  const mutants = mapBugs(bugs, (spoil): Flow => ({
    ...flow,
    build: (scope, shapes) => {
      const mapOf = flow.build(scope, shapes);
      return (context) => {
        const map = mapOf(context);
        return { ...map, ...spoil(map) };
      };
    },
  }));
  return suiteOf(name, mutants);
}

/** What every flow can get wrong. */
const bugs: Bugs<Spoil> = {
  "its log-determinants have the wrong sign": (map) => stretching(map, tf.neg),
  "its log-determinants are forgotten": (map) => stretching(map, tf.zerosLike),
  "its inverse has the log-determinant of the map": ({ inverse }) => ({
    inverse: (x) => {
      const mapped = inverse(x);
      return { ...mapped, logDeterminant: tf.neg(mapped.logDeterminant) };
    },
  }),
};

/** More than that, of one flow. */
const more: Bugs<Spoil> = {
  "its log-determinants are means over the event": ({ forward, inverse }) => {
    const mean = (map: InvertibleMap["forward"]) => (value: Tensor): Mapped => {
      const mapped = map(value);
      return { ...mapped, logDeterminant: tf.div(mapped.logDeterminant, value.shape[2]!) };
    };
    return { forward: mean(forward), inverse: mean(inverse) };
  },
  "its inverse is the map itself": ({ forward }) => ({ inverse: forward }),
  "its inverse forgets the shift": ({ inverse, forward }) => ({
    inverse: (x) => {
      const shift = forward(tf.mul(x, 0)).value;
      return { ...inverse(x), value: tf.add(inverse(x).value, shift) };
    },
  }),
};

/** What autoregressive flows can get wrong. */
const autoregressive: Bugs<Spoil> = {
  "a mask that lets every element see itself": ({ forward, inverse }) => {
    const self = (z: Tensor): Tensor => tf.mul(tf.tanh(z), 0.5);
    return {
      forward: (z) => {
        const { value, logDeterminant } = forward(z);
        return { value: tf.add(value, self(z)), logDeterminant };
      },
      // One fixed point for all elements, as the K rounds of a sound mask would find it.
      inverse: (x) => {
        let z = inverse(x).value;
        for (let round = 0; round < 40; round++) z = inverse(tf.sub(x, self(z))).value;
        return { value: z, logDeterminant: tf.neg(forward(z).logDeterminant) };
      },
    };
  },
};

/** Two flows one after the other, put together wrongly. */
function chained(compose: (first: InvertibleMap, last: InvertibleMap) => InvertibleMap): Flow {
  const first = flows.affineCoupling({ hidden: [3] });
  const last = flows.inverseAutoregressive({ layers: 1, hidden: [3] });
  return {
    ...flows.chain({ flows: [first, last] }),
    build: (scope, shapes) => {
      const [a, b] = [first, last].map(({ build }, i) => build(scope.child(`flow${i}`), shapes));
      return (context) => compose(a!(context), b!(context));
    },
  };
}

/** One map behind another, with the log-determinants of some of them. */
const behind =
  (outer: InvertibleMap["forward"], inner: InvertibleMap["forward"], both = true) =>
  (value: Tensor): Mapped => {
    const mapped = inner(value), { value: end, logDeterminant } = outer(mapped.value);
    return {
      value: end,
      logDeterminant: both ? tf.add(mapped.logDeterminant, logDeterminant) : logDeterminant,
    };
  };

/** Elbo's flows, each with a bug. */
export const ourFlows: readonly Suite[] = [
  flowSuite("flows.affineCoupling", flows.affineCoupling({ hidden: [4] }), { ...bugs, ...more }),
  flowSuite("flows.realNvp", flows.realNvp({ layers: 2, hidden: [4] }), bugs),
  flowSuite("flows.maskedAutoregressive", flows.maskedAutoregressive({ layers: 2, hidden: [4] }), {
    ...bugs,
    ...autoregressive,
  }),
  flowSuite(
    "flows.inverseAutoregressive",
    flows.inverseAutoregressive({ layers: 1, hidden: [4] }),
    { ...bugs, ...autoregressive },
  ),
  suiteOf("flows.chain", {
    "its inverse takes the flows in the order of the draws": chained((first, last) => ({
      forward: behind(last.forward, first.forward),
      inverse: behind(last.inverse, first.inverse),
    })),
    "its log-determinant is that of the last flow alone": chained((first, last) => ({
      forward: behind(last.forward, first.forward, false),
      inverse: behind(first.inverse, last.inverse, false),
    })),
  }),
];
