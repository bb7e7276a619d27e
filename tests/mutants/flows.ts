/**
 * Wrong flows.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Flow, InvertibleMap, Mapped } from "../../core/flow.ts";
import type { Tensor } from "../../core/types.ts";
import { affineCoupling } from "../../plugins/flows/affine_coupling.ts";
import { flowLaws } from "../laws/mod.ts";
import type { Mutant, Suite } from "./mutant.ts";

/** An affine coupling, whose map is spoilt. */
function coupling(spoil: (sound: InvertibleMap) => Partial<InvertibleMap>): Flow {
  const sound = affineCoupling({ hidden: [3] });
  return {
    ...sound,
    build: (scope, shapes) => {
      const mapOf = sound.build(scope, shapes);
      return (context) => {
        const map = mapOf(context);
        return { ...map, ...spoil(map) };
      };
    },
  };
}

/** Log-determinants in both directions, replaced. */
const stretching = (of: (mapped: Mapped) => Tensor) => (sound: InvertibleMap): InvertibleMap => ({
  forward: (z) => {
    const mapped = sound.forward(z);
    return { ...mapped, logDeterminant: of(mapped) };
  },
  inverse: (x) => {
    const mapped = sound.inverse(x);
    return { ...mapped, logDeterminant: of(mapped) };
  },
});

const BUGS: Readonly<Record<string, (sound: InvertibleMap) => Partial<InvertibleMap>>> = {
  "its log-determinants have the wrong sign": stretching((mapped) => tf.neg(mapped.logDeterminant)),
  "its log-determinants are forgotten": stretching((mapped) => tf.zerosLike(mapped.logDeterminant)),
  "its log-determinants are means over the event": stretching(({ value, logDeterminant }) =>
    tf.div(logDeterminant, value.shape[2]!)
  ),
  "its inverse is the map itself": ({ forward }) => ({ inverse: forward }),
  "its inverse has the log-determinant of the map": ({ inverse }) => ({
    inverse: (x) => {
      const mapped = inverse(x);
      return { ...mapped, logDeterminant: tf.neg(mapped.logDeterminant) };
    },
  }),
  "its inverse forgets the shift": ({ inverse, forward }) => ({
    inverse: (x) => {
      const shift = forward(tf.mul(x, 0)).value;
      return { ...inverse(x), value: tf.add(inverse(x).value, shift) };
    },
  }),
};

const planted: readonly Mutant[] = Object.entries(BUGS).map(([bug, spoil]) => ({
  bug,
  laws: () => flowLaws(coupling(spoil)),
}));

/** Wrong flows. */
export const flows: Suite = {
  name: "flows",
  sound: [{ name: "affine coupling", laws: () => flowLaws(coupling(() => ({}))) }],
  mutants: planted,
};
