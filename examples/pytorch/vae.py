"""A convolutional VAE in PyTorch, whose weights travel to Elbo and back.

    python3 examples/pytorch/vae.py make examples/pytorch
    deno run --allow-read --allow-write=out examples/pytorch.ts
    python3 examples/pytorch/vae.py check out/pytorch

It wants PyTorch and the package safetensors, which is the reference implementation of the format.
"""

import json
import sys

import torch
from safetensors.torch import load_file, save_file
from torch import nn


class Vae(nn.Module):
    """Pictures [B, 1, 8, 8] of two latents."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 3, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(3, 4, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
        )
        self.to_mean = nn.Linear(16, 2)
        self.to_raw_scale = nn.Linear(16, 2)
        self.from_latent = nn.Linear(2, 16)
        self.decoder = nn.Sequential(
            nn.ReLU(),
            nn.Unflatten(1, (4, 2, 2)),
            nn.ConvTranspose2d(4, 3, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(3, 1, 4, stride=2, padding=1),
        )

    def forward(self, x):
        features = self.encoder(x)
        mean = self.to_mean(features)
        scale = nn.functional.softplus(self.to_raw_scale(features))
        return mean, scale, torch.sigmoid(self.decoder(self.from_latent(mean)))


def answers(module, x):
    """What a module makes of pictures, with their channels last as Elbo has them."""
    with torch.no_grad():
        mean, scale, reconstruction = module(x)
    last = lambda pictures: pictures.permute(0, 2, 3, 1).contiguous()
    return {"x": last(x), "mean": mean, "scale": scale, "reconstruction": last(reconstruction)}


def make(folder):
    """Writes the weights of a new module, and what it makes of some pictures."""
    torch.manual_seed(0)
    module = Vae()
    x = (torch.rand(5, 1, 8, 8) < 0.5).float()
    save_file(module.state_dict(), f"{folder}/state_dict.safetensors", metadata={"format": "pt"})
    save_file(answers(module, x), f"{folder}/answers.safetensors")


def check(folder):
    """Reads the weights that Elbo wrote, and compares what they make of the same pictures."""
    module = Vae()
    module.load_state_dict(load_file(f"{folder}/state_dict.safetensors"))
    wanted = load_file(f"{folder}/answers.safetensors")
    found = answers(module, wanted["x"].permute(0, 3, 1, 2))
    differences = {
        name: (found[name] - wanted[name]).abs().max().item()
        for name in ("mean", "scale", "reconstruction")
    }
    print(json.dumps(differences))
    assert max(differences.values()) < 1e-5


{"make": make, "check": check}[sys.argv[1]](sys.argv[2])
