/**
 * Proposals: points drawn around a support, with the importance weights that make up for it.
 *
 * @module
 */
import { normalNoise, type Seed, uniformNoise } from "../../../core/random.ts";
import type { Chart } from "./charts.ts";
import { kernel, localKernels, locationOf } from "./kernels.ts";
import { columns, numbers } from "./numbers.ts";
import { logGammaOfHalf } from "./special_functions.ts";

/** One list for every element, and the logarithm of what each point weighs in an integral. */
export interface Weighted {
  readonly lists: readonly Float64Array[];
  readonly logWeights: Float64Array;
}

/** The golden angle, by which a spiral turns so that its points lie evenly. */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** Points that lie evenly on the sphere in three dimensions: a spiral from pole to pole. */
export function onSpiral(samples: number): Weighted {
  const heights = new Float64Array(samples).map((_, k) => 1 - (2 * k + 1) / samples);
  const around = (wave: (angle: number) => number): Float64Array =>
    heights.map((height, k) => Math.sqrt(1 - height * height) * wave(k * GOLDEN_ANGLE));
  return {
    lists: [around(Math.cos), around(Math.sin), heights],
    logWeights: new Float64Array(samples).fill(Math.log(4 * Math.PI / samples)),
  };
}

/** Points on the sphere, all alike. */
export function onSphere(dimensions: number, samples: number, noise: Seed): Weighted {
  const normals = columns(normalNoise(noise, [samples, dimensions]));
  const area = Math.log(2) + dimensions / 2 * Math.log(Math.PI) - logGammaOfHalf(dimensions);
  const lengths = normals[0]!.map((_, k) => Math.hypot(...normals.map((list) => list[k]!)));
  return {
    lists: normals.map((list) => list.map((x, k) => x / lengths[k]!)),
    logWeights: new Float64Array(samples).fill(area),
  };
}

/** Whether float32 holds a number that is meant to lie inside a support. */
function isHeld(x: number, largest: number): boolean {
  const rounded = Math.fround(x);
  return Math.abs(rounded) >= 2 ** -126 && Math.abs(rounded) < largest;
}

/**
 * Points around some draws, half of them from one kernel around all of these and half from kernels
 * around single ones. Their tails are heavier than most, so that hardly any weight is large.
 *
 * Owen and Zhou, "Safe and effective importance sampling", 2000: a defensive mixture.
 */
export function around(
  { coordinatesOf, elementsOf, largest }: Chart,
  draws: readonly Float64Array[],
  samples: number,
  noise: Seed,
): Weighted {
  const coordinates = coordinatesOf(draws), d = coordinates.length;
  const { centers, spreads, lower } = locationOf(coordinates);
  const all = kernel(centers, lower), local = localKernels(coordinates, spreads);
  const normals = columns(normalNoise(noise.split("normal"), [samples, d]));
  const uniforms = numbers(uniformNoise(noise.split("uniform"), [samples]));
  const lists = draws.map(() => new Float64Array(samples));
  const logWeights = new Float64Array(samples);
  for (let k = 0; k < samples; k++) {
    const own = k % 2 === 0 ? all : local[(k >> 1) % local.length]!;
    const stretch = 1 / Math.sqrt(-Math.log(uniforms[k]!)); // √(2/χ²₂)
    const y = own.draw(normals.map((list) => list[k]!), stretch);
    const density = 0.5 * all.density(y) +
      0.5 / local.length * local.reduce((sum, { density }) => sum + density(y), 0);
    const point = elementsOf(y), held = point.x.every((x, i) => isHeld(x, largest(i)));
    // What float32 cannot tell from an edge weighs nothing, and stands somewhere else.
    const { x, logSlope } = held ? point : elementsOf(centers);
    x.forEach((value, i) => lists[i]![k] = value);
    logWeights[k] = held ? logSlope - Math.log(density) : -Infinity;
  }
  return { lists, logWeights };
}

/** Atoms of one element: half of the points as some draws have them, half of them all alike. */
export function among(
  atoms: Float64Array,
  draws: Float64Array,
  samples: number,
  noise: Seed,
): Weighted {
  const probabilities = atoms.map(() => 0.5 / atoms.length);
  for (const draw of draws) probabilities[atoms.indexOf(draw)]! += 0.5 / draws.length;
  const list = new Float64Array(samples), logWeights = new Float64Array(samples);
  numbers(uniformNoise(noise, [samples])).forEach((u, k) => {
    let i = 0;
    for (let rest = u; i < atoms.length - 1 && rest >= probabilities[i]!; i++) {
      rest -= probabilities[i]!;
    }
    list[k] = atoms[i]!;
    logWeights[k] = -Math.log(probabilities[i]!);
  });
  return { lists: [list], logWeights };
}
