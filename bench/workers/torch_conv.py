"""A worker that trains the convolutional model with PyTorch: torch_conv.py BATCH THREADS BLAS_THREADS"""
import sys

from torch_serve import serve_training, torch_on

batch, threads, blas_threads = sys.argv[1:]
torch = torch_on(threads, blas_threads)
nn = torch.nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(
            nn.Conv2d(1, 32, 3, 2, 1), nn.ReLU(),
            nn.Conv2d(32, 64, 3, 2, 1), nn.ReLU(),
            nn.Flatten(), nn.Linear(3136, 16), nn.ReLU(),
        )
        self.mean, self.log_variance = nn.Linear(16, 16), nn.Linear(16, 16)
        self.up = nn.Sequential(
            nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 3136), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
            nn.ConvTranspose2d(64, 32, 3, 2, 1, 1), nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 3, 2, 1, 1),
        )

    def forward(self, x):
        h = self.down(x)
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        return self.up(z), mean, log_variance


serve_training(torch, Model(), torch.rand(int(batch), 1, 28, 28).round())
