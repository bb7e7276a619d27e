import assert from "node:assert/strict";
import { tf } from "../../core/tf.ts";
import {
  type Distribution,
  distributions,
  divergences,
  likelihoods,
  networks,
  objectives,
  posteriors,
  type Prior,
  priors,
  useBackend,
} from "../../mod.ts";
import { outputOf } from "../helpers/run.ts";
import {
  assertLaws,
  checkLaws,
  distributionLaws,
  divergenceLaws,
  type Law,
  likelihoodLaws,
  modelLaws,
  networkLaws,
  objectiveLaws,
  posteriorLaws,
  priorLaws,
} from "./mod.ts";

await useBackend({ backend: "cpu" });

const sound = priors.standardNormal();

/** The standard normal prior with some members of its distributions replaced. */
function spoiled(replace: (p: Distribution) => Partial<Distribution>): Prior<Distribution> {
  return {
    ...sound,
    build: (scope) => {
      const built = sound.build(scope);
      return (context) => {
        const p = built(context);
        return Object.assign(p, replace(p));
      };
    },
  };
}

/** A prior whose log-density is ½ too large, told by its weight alone. */
const halfTooMuch: Prior<Distribution> = {
  ...sound,
  build: (scope) => {
    const half = scope.weight("half", [], tf.scalar(0.5));
    return () => {
      const p = distributions.standardNormal({ event: scope.latent });
      return {
        family: "spoiled",
        domain: "real",
        reparameterized: true,
        batch: 1,
        event: p.event,
        draw: p.draw,
        logProb: (value) => tf.add(p.logProb(value), tf.abs(half())),
      };
    };
  },
};

const brokenOf = async (laws: readonly Law[]): Promise<Map<string, string>> =>
  new Map(
    (await checkLaws(laws))
      .filter(({ outcome }) => outcome === "broken")
      .map(({ name, reason }) => [name, reason!]),
  );

Deno.test("checkLaws() reports every law, kept or broken", async () => {
  const laws = priorLaws(halfTooMuch, { cases: 10 });
  const reports = await checkLaws(laws);
  assert.deepEqual(reports.map(({ name }) => name), laws.map(({ name }) => name));
  const broken = reports.filter(({ outcome }) => outcome === "broken").map(({ name }) => name);
  assert(broken.includes("normalization") && broken.includes("joint normalization"));
  assert(!broken.includes("shapes") && !broken.includes("seeds"));
});

Deno.test("a broken law says what, the shrunk case, how to replay it, and both numbers", async () => {
  const reasons = await brokenOf(priorLaws(halfTooMuch, { cases: 10, seed: 3 }));
  const reason = reasons.get("normalization")!;
  assert.match(reason, /^prior 'standardNormal' breaks the law 'normalization': the density of/);
  assert.match(reason, /case +\{"inputs":\{"weights\/half":\[0\.\d+\]\},"noise":0\}/);
  assert.match(reason, /replay with +\{ seed: 3, replay: \{ "normalization": "[\d:]+" \} \}/);
  assert.match(reason, /expected +the integral to be 1 ± 0\.002/);
  assert.match(reason, /seen +1\.\d+/);
});

Deno.test("a broken law is replayed from its path, and it alone", async () => {
  const first = (await brokenOf(priorLaws(halfTooMuch, { cases: 10, seed: 3 })))
    .get("normalization")!;
  const [, path] = /"normalization": "([\d:]+)"/.exec(first)!;
  const replay = { normalization: path! };
  const again = await brokenOf(priorLaws(halfTooMuch, { seed: 3, replay }));
  assert.deepEqual([...again.keys()], ["normalization"]);
  const caseOf = (reason: string): string => /case +(.*)/.exec(reason)![1]!;
  assert.equal(caseOf(again.get("normalization")!), caseOf(first));
});

