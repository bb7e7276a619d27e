import assert from "node:assert/strict";
import { type Described, equationsOf } from "../../../examples/browser/page/equations.ts";

const DESCRIBED: Described = {
  likelihood: "bernoulli",
  prior: "standardNormal",
  conditional: false,
  objective: "elbo",
  beta: 1,
  freeNats: 0.5,
  samples: 5,
};

/** The lines as one reads them. */
function written(described: Partial<Described>): string[] {
  return equationsOf({ ...DESCRIBED, ...described }).map((parts) =>
    parts.filter((part) => part !== "").join(" ")
  );
}

Deno.test("equationsOf() writes a plain variational autoencoder down", () => {
  assert.deepEqual(written({}), [
    "z ~ N(0, I)",
    "x | z ~ Bernoulli(π(z))",
    "q(z|x) = N(μ(x), diag σ²(x))",
    "maximize E log p(x|z) − KL(q ‖ p)",
  ]);
});

Deno.test("equationsOf() says where the class goes", () => {
  const conditional = written({ conditional: true, prior: "conditionalNormal" });
  assert.deepEqual(conditional.slice(0, 3), [
    "z | c ~ N(μ(c), σ²(c))",
    "x | z, c ~ Bernoulli(π(z, c))",
    "q(z|x, c) = N(μ(x, c), diag σ²(x, c))",
  ]);
  const [, normal] = written({ conditional: true, likelihood: "normal" });
  assert.equal(normal, "x | z, c ~ N(μ(z, c), σ²)");
});

Deno.test("equationsOf() writes every objective with its number", () => {
  const last = (described: Partial<Described>): string => written(described).at(-1)!;
  assert.match(last({ beta: 4 }), /− 4 KL/);
  assert.match(last({ objective: "iwae", samples: 7 }), /log 1⁄7 Σₛ/);
  assert.match(last({ objective: "freeBits", freeNats: 2 }), /Σₖ max\(2, KLₖ\)/);
  assert.match(last({ objective: "freeBits", freeNats: 2, prior: "flow" }), /− max\(2, KL\)/);
});
