"""
A worker that estimates log p(x) by importance sampling with PyTorch:
torch_evidence.py ROWS SAMPLES THREADS BLAS_THREADS. One step is all rows, decoded 4096 latents at
a time like ours.
"""
import math
import sys

from torch_serve import serve, torch_on

rows, samples, threads, blas_threads = sys.argv[1:]
rows, samples = int(rows), int(samples)
torch = torch_on(threads, blas_threads)
nn, functional = torch.nn, torch.nn.functional
normal = torch.distributions.Normal

encoder = nn.Sequential(nn.Linear(784, 400), nn.ReLU())
mean, log_variance = nn.Linear(400, 20), nn.Linear(400, 20)
decoder = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784))
data = torch.rand(rows, 784).round()
BATCH, LATENTS_AT_A_TIME = 128, 4096


def log_likelihood(x, samples):
    h = encoder(x)
    q, p = normal(mean(h), torch.exp(0.5 * log_variance(h))), normal(0, 1)
    chunk = max(1, LATENTS_AT_A_TIME // len(x))
    sums = []
    for done in range(0, samples, chunk):
        count = min(chunk, samples - done)
        z = q.sample((count,))
        logits = decoder(z.view(-1, 20)).view(count, len(x), 784)
        density = -functional.binary_cross_entropy_with_logits(
            logits, x.expand_as(logits), reduction="none"
        )
        weights = density.sum(-1) + (p.log_prob(z) - q.log_prob(z)).sum(-1)
        sums.append(torch.logsumexp(weights, 0))
    return torch.logsumexp(torch.stack(sums), 0) - math.log(samples)


def step():
    with torch.no_grad():
        return [log_likelihood(x, samples).sum().item() for x in data.split(BATCH)]


with torch.no_grad():
    log_likelihood(data, 64)  # Warms it up.
serve(torch, step)
