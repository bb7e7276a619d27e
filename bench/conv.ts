/**
 * Measures a training step of a convolutional variational autoencoder by Elbo and by others on the
 * same machine: 28 × 28 binary pixels, convolutions of stride 2 to 32 and 64 channels, 16 units, 16
 * latents, mirrored, with Adam.
 *
 *     deno task bench:conv --rounds 9
 *
 * The flags, and how it is measured, are those of `step.ts`.
 *
 * @module
 */
import { benchTraining } from "./training.ts";

await benchTraining("conv", "128");
