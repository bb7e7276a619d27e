/**
 * Measures a training step of a fully connected variational autoencoder, 784-400-20-400-784 on binary
 * data with Adam, by Elbo and by others on the same machine.
 *
 *     deno task bench:step --rounds 9
 *
 * --rounds 9                         the rounds, in each of which every variant has a turn
 * --variants "stock wasm,pytorch"    only these
 * --batches 128,512                  the batch sizes
 * --profile                          also where the time of a step goes, kernel by kernel
 *
 * Elbo runs `fit` as a user does, with data, ledger and all; the others use one batch again and again.
 * Times are medians over rounds, ratios are medians of the ratios within each round; turns in which
 * the machine did not have two cores to give are left out as long as others remain. A variant that
 * cannot run is shown with its reason. The last line is one JSON object.
 *
 * @module
 */
import { benchTraining } from "./training.ts";

await benchTraining("mlp", "128,512");
