"""How much of a core's matmul peak a training step uses.

    python -m bench.training

Prints, for texts of 128 and of 512 tokens, rows per second of one thread's CPU time, and the share
of the FLOP floor: what the same core would need if it did nothing but the multiplications. The peak
is measured in the same process, so that machines compare. Reference: two content layers of width
128, one person layer of width 64, 16,384 tokens, no dropout, AdamW and clipping included.
"""

import time
from collections.abc import Callable

import numpy as np
import torch

from training.batches import make_batch
from training.encoder import EncoderShape
from training.loop import make_optimiser, take_step
from training.recipes import paper
from training.rows import Rows
from training.tokens import Texts
from training.two_tower import TowerShape, TwoTower, TwoTowerShape, initialise

VOCABULARY = 16_384
TASKS = 23
BIO = 32
#: tokens, memory slots, rows in a step, attention, share of the floor that we want to keep
CASES = (
    (128, 32, 128, "linformer", 0.33),
    (128, 32, 128, "full", None),
    (512, 64, 32, "linformer", 0.28),
    (512, 64, 32, "full", None),
)
REPEATS = 8


def main() -> None:
    torch.set_num_threads(1)
    peak = matmul_peak()
    print(f"matmul peak of one thread: {peak / 1e9:.0f} GFLOP/s, float32")
    print("tokens  attention  MFLOP/row  rows/CPU-s  share of floor  goal")
    for tokens, slots, rows, kind, goal in CASES:
        flops = row_flops(tokens, slots, kind)
        rate = rows / best_seconds(training_step(tokens, slots, rows, kind))
        share = rate * flops / peak
        wanted = "" if goal is None else f"{goal:.2f}"
        print(f"{tokens:6}  {kind:9}  {flops / 1e6:9.0f}  {rate:10.0f}  {share:14.2f}  {wanted:>4}")


def matmul_peak(size: int = 1024) -> float:
    """FLOP/s of a square float32 product, the best of several."""
    left, right = torch.randn(2, size, size)
    return 2 * size**3 / best_seconds(lambda: left @ right)


def best_seconds(work: Callable[[], object]) -> float:
    """CPU time of the fastest run: other jobs on the machine can only add to it."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def row_flops(tokens: int, slots: int, kind: str) -> float:
    """Multiplications and additions of one row, forward and backward (twice the forward)."""
    content = 2 * layer_flops(tokens, slots, 128, kind)
    return 3 * (content + layer_flops(BIO, 16, 64, kind))


def layer_flops(n: int, k: int, d: int, kind: str) -> float:
    """Forward FLOPs of one layer: n tokens, k slots, width d."""
    if kind == "full":
        return 24 * n * d**2 + 4 * n**2 * d
    return 20 * n * d**2 + 2 * n * k * d + 4 * k * d**2 + 4 * n * k * d


def training_step(tokens: int, slots: int, rows: int, kind: str) -> Callable[[], object]:
    """A step on a batch of full-length texts, each post and person in one row."""

    def tower(longest: int, width: int, depth: int, slots: int) -> TowerShape:
        text = EncoderShape(VOCABULARY, 5, longest, width, depth, 4, slots, kind=kind)
        return TowerShape(text, dense=5, embedding=32)

    content, person = tower(tokens, 128, 2, slots), tower(BIO, 64, 1, 16)
    model = TwoTower(TwoTowerShape(content, person, fusion=128, tasks=TASKS))
    initialise(model, torch.zeros(TASKS), torch.Generator().manual_seed(0))
    each = np.arange(rows)
    cells = np.ones((rows, TASKS), np.float32)
    table = Rows(each, each, cells > 0, cells, cells)
    batch = make_batch(table, full_texts(rows, tokens), full_texts(rows, BIO))
    optimiser = make_optimiser(model, paper())
    return lambda: take_step(model, batch, optimiser, rate=1e-4, clip=1.0)


def full_texts(count: int, tokens: int) -> Texts:
    """Texts of random tokens, all of the same length."""
    ids = np.random.default_rng(0).integers(1, VOCABULARY, count * tokens).astype(np.uint16)
    offsets = np.arange(0, count * tokens + 1, tokens)
    dense = np.zeros((count, 5), np.float32)
    return Texts(ids, np.ones_like(ids, np.uint8), offsets, tokens, dense)


if __name__ == "__main__":
    main()
