"""The loop of a worker in Python: reads requests, takes steps, answers (see ../protocol.ts)."""
import json
import os
import sys
import time


def torch_on(threads, blas_threads):
    """PyTorch on so many threads. Its BLAS reads the environment once, when it is loaded."""
    os.environ["OPENBLAS_NUM_THREADS"] = blas_threads
    try:
        import torch
    except ImportError as error:
        tell({"cannot": str(error)})
        sys.exit()
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    return torch


def tell(message):
    print(json.dumps(message), flush=True)


def resident_bytes():
    try:
        with open("/proc/self/statm") as pages:
            return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def serve(torch, step):
    for line in sys.stdin:
        steps = json.loads(line)["steps"]
        begun = time.perf_counter()
        for _ in range(steps):
            step()
        milliseconds = (time.perf_counter() - begun) / steps * 1e3
        blas_threads = os.environ["OPENBLAS_NUM_THREADS"]
        detail = f"{torch.__version__}, threads: {torch.get_num_threads()}, of BLAS: {blas_threads}"
        tell({"milliseconds": milliseconds, "residentBytes": resident_bytes(), "detail": detail})


def serve_training(torch, model, x):
    """Steps of Adam on one batch, which is used again and again; the loss is read, as loops do."""
    functional = torch.nn.functional
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)

    def step():
        optimizer.zero_grad()
        logits, mean, log_variance = model(x)
        reconstruction = functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl = -0.5 * (1 + log_variance - mean * mean - log_variance.exp()).sum()
        loss = (reconstruction + kl) / len(x)
        loss.backward()
        optimizer.step()
        return loss.item()

    serve(torch, step)
