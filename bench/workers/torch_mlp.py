"""A worker that trains the MLP model with PyTorch: torch_mlp.py BATCH THREADS BLAS_THREADS"""
import sys

from torch_serve import serve_training, torch_on

batch, threads, blas_threads = sys.argv[1:]
torch = torch_on(threads, blas_threads)
nn = torch.nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden, self.back = nn.Linear(784, 400), nn.Linear(20, 400)
        self.mean, self.log_variance = nn.Linear(400, 20), nn.Linear(400, 20)
        self.logits = nn.Linear(400, 784)

    def forward(self, x):
        h = torch.relu(self.hidden(x))
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        return self.logits(torch.relu(self.back(z))), mean, log_variance


serve_training(torch, Model(), torch.rand(int(batch), 784).round())
