// deno test --allow-read examples/custom_prior_test.ts
import { priorLaws, testLaws } from "../tests/laws/mod.ts";
import { logistic } from "./custom_prior.ts";

testLaws("logistic() keeps the laws of priors", priorLaws(logistic()));
