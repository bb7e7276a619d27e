/**
 * The names and the axes of parameters, here and in PyTorch.
 *
 * A dense kernel is `[inputs, outputs]` here and `[outputs, inputs]` there; a kernel of a convolution
 * `[H, W, I, O]` and `[O, I, H, W]`, and one of a transposed convolution `[H, W, O, I]` and
 * `[I, O, H, W]`, which is the same change of axes. Pictures have their channels last here and first
 * there, so that the layers beside a flattened picture see its elements in another order.
 *
 * @module
 */
import { outOfRange } from "../errors.ts";
import type { StoredTensor } from "../safetensors.ts";
import { type Shape, sizeOf } from "../types.ts";

/** What a layer is called in a file, and which pictures it sees there as flat rows. */
export interface LayerInFile {
  /** Its name there. */
  readonly name: string;
  /** The picture `[C, H, W]` that was flattened into what it reads. */
  readonly inputs?: Shape;
  /** The picture `[C, H, W]` that is made of what it answers. */
  readonly outputs?: Shape;
}

/** Names and axes of the parameters in a file. */
export interface ParameterLayout {
  /**
   * Whose names and axes they are. In PyTorch `encoder/hidden0/kernel` is `encoder.hidden0.weight`,
   * and its axes are the other way round.
   * @default "elbo"
   */
  readonly layout?: "elbo" | "pytorch";
  /**
   * Other names of layers or of single parameters, by their paths in the model:
   * `{ "encoder/hidden0": "encoder.0" }`.
   * @default {}
   */
  readonly names?: Readonly<Record<string, string | LayerInFile>>;
}

/** How a parameter lies in a file. */
export interface InFile {
  readonly name: string;
  /** Its shape there. */
  readonly shape: Shape;
  /** Its shape there, with pictures unfolded. */
  readonly view: Shape;
  /** For each axis here, the axis there, with pictures unfolded. */
  readonly axes: readonly number[];
}

/** What a path is called in a file; the longest path that was renamed counts. */
function nameOf(path: string, { layout, names = {} }: ParameterLayout): LayerInFile {
  const translated = (rest: string): string =>
    layout === "pytorch" ? rest.replace(/(^|\/)kernel$/, "$1weight").replaceAll("/", ".") : rest;
  const separator = layout === "pytorch" ? "." : "/";
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    const head = path.slice(0, end);
    if (!Object.hasOwn(names, head)) continue;
    const given = names[head]!, layer = typeof given === "string" ? { name: given } : given;
    if (end === path.length) return layer;
    return { ...layer, name: `${layer.name}${separator}${translated(path.slice(end + 1))}` };
  }
  return { name: translated(path) };
}

/** A picture that was flattened, if there was one; throws if it has another number of elements. */
function unfolded(path: string, what: string, picture: Shape | undefined, size: number): Shape {
  if (picture === undefined) return [size];
  if (Array.isArray(picture) && picture.length === 3 && sizeOf(picture) === size) return picture;
  const requirement = `'${what}' of '${path}' must be a picture [C, H, W] of ${size} elements`;
  throw outOfRange("lay out parameters", requirement, picture);
}

/** The axes of a picture with its channels last, from a first axis on. */
const channelsLast = (picture: Shape, from: number): readonly number[] =>
  picture.length === 3 ? [from + 1, from + 2, from] : [from];

/** How a parameter of some path and shape lies in a file. */
export function inFile(path: string, shape: Shape, layout: ParameterLayout): InFile {
  const { name, inputs, outputs } = nameOf(path, layout);
  const same = { name, shape, view: shape, axes: shape.map((_, axis) => axis) };
  if (layout.layout !== "pytorch") return same;
  if (!/(^|\/)kernel$/.test(path)) {
    if (outputs === undefined || shape.length !== 1) return same;
    const view = unfolded(path, "outputs", outputs, shape[0]!);
    return { name, shape, view, axes: channelsLast(view, 0) };
  }
  if (shape.length === 4) {
    const view = [3, 2, 0, 1].map((axis) => shape[axis]!);
    return { name, shape: view, view, axes: [2, 3, 1, 0] };
  }
  if (shape.length !== 2) return same;
  const from = unfolded(path, "inputs", inputs, shape[0]!);
  const to = unfolded(path, "outputs", outputs, shape[1]!);
  return {
    name,
    shape: [shape[1]!, shape[0]!],
    view: [...to, ...from],
    axes: [...channelsLast(from, to.length), ...channelsLast(to, 0)],
  };
}

/** Values with their axes in another order: axis i of the answer is axis `axes[i]` of the values. */
export function permuted(
  { shape, values }: StoredTensor,
  axes: readonly number[],
): StoredTensor {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const to = axes.map((axis) => shape[axis]!);
  const result = new Float32Array(values.length);
  const place = axes.map(() => 0);
  for (let i = 0, from = 0; i < result.length; i++) {
    result[i] = values[from]!;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      from += strides[axes[axis]!]!;
      if (++place[axis]! < to[axis]!) break;
      from -= strides[axes[axis]!]! * to[axis]!;
      place[axis] = 0;
    }
  }
  return { shape: to, values: result };
}

/** The order of axes that undoes another. */
export function undone(axes: readonly number[]): readonly number[] {
  return axes.map((_, axis) => axes.indexOf(axis));
}
