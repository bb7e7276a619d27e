import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import {
  type AnyNetwork,
  type Distribution,
  distributions,
  divergences,
  likelihoods,
  networks,
  objectives,
  posteriors,
  type Prior,
  seed,
  type Tensor,
  vae,
} from "../../mod.ts";
import { tinyData, tinyModel, tinyParts } from "../helpers/tiny.ts";

const kl = { divergence: divergences.kl() };

function numbers(tensor: Tensor): number[] {
  const values = [...tensor.dataSync()];
  tensor.dispose();
  return values;
}

Deno.test("vae() has the same parameters for the same seed, and others for another", () => {
  const read = (model: ReturnType<typeof tinyModel>): number[] => {
    const values = [...model.parameters.values()].flatMap((variable) => [...variable.dataSync()]);
    model.dispose();
    return values;
  };
  const first = read(tinyModel({ seed: 1 }));
  assert.deepEqual(first, read(tinyModel({ seed: 1 })));
  assert.notDeepEqual(first, read(tinyModel({ seed: 2 })));
});

Deno.test("vae() names its parameters by part", () => {
  const model = vae({ ...tinyParts, ...kl, likelihood: likelihoods.normal() });
  assert.deepEqual(
    [...model.parameters.keys()],
    [
      "encoder/hidden0/kernel",
      "encoder/hidden0/bias",
      "encoder/mean/kernel",
      "encoder/mean/bias",
      "encoder/rawScale/kernel",
      "encoder/rawScale/bias",
      "decoder/hidden0/kernel",
      "decoder/hidden0/bias",
      "decoder/mean/kernel",
      "decoder/mean/bias",
      "likelihood/rawScale",
    ],
  );
  model.dispose();
});

