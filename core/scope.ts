/**
 * Where variables live: the core owns every one of them.
 *
 * A plugin asks its scope for weights and gets functions that read them. So names are unique,
 * initial values are seeded, and saving, disposing and stopping gradients happen in one place.
 *
 * @module
 */
import { tf } from "./deps.ts";
import { outOfRange, wrongType } from "./errors.ts";
import type { Initializer } from "./initializers.ts";
import { copyInto } from "./operations/copy_into.ts";
import { stopGradient } from "./operations/stop_gradient.ts";
import type { Seed } from "./random.ts";
import { requireStored, requireWanted, type StoredTensor } from "./safetensors.ts";
import type { Support } from "./support.ts";
import { sameShape, type Shape, type Tensor, type Variable } from "./types.ts";

/** What every part of a model is built for. */
export interface ModelShapes {
  /** The shape of one datum `[…D]`. */
  readonly data: Shape;
  /** The shape of its latent `[…K]`. */
  readonly latent: Shape;
  /** The shape of its condition `[…C]`, if the model has one. */
  readonly condition?: Shape | undefined;
  /** The support of the data. */
  readonly support: Support;
}

/** A tensor that belongs to a model and is not learned: a running statistic of its training data. */
export interface ScopeBuffer {
  /** Its current value. */
  readonly read: () => Tensor;
  /** Puts a value of the same shape in its place; for training steps alone. */
  readonly write: (value: Tensor) => void;
}

/** Where one part of a model gets its weights. */
export interface Scope extends ModelShapes {
  /**
   * A weight of this part.
   *
   * @param name Its name, unique within the scope.
   * @param shape Its shape.
   * @param initial Its first value, or how to make it from the scope's seed.
   * @param options Whether training may change it: `true` unless told.
   * @returns A function that reads its current value.
   */
  readonly weight: (
    name: string,
    shape: Shape,
    initial: Initializer | Tensor,
    options?: { readonly trainable?: boolean },
  ) => () => Tensor;
  /**
   * A tensor that this part keeps from one training step to the next. It is saved, restored and
   * disposed like a weight, and no optimizer changes it.
   *
   * @param name Its name, unique within the scope.
   * @param shape Its shape.
   * @param initial Its first value, or how to make it from the scope's seed.
   */
  readonly buffer: (name: string, shape: Shape, initial: Initializer | Tensor) => ScopeBuffer;
  /** Takes over a variable that was made elsewhere: it is saved and disposed with the model. */
  readonly adopt: (name: string, variable: Variable) => void;
  /**
   * How many numbers the variables may hold that are made elsewhere: as many as there are in the
   * file of a model that is loaded, and any number in a new model.
   */
  readonly room: number;
  /** A scope within this one, for the same shapes unless others are given. */
  readonly child: (name: string, shapes?: Partial<ModelShapes>) => Scope;
}

/** All variables of one model, by path. */
export interface Parameters {
  /** The variables, in the order in which they were made. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** The outermost scope. */
  readonly scope: Scope;
  /** The same variables behind a stop-gradient: building there again makes no new ones. */
  readonly detachedScope: Scope;
  /** Whether all values were stored before. */
  readonly stored: boolean;
  /** Throws unless every value that was stored has become a variable. */
  readonly requireAllTaken: () => void;
}

/** Values of parameters by path. */
export type Stored = ReadonlyMap<string, StoredTensor>;

/**
 * Opens an empty set of parameters.
 *
 * @param shapes What the parts are built for.
 * @param seed Where first values come from.
 * @param stored The values that all variables are to have, instead of first ones: nothing is made
 * that is not among them.
 */