Deno.test("laws draw other cases from another seed, and the same from the same", async () => {
  const shown = async (seed: number): Promise<string> =>
    (await brokenOf(priorLaws(halfTooMuch, { cases: 10, seed }))).get("normalization")!;
  assert.equal(await shown(3), await shown(3));
  assert.notEqual(await shown(3), await shown(4));
});

Deno.test("assertLaws() throws all that is broken, and nothing where nothing is", async () => {
  await assertLaws(priorLaws(sound, { cases: 5 }));
  await assert.rejects(assertLaws(priorLaws(halfTooMuch, { cases: 5 })), /'normalization'/);
});

Deno.test("a law is left out with a written reason alone, which is reported", async () => {
  const skip = { normalization: "it is known to be off", "joint normalization": "the same" };
  const laws = priorLaws(halfTooMuch, { cases: 5, skip });
  const reports = await checkLaws(laws);
  const skipped = reports.filter(({ outcome }) => outcome === "skipped");
  assert.deepEqual(skipped.map(({ reason }) => reason), ["it is known to be off", "the same"]);
  for (const reason of ["", "  ", undefined]) {
    assert.throws(() => priorLaws(sound, { skip: { memory: reason as string } }), {
      name: "RangeError",
      message: /as 'memory' must be skipped with a written reason: current value is/,
    });
  }
});

Deno.test("laws refuse options out of range, and laws that do not exist", () => {
  const refused: [Parameters<typeof priorLaws>[1], RegExp][] = [
    [{ skip: { nothing: "reason" } }, /a law must be one of contract, shapes, .*'nothing'/],
    [{ replay: { nothing: "0" } }, /a law must be one of/],
    [{ cases: 0 }, /'cases' must be a positive integer: current value is 0/],
    [{ timeLimit: -1 }, /'timeLimit' must be a positive integer/],
    [{ seed: 1.5 }, /Cannot make a seed as 'value' must be a safe integer: current value is 1.5/],
    [{ backends: [] }, /'backends' must be two or more of cpu, wasm, webgl, webgpu/],
    [{ backends: ["cpu", "gpu" as never] }, /'backends' must be two or more of/],
  ];
  for (const [options, message] of refused) assert.throws(() => priorLaws(sound, options), message);
});

Deno.test("ranges narrow what a law draws, and name inputs that exist", async () => {
  const narrow = { "weights/half": [0.25, 0.25] } as const;
  const reasons = await brokenOf(priorLaws(halfTooMuch, { cases: 5, ranges: narrow }));
  assert.match(reasons.get("normalization")!, /"weights\/half":\[0\.25\]/);
  for (const range of [[1, -1], [0, Infinity], [NaN, 1]] as const) {
    const ranges = { "weights/half": range };
    const reasons = await brokenOf(priorLaws(halfTooMuch, { cases: 5, ranges }));
    assert.match(reasons.get("shapes")!, /the range of 'weights\/half' must lie in its domain/);
  }
  const wrong = await brokenOf(priorLaws(halfTooMuch, { cases: 5, ranges: { third: [0, 1] } }));
  assert.match(
    wrong.get("normalization")!,
    /Cannot draw cases as a range must be of weights\/half: current value is 'third'/,
  );
});

Deno.test("a plugin that never returns breaks its laws, and the others still run", async () => {
  const endless: readonly Partial<Distribution>[] = [
    {
      draw: () => {
        for (;;);
      },
    },
    {
      draw: () => {
        for (;;) tf.tidy(() => tf.square(tf.ones([2])));
      },
    },
  ];
  for (const members of endless) {
    const laws = priorLaws(spoiled(() => members), { timeLimit: 200 });
    const reasons = await brokenOf(laws);
    assert.match(reasons.get("shapes")!, /an answer within 0\.2 s[\s\S]*it did not return/);
    assert(!reasons.has("contract") && reasons.size < laws.length);
  }
  await assertLaws(priorLaws(sound, { cases: 5 })); // Nothing is left in disorder.
});