Deno.test("vae() leaves no tensor behind but its parameters, and none after dispose()", () => {
  const before = tf.memory().numTensors;
  const model = tinyModel();
  assert.equal(tf.memory().numTensors, before + model.parameters.size);
  model.dispose();
  model.dispose(); // A second time does no harm.
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("vae() leaves no tensor behind when it refuses", () => {
  const before = tf.memory().numTensors;
  assert.throws(() => vae({ ...tinyParts, ...kl, decoder: transposed("logits") }));
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("summary() shows parts, shapes and parameter counts", () => {
  const model = tinyModel();
  const summary = model.summary();
  assert.match(summary, /^data \[6\] · latent \[2\] · support binary/);
  assert.match(summary, /encoder: mlp\(\{ hidden: \[8\], activation: "relu" \}\)\s+92/);
  assert.match(summary, / {2}hidden0\/kernel\s+\[6, 8\]\s+48/);
  assert.match(summary, /prior: standardNormal\(\)/);
  assert.match(summary, /total\s+170$/);
  model.dispose();
});

Deno.test("encode() gives q(z|x) with its mean and draws", () => {
  const model = tinyModel(),
    batch = tinyData().rows([0, 1, 2]);
  tf.tidy(() => {
    const q = model.encode(batch);
    assert.deepEqual(q.mean.shape, [3, 2]);
    assert.deepEqual(q.scale.shape, [3, 2]);
    assert.deepEqual(q.draw(seed(1), 5).value.shape, [5, 3, 2]);
  });
  tf.dispose(Object.values(batch));
  model.dispose();
});

Deno.test("sample(), decode() and reconstruct() have the shapes of the data", () => {
  const model = tinyModel(),
    batch = tinyData().rows([0, 1, 2]);
  tf.tidy(() => {
    const bits = model.sample(5, { seed: 1 });
    assert.deepEqual(bits.shape, [5, 6]);
    assert(bits.dataSync().every((bit) => bit === 0 || bit === 1));
    const means = model.sample(5, { seed: 1, mean: true }).dataSync();
    assert(means.every((mean) => mean > 0 && mean < 1));
    assert.deepEqual(model.decode(tf.zeros([4, 2])).mean.shape, [4, 6]);
    assert.deepEqual(model.reconstruct(batch).shape, [3, 6]);
    assert.notDeepEqual(
      model.reconstruct(batch, { seed: 1 }).arraySync(),
      model.reconstruct(batch, { seed: 2 }).arraySync(),
    );
  });
  tf.dispose(Object.values(batch));
  model.dispose();
});

Deno.test("sample(), reconstruct() and logLikelihood() leave their result alone behind", () => {
  const model = tinyModel(),
    batch = tinyData().rows([0, 1, 2]);
  const before = tf.memory().numTensors;
  const results = [
    model.sample(5, { seed: 1 }),
    model.reconstruct(batch),
    ...Object.values(model.logLikelihood(batch, { seed: 1, samples: 9 })),
  ];
  assert.equal(tf.memory().numTensors, before + results.length);
  tf.dispose([...results, ...Object.values(batch)]);
  model.dispose();
});

Deno.test("elbo() is the reconstruction minus the KL, whatever the model is trained on", () => {
  const batch = tinyData().rows([0, 1, 2, 3]);
  const plain = tinyModel({ seed: 3 });
  const weighted = vae({ ...tinyParts, divergence: divergences.betaKl({ beta: 7 }), seed: 3 });
  tf.tidy(() => {
    const [a, b] = [plain, weighted].map((model) => model.elbo(batch, { seed: 1 }));
    assert.deepEqual(a!.bound!.nats.arraySync(), b!.bound!.nats.arraySync());
    assert.deepEqual(
      b!.terms.map(({ name, weight }) => [name, weight]),
      [
        ["reconstruction", 1],
        ["divergence", 1],
      ],
    );
    const [reconstruction, divergence] = b!.terms;
    assert.deepEqual(
      b!.bound!.nats.arraySync(),
      reconstruction!.nats.sub(divergence!.nats).arraySync(),
    );
  });
  tf.dispose(Object.values(batch));
  plain.dispose();
  weighted.dispose();
});

Deno.test("ledger() has rows whose contributions add up to the objective", () => {
  const model = vae({ ...tinyParts, divergence: divergences.betaKl({ beta: 3 }) });
  const batch = tinyData().rows([0, 1, 2, 3]);
  tf.tidy(() => {
    const { terms, objective, bound } = model.ledger(batch, { seed: 1 });
    const [reconstruction, divergence] = terms.map(({ nats }) => nats.mean().dataSync()[0]!);
    const [value] = objective.dataSync();
    assert(Math.abs(value! - (reconstruction! - 3 * divergence!)) < 1e-4);
    assert(Math.abs(bound!.nats.mean().dataSync()[0]! - (reconstruction! - divergence!)) < 1e-4);
    assert.deepEqual(
      terms.map(({ estimator, samples, weight }) => [estimator, samples, weight]),
      [
        ["Monte Carlo", 1, 1],
        ["closed form", 0, 3],
      ],
    );
  });
  tf.dispose(Object.values(batch));
  model.dispose();
});

Deno.test("ledger() scores the observed entries alone", () => {
  const model = tinyModel({ seed: 4 }),
    { x } = tinyData().rows([0, 1]);
  tf.tidy(() => {
    const all = model.ledger({ x, mask: tf.onesLike(x) }, { seed: 1 }).terms[0]!.nats;
    const plain = model.ledger(x, { seed: 1 }).terms[0]!.nats;
    assert.deepEqual(all.arraySync(), plain.arraySync());

    // A missing entry may hold anything, and its value changes nothing.
    const mask = tf.tensor2d([
      [1, 1, 0, 1, 1, 1],
      [1, 1, 1, 1, 1, 1],
    ]);
    const broken = tf.where(tf.greater(mask, 0), x, tf.fill(x.shape, NaN));
    const masked = model.ledger({ x: broken, mask }, { seed: 1 }).terms[0]!.nats.arraySync();
    assert.deepEqual(masked, model.ledger({ x, mask }, { seed: 1 }).terms[0]!.nats.arraySync());
    assert((masked as number[]).every(Number.isFinite));

    const nothing = model.ledger({ x, mask: tf.zerosLike(x) }, { seed: 1 }).terms[0]!.nats;
    assert.deepEqual(nothing.abs().arraySync(), [0, 0]);
  });
  x.dispose();
  model.dispose();
});

Deno.test("a conditioned model is told its condition everywhere", () => {
  const model = vae({ ...tinyParts, ...kl, condition: [3] });
  tf.tidy(() => {
    const x = tf.zeros([2, 6]),
      condition = tf.eye(3).slice([0, 0], [2, 3]);
    const other = tf.eye(3).slice([1, 0], [2, 3]);
    assert.notDeepEqual(
      numbers(model.encode({ x, condition }).mean),
      numbers(model.encode({ x, condition: other }).mean),
    );
    assert.notDeepEqual(
      numbers(model.sample(2, { seed: 1, condition, mean: true })),
      numbers(model.sample(2, { seed: 1, condition: other, mean: true })),
    );
    assert.throws(
      () => model.encode(x),
      new TypeError(
        "Cannot encode as 'condition' must be a tensor of shape [2, 3]: " +
          "current value is 'missing'",
      ),
    );
    assert.throws(
      () => model.sample(3, { seed: 1, condition }),
      /'condition' must be a tensor of shape \[3, 3\]: current value is \[2, 3\]/,
    );
    model.logLikelihood({ x, condition }, { seed: 1, samples: 3 });
  });
  model.dispose();
});

Deno.test("vae() refuses shapes that are not made of positive integers", () => {
  for (const latent of [0, -1, 1.5, NaN]) {
    assert.throws(
      () => vae({ ...tinyParts, ...kl, latent }),
      new RangeError(
        `Cannot compose model as 'latent' must be a positive integer: current value is ${latent}`,
      ),
    );
  }
  assert.throws(() => vae({ ...tinyParts, ...kl, data: [6, 0] }), /'data' must be a positive/);
  assert.throws(
    () => vae({ ...tinyParts, ...kl, latent: "two" as unknown as number }),
    /'latent' must be a list of sizes: current value is 'two'/,
  );
});

Deno.test("vae() refuses a divergence beside an objective, and neither of the two", () => {
  const objective = objectives.iwae();
  assert.throws(
    () => vae({ ...tinyParts, ...kl, objective } as unknown as Parameters<typeof vae>[0]),
    {
      name: "TypeError",
      message: "Cannot compose model as a divergence means an objective already: there must be " +
        "one of the two: current value is 'both'",
    },
  );
  assert.throws(
    () => vae({ ...tinyParts } as unknown as Parameters<typeof vae>[0]),
    /Cannot compose model as 'divergence' must be a divergence plugin: current value is undefined/,
  );
});

/** A network whose answer for one head has its axes the wrong way round. */
function transposed(head: string): AnyNetwork {
  const honest = networks.mlp({ hidden: [8] });
  return {
    ...honest,
    name: "transposed",
    build: (scope, shapes) => {
      const network = honest.build(scope, shapes);
      return (input, context) => {
        const outputs = network(input, context);
        return { ...outputs, [head]: tf.transpose(outputs[head]!) };
      };
    },
  };
}

/** A standard normal prior, but for what is changed of its distribution. */
function priorWith(change: (honest: distributions.StandardNormal) => object): Prior<Distribution> {
  return {
    kind: "prior",
    name: "mine",
    options: {},
    build: ({ latent }) => () => {
      const honest = distributions.standardNormal({ event: latent });
      return { ...honest, ...change(honest) };
    },
  };
}

Deno.test("vae() names the plugin whose output has the wrong shape, and both shapes", () => {
  const refuses = (parts: object, message: string): void => {
    assert.throws(
      () => vae({ ...tinyParts, ...kl, ...parts }),
      (error: Error) => {
        assert.equal(error.message, message);
        return true;
      },
    );
  };
  refuses(
    { encoder: transposed("mean") },
    "Cannot run encoder 'transposed' as output 'mean' must have shape [4, 2]: " +
      "current value is [2, 4]",
  );
  refuses(
    { decoder: transposed("logits") },
    "Cannot run decoder 'transposed' as output 'logits' must have shape [12, 6]: " +
      "current value is [6, 12]",
  );
});

Deno.test("vae() names a prior that does not fit the latents", () => {
  const refuses = (change: Parameters<typeof priorWith>[0], message: RegExp): void => {
    assert.throws(() => vae({ ...tinyParts, ...kl, prior: priorWith(change) }), message);
  };
  refuses(
    () => ({ event: [5] }),
    /^TypeError: Cannot run prior 'mine' as its event must have shape \[2\]: current value is \[5\]$/,
  );
  refuses(
    () => ({ logProb: (value: Tensor) => tf.neg(value) }),
    /Cannot run prior 'mine' as 'logProb' must have shape \[3, 4\]: current value is \[3, 4, 2\]/,
  );
  refuses(
    () => ({ domain: "sphere" }),
    /Cannot run prior 'mine' as posterior 'diagonalNormal' is on 'real': current value is 'sphere'/,
  );
});

Deno.test("every use of a model checks what it is given", () => {
  const model = tinyModel();
  tf.tidy(() => {
    assert.throws(
      () => model.encode(tf.zeros([3, 7])),
      /Cannot encode as 'x' must have shape \[B, 6\]: current value is \[3, 7\]/,
    );
    assert.throws(() => model.encode(tf.zeros([0, 6])), /'x' must have at least one row/);
    assert.throws(
      () => model.elbo({ x: tf.zeros([3, 6]), mask: tf.ones([3]) }, { seed: 1 }),
      /'mask' must be a tensor of shape \[3, 6\]: current value is \[3\]/,
    );
    assert.throws(
      () => model.decode(tf.zeros([3, 4])),
      /Cannot decode as 'latents' must have shape \[B, 2\]: current value is \[3, 4\]/,
    );
    assert.throws(() => model.sample(0, { seed: 1 }), /'n' must be a positive integer/);
    assert.throws(
      () => model.sample(3, { seed: 1, offset: tf.zeros([7]) }),
      /Cannot sample as 'offset' must be a tensor of shape \[3\]: current value is \[7\]/,
    );
    assert.throws(
      () => model.encode([[1]] as unknown as Tensor),
      /Cannot encode as 'x' must be a tensor/,
    );
    assert.throws(
      () => model.encode({ x: tf.zeros([1, 6]), mask: [[1]] as unknown as Tensor }),
      /'mask' must be a tensor of shape \[1, 6\]: current value is \[1\]/,
    );
    assert.throws(
      () => model.encode({ x: tf.zeros([1, 6]), condition: tf.zeros([1, 2]) }),
      /a model without a condition must be given none: current value is \[1, 2\]/,
    );
  });
  model.dispose();
});

Deno.test("a disposed model refuses every use", () => {
  const model = tinyModel(),
    x = tf.zeros([1, 6]),
    z = tf.zeros([1, 2]);
  model.dispose();
  const uses: Readonly<Record<string, () => unknown>> = {
    encode: () => model.encode(x),
    decode: () => model.decode(z),
    reconstruct: () => model.reconstruct(x),
    sample: () => model.sample(1, { seed: 1 }),
    "compute the ELBO": () => model.elbo(x, { seed: 1 }),
    "compute the objective": () => model.ledger(x, { seed: 1 }),
    "estimate log p(x)": () => model.logLikelihood(x, { seed: 1, samples: 2 }),
    impute: () => model.impute(x, { seed: 1, samples: 2 }),
  };
  for (const [action, use] of Object.entries(uses)) {
    assert.throws(use, {
      message: `Cannot ${action} as the model must not be disposed: current value is 'disposed'`,
    });
  }
  tf.dispose([x, z]);
});

Deno.test("the detached posterior is the same q(z|x) without a gradient", () => {
  const model = vae({
    ...tinyParts,
    objective: {
      kind: "objective",
      name: "detached",
      options: {},
      ledger: ({ detachedPosterior, posterior }) => {
        const detached = detachedPosterior();
        assert.deepEqual(detached.mean.arraySync(), posterior.mean.arraySync());
        // Only the attached mean is differentiated: its gradient is 1 for each latent.
        const objective = tf.sum(tf.add(tf.mul(detached.mean, 10), posterior.mean));
        return { terms: [], objective };
      },
    },
  });
  const { x } = tinyData().rows([0]);
  tf.tidy(() => {
    const bias = model.parameters.get("encoder/mean/bias")!;
    const { grads } = tf.variableGrads(
      () => model.ledger(x, { seed: 1 }).objective as tf.Scalar,
      [bias],
    );
    assert.deepEqual(grads[bias.name]!.arraySync(), [1, 1]);
  });
  x.dispose();
  model.dispose();
});

Deno.test("the detached posterior reads its own weights without a gradient, and makes none anew", () => {
  const honest = posteriors.diagonalNormal();
  const model = vae({
    ...tinyParts,
    posterior: {
      ...honest,
      build: (scope) => {
        const shift = scope.weight("shift", [2], tf.zeros([2]));
        return ({ mean, rawScale }) =>
          distributions.normal({ mean: tf.add(mean, shift()), rawScale });
      },
    },
    objective: {
      kind: "objective",
      name: "detached",
      options: {},
      ledger: ({ detachedPosterior, posterior }) => {
        const total = tf.add(tf.mul(detachedPosterior().mean, 10), posterior.mean);
        return { terms: [], objective: tf.sum(total) };
      },
    },
  });
  const { x } = tinyData().rows([0]);
  const names = [...model.parameters.keys()];
  tf.tidy(() => {
    const shift = model.parameters.get("posterior/shift")!;
    const objective = () => model.ledger(x, { seed: 1 }).objective as tf.Scalar;
    assert.deepEqual(tf.variableGrads(objective, [shift]).grads[shift.name]!.arraySync(), [1, 1]);
  });
  assert.deepEqual([...model.parameters.keys()], names);
  x.dispose();
  model.dispose();
});

Deno.test("an offset is for the likelihood alone, and is repeated with the samples", () => {
  const seen = { encoder: [] as unknown[], decoder: [] as unknown[], likelihood: [] as unknown[] };
  const spy = (part: "encoder" | "decoder"): AnyNetwork => {
    const honest = networks.mlp({ hidden: [8] });
    return {
      ...honest,
      build: (scope, shapes) => {
        const network = honest.build(scope, shapes);
        return (input, context) => {
          seen[part].push(context.offset);
          return network(input, context);
        };
      },
    };
  };
  const honest = likelihoods.bernoulli();
  const model = vae({
    ...tinyParts,
    ...kl,
    encoder: spy("encoder"),
    decoder: spy("decoder"),
    likelihood: {
      ...honest,
      build: (scope) => {
        const build = honest.build(scope);
        return (outputs, context) => {
          seen.likelihood.push(context.offset?.arraySync());
          return build(outputs, context);
        };
      },
    },
  });
  for (const list of Object.values(seen)) list.length = 0;
  tf.tidy(() => {
    const batch = { x: tf.zeros([2, 6]), offset: tf.tensor1d([3, 4]) };
    model.elbo(batch, { seed: 1, samples: 2 });
    model.sample(2, { seed: 1, offset: batch.offset });
    model.decode(tf.zeros([2, 2]), { offset: batch.offset });
  });
  assert.deepEqual(seen.likelihood, [[3, 4, 3, 4], [3, 4], [3, 4]]);
  assert.deepEqual(new Set([...seen.encoder, ...seen.decoder]), new Set([undefined]));
  model.dispose();
});

Deno.test("summary() stays readable whatever the options", () => {
  const layers = tf.sequential({ layers: [tf.layers.dense({ inputShape: [6], units: 5 })] });
  const model = vae({ ...tinyParts, ...kl, encoder: networks.layers({ model: layers }) });
  assert(model.summary().split("\n").every((line) => line.length < 110));
  layers.dispose();
  model.dispose();
});