export function openParameters(shapes: ModelShapes, seed: Seed, stored?: Stored): Parameters {
  const variables = new Map<string, Variable>();
  const sizes = Array.from(stored?.values() ?? [], ({ values }) => values.length);
  const room = stored === undefined ? Infinity : sizes.reduce((sum, size) => sum + size, 0);

  function add(path: string, variable: Variable): void {
    if (variables.has(path)) {
      variable.dispose();
      throw outOfRange("build model", `the name of every weight must be unique`, path);
    }
    variables.set(path, variable);
  }

  /** The stored value of a variable, if its shape is the wanted one. */
  function storedValue(from: Stored, path: string, shape: Shape): Tensor {
    return tf.tensor(requireStored(from, path, shape).values, [...shape]);
  }

  function create(path: string, shape: Shape, initial: Initializer | Tensor, trainable: boolean) {
    if (stored !== undefined) {
      const value = storedValue(stored, path, shape);
      add(path, tf.variable(value, trainable));
      return value.dispose();
    }
    const value = typeof initial === "function" ? initial(shape, seed.split(path)) : initial;
    if (!sameShape(value.shape, shape)) {
      throw wrongType(
        "build model",
        `the first value of '${path}' must have shape [${shape.join(", ")}]`,
        value.shape,
      );
    }
    const variable = tf.variable(value, trainable);
    if (value !== initial) value.dispose();
    add(path, variable);
  }

  function open(prefix: string, detached: boolean, shapes: ModelShapes): Scope {
    return {
      ...shapes,
      room,
      weight: (name, shape, initial, { trainable = true } = {}) => {
        const path = prefix + name;
        if (!detached) create(path, shape, initial, trainable);
        const variable = variables.get(path)!;
        return detached ? () => stopGradient(variable) : () => variable;
      },
      buffer: (name, shape, initial) => {
        const path = prefix + name;
        if (!detached) create(path, shape, initial, false);
        const variable = variables.get(path)!;
        return {
          read: () => variable,
          write: (value) => {
            if (!detached) variable.assign(value); // The part itself has written it already.
          },
        };
      },
      adopt: (name, variable) => {
        if (detached) {
          throw wrongType(
            "detach posterior",
            `its weights must all come from 'scope.weight'`,
            prefix + name,
          );
        }
        const path = prefix + name;
        add(path, variable);
        if (stored !== undefined) {
          tf.tidy(() => variable.assign(storedValue(stored, path, variable.shape)));
        }
      },
      child: (name, others) => open(`${prefix}${name}/`, detached, { ...shapes, ...others }),
    };
  }

  return {
    variables,
    scope: open("", false, shapes),
    detachedScope: open("", true, shapes),
    stored: stored !== undefined,
    requireAllTaken: () => requireWanted(stored?.keys() ?? [], variables),
  };
}

/** The values of some variables at one moment. */
export interface Snapshot {
  /** The values by path, which stay its own. */
  readonly values: ReadonlyMap<string, Tensor>;
  /** Remembers the values that the variables have now, in the place of the others. */
  readonly renew: () => void;
  /** Puts the values back. */
  readonly restore: () => void;
  /** Lets them go. */
  readonly dispose: () => void;
}

/**
 * Remembers the values that some variables have now.
 *
 * @param variables The variables by path.
 * @param remembered What to remember in the place of their values, for every path.
 * @throws {RangeError} If a value is missing there, or has another shape.
 */
export function takeSnapshot(
  variables: ReadonlyMap<string, Variable>,
  remembered: ReadonlyMap<string, Tensor> = variables,
): Snapshot {
  for (const [path, { shape }] of variables) {
    const found = remembered.get(path)?.shape;
    if (found !== undefined && sameShape(found, shape)) continue;
    const requirement = `the values of '${path}' must have shape [${shape.join(", ")}]`;
    throw outOfRange("take a snapshot", requirement, found ?? "missing");
  }
  const values = new Map(
    Array.from(
      variables.keys(),
      (path) => [path, tf.variable(remembered.get(path)!, false)] as const,
    ),
  );
  const pairs = Array.from(variables, ([path, variable]) => [values.get(path)!, variable] as const);
  return {
    values,
    renew: () => copyInto(pairs),
    restore: () => {
      for (const [value, variable] of pairs) variable.assign(value);
    },
    dispose: () => tf.dispose([...values.values()]),
  };
}