Deno.test("a plugin that throws, misses a member or answers nonsense breaks its laws", async () => {
  const nonsense: [Prior<Distribution>, law: string, reason: RegExp][] = [
    [
      {
        ...sound,
        build: () => {
          throw new Error("boom");
        },
      },
      "shapes",
      /it threw Error: boom/,
    ],
    [
      spoiled(() => ({
        draw: () => {
          throw new Error("boom");
        },
      })),
      "seeds",
      /it threw Error: boom/,
    ],
    [{ ...sound, build: undefined as never }, "contract", /a member 'build' of type function/],
    [{ ...sound, kind: "posterior" as never }, "contract", /a member 'kind' of 'prior'/],
    [{ ...sound, name: "" }, "contract", /a member 'name' of type string/],
    [spoiled(() => ({ logProb: (x) => tf.sum(x) })), "shapes", /shape \[5, 4\][\s\S]*shape \[\]/],
    [spoiled(() => ({ logProb: (x) => tf.mul(tf.sum(x, 2), NaN) })), "support", /seen +NaN/],
    [
      spoiled(() => ({ logProb: () => new Promise(() => {}) as never })),
      "shapes",
      /shape \[5, 4\][\s\S]*Promise/,
    ],
    [undefined as never, "contract", /a member 'kind' of type string/],
  ];
  for (const [prior, law, expected] of nonsense) {
    const laws = priorLaws(prior, { cases: 5 }), reasons = await brokenOf(laws);
    assert.match(reasons.get(law)!, expected);
    assert.equal((await checkLaws(laws)).length, laws.length);
  }
});

Deno.test("nothing at all breaks the laws of every kind, and none of them throws", async () => {
  const nothing = undefined as never, pair = { posterior: nothing, prior: nothing };
  const kinds: readonly (readonly Law[])[] = [
    distributionLaws(nothing),
    posteriorLaws(nothing),
    priorLaws(nothing),
    likelihoodLaws(nothing),
    divergenceLaws(nothing, pair),
    objectiveLaws(nothing),
    networkLaws(nothing),
    modelLaws(nothing),
  ];
  for (const laws of kinds) {
    assert(laws.length > 5);
    assert.equal((await brokenOf(laws)).size, laws.length);
  }
});

Deno.test("laws are there for what a plugin is, and no others", () => {
  const names = (laws: readonly Law[]): string => laws.map(({ name }) => name).join();
  const { bernoulliFamily, normalFamily, standardNormalFamily } = distributions;
  assert.match(names(distributionLaws(normalFamily)), /gradients,reparameterization/);
  assert.doesNotMatch(names(distributionLaws(bernoulliFamily)), /reparameterization/);
  assert.doesNotMatch(names(distributionLaws(standardNormalFamily)), /reparameterization/);
  assert.match(
    names(posteriorLaws(posteriors.diagonalNormal())),
    /^contract,differentiable,shapes,event axes,support/,
  );
  assert.match(names(likelihoodLaws(likelihoods.normal())), /moments,joint normalization/);
  const objective = objectives.elbo({ divergence: divergences.kl() });
  assert.doesNotMatch(names(objectiveLaws(objective)), /monotonicity/);
  assert.match(names(objectiveLaws(objective, { withSamples: () => objective })), /monotonicity/);
  const mlp = networks.mlp({ hidden: [4] });
  assert.doesNotMatch(names(networkLaws(mlp)), /conditioning/);
  assert.match(names(networkLaws(mlp, { condition: [2] })), /conditioning/);
});

Deno.test("fast-check is loaded by the laws alone", async () => {
  const graphOf = (entry: string): Promise<string> =>
    outputOf(["info", "--lock=tests/deno.lock", entry]);
  assert.match(await graphOf("tests/laws/mod.ts"), /fast-check/);
  assert.doesNotMatch(await graphOf("mod.ts"), /fast-check/);
});
