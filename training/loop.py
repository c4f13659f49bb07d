"""The learning itself: step, report, checkpoint, look at the validation split, keep the best."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch

from training.batches import Batch, batches, shuffled
from training.checkpoint import load_checkpoint, save_checkpoint
from training.data import Data
from training.evaluate import mean_average_precision
from training.predict import chances
from training.recipes import Recipe
from training.rows import join_rows
from training.two_tower import TwoTower, masked_loss


@dataclass(frozen=True)
class Progress:
    """Where a run stands; `step` of `steps` is the fraction to show."""

    #: preparing, learning, measuring, done
    stage: str
    step: int
    steps: int
    #: of the last batch, every few steps
    loss: float | None = None
    #: mean average precision on the validation split, once per epoch
    validation: float | None = None


Report = Callable[[Progress], None]


@dataclass
class Run:
    """A model on its way. What is not here cannot be resumed."""

    model: TwoTower
    data: Data
    recipe: Recipe
    checkpoint: Path
    #: a checkpoint with another identity is of another run
    identity: dict
    report: Report
    step: int = 0
    #: the validation figure of every epoch so far
    curve: list[float | None] = field(default_factory=list)
    best: dict | None = None

    def __post_init__(self) -> None:
        self.optimiser = make_optimiser(self.model, self.recipe)
        self.per_epoch = len(self.order(0))
        self.steps = self.recipe.epochs * self.per_epoch

    def order(self, epoch: int) -> list:
        """The batches of an epoch, the same whenever it is asked for."""
        recipe = self.recipe
        return shuffled(
            self.data.train, self.data.posts, size=recipe.batch, seed=recipe.seed, epoch=epoch
        )

    def learn(self) -> None:
        """All epochs that are still to come; leaves the best epoch's weights in the model."""
        self.resume()
        while self.step < self.steps:
            self.finish_epoch()
            self.look_back()
            self.save()
            self.report(Progress("learning", self.step, self.steps, validation=self.curve[-1]))
        self.model.load_state_dict(self.best)

    def finish_epoch(self) -> None:
        """Every step that is left of the current epoch."""
        epoch, done = divmod(self.step, self.per_epoch)
        data, recipe = self.data, self.recipe
        for batch in batches(data.train, self.order(epoch)[done:], data.posts, data.people):
            rate = learning_rate(self.step, self.steps, recipe)
            loss = take_step(self.model, batch, self.optimiser, rate=rate, clip=recipe.clip)
            self.step += 1
            if self.step % recipe.checkpoint_every == 0 and self.step % self.per_epoch:
                self.save()
            if self.step % recipe.report_every == 0:
                self.report(Progress("learning", self.step, self.steps, loss=loss.item()))

    def look_back(self) -> None:
        """Measure on the validation split; remember the weights if they are the best so far."""
        figure = validation_figure(self.model, self.data)
        if figure is None or figure > max(filter(None, self.curve), default=-1.0):
            self.best = {name: x.cpu().clone() for name, x in self.model.state_dict().items()}
        self.curve = [*self.curve, figure]

    def save(self) -> None:
        """One dict holds all a run needs to go on."""
        state = {
            "identity": self.identity,
            "step": self.step,
            "curve": self.curve,
            "best": self.best,
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "chance": torch.get_rng_state(),
            "chance_cuda": torch.cuda.get_rng_state_all(),
        }
        save_checkpoint(self.checkpoint, state)

    def resume(self) -> None:
        """Take up the checkpoint where there is one; CheckpointError if it is of another run."""
        state = load_checkpoint(self.checkpoint, identity=self.identity)
        if state is None:
            return
        self.step, self.curve, self.best = state["step"], state["curve"], state["best"]
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["chance"])
        torch.cuda.set_rng_state_all(state["chance_cuda"])


def take_step(
    model: TwoTower, batch: Batch, optimiser: torch.optim.Optimizer, *, rate: float, clip: float
) -> torch.Tensor:
    """Forward, backward, clip, update; returns the loss."""
    device = model.nobody.device
    batch = batch.to(device)
    model.train()
    with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
        loss = masked_loss(model(batch), batch)
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.step()
    return loss.detach()


def make_optimiser(model: TwoTower, recipe: Recipe) -> torch.optim.AdamW:
    """AdamW that decays the matrices of linear layers only."""
    linear = (module for module in model.modules() if isinstance(module, torch.nn.Linear))
    decayed = {id(module.weight) for module in linear}
    groups = [
        {"params": [p for p in model.parameters() if id(p) in decayed]},
        {"params": [p for p in model.parameters() if id(p) not in decayed], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, weight_decay=recipe.weight_decay, fused=True)


def learning_rate(step: int, steps: int, recipe: Recipe) -> float:
    """Linear warm-up, then half a cosine down to zero."""
    warm = max(1, round(recipe.warmup * steps))
    if step < warm:
        return recipe.learning_rate * (step + 1) / warm
    return recipe.learning_rate * (1 + math.cos(math.pi * (step - warm) / (steps - warm))) / 2


def validation_figure(model: TwoTower, data: Data) -> float | None:
    """Mean average precision over all validation rows; None if they cannot tell."""
    rows = join_rows(list(data.truth["validation"].values()))
    found_RT = chances(model, rows, data.posts, data.people, data.prior_shift_T)
    return mean_average_precision(rows, found_RT)
