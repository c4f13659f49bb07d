"""The model: what a post says and who sees it, encoded apart, then read together.

Axes: P posts, U people (nobody first), R rows, T tasks, C numbers of an embedding.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.batches import Batch
from training.encoder import Block, Compression, EncoderShape, TextEncoder
from training.tokens import TextBatch


@dataclass(frozen=True)
class TowerShape:
    """One tower: a text encoder, beside it `dense` numbers, out come `embedding` numbers."""

    text: EncoderShape
    dense: int
    embedding: int


@dataclass(frozen=True)
class TwoTowerShape:
    """All sizes of the model; the weights are of no use without it."""

    content: TowerShape
    #: None: the snapshot told of no people, and every row is about nobody
    person: TowerShape | None
    fusion: int
    tasks: int


class Tower(nn.Module):
    """A text and its dense features as one embedding."""

    def __init__(self, shape: TowerShape) -> None:
        super().__init__()
        width = shape.text.width
        self.text = TextEncoder(shape.text)
        self.dense = nn.Sequential(nn.LayerNorm(shape.dense), nn.Linear(shape.dense, 32), nn.GELU())
        self.out = nn.Sequential(
            nn.Linear(width + 32, width), nn.GELU(), nn.Linear(width, shape.embedding)
        )

    def forward(self, texts: TextBatch) -> Tensor:
        """Embeddings (B, C)."""
        pooled_BD = self.text(texts.ids_BN, texts.fields_BN, texts.mask_BN)
        return self.out(torch.cat([pooled_BD, self.dense(texts.dense_BF)], dim=1))


class TwoTower(nn.Module):
    """Content tower, person tower, and the fusion that gives one logit per task."""

    def __init__(self, shape: TwoTowerShape) -> None:
        super().__init__()
        self.content = Tower(shape.content)
        self.person = Tower(shape.person) if shape.person else None
        self.nobody = nn.Parameter(torch.empty(1, shape.content.embedding))
        self.fusion = nn.Sequential(
            nn.Linear(2 * shape.content.embedding, shape.fusion),
            nn.GELU(),
            nn.Linear(shape.fusion, shape.tasks),
        )

    def forward(self, batch: Batch) -> Tensor:
        """Logits (R, T). Each distinct post and person goes through its tower once."""
        posts_PC, people_UC = self.content(batch.content), self._people(batch.people)
        pairs_R2C = torch.cat([posts_PC[batch.post_R], people_UC[batch.person_R]], dim=1)
        return self.fusion(pairs_R2C)

    def _people(self, people: TextBatch | None) -> Tensor:
        if people is None:
            return self.nobody
        return torch.cat([self.nobody, self.person(people)])


def masked_loss(logits_RT: Tensor, batch: Batch) -> Tensor:
    """sum(known * w * BCE) / max(1, sum(known * w)): an unknown cell has no gradient at all."""
    weight_RT = torch.where(batch.known_RT, batch.weight_RT, 0.0)
    # An unknown target may be NaN, which a weight of 0 would not silence.
    target_RT = torch.where(batch.known_RT, batch.target_RT, 0.0)
    loss_RT = functional.binary_cross_entropy_with_logits(
        logits_RT.float(), target_RT, reduction="none"
    )
    return (weight_RT * loss_RT).sum() / weight_RT.sum().clamp_min(1)


def initialise(model: TwoTower, log_odds_T: Tensor, generator: torch.Generator) -> None:
    """Give every weight its first value; predictions start out near the prevalence."""
    for module in model.modules():
        if isinstance(module, nn.Linear):
            # keeps the variance of what passes through
            nn.init.normal_(module.weight, std=module.in_features**-0.5, generator=generator)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            # small, so that a rare token can still move far in few steps
            nn.init.normal_(module.weight, std=0.02, generator=generator)
        elif isinstance(module, nn.LayerNorm):
            module.reset_parameters()
        elif isinstance(module, Compression):
            # a slot of a full text then has the size of one token
            for weights_NS in module.parameters():
                nn.init.normal_(weights_NS, std=weights_NS.shape[0] ** -0.5, generator=generator)
    for module in model.modules():
        if isinstance(module, Block):
            # each block begins as the identity
            nn.init.zeros_(module.attention.out.weight)
            nn.init.zeros_(module.wide[-1].weight)
    nn.init.normal_(model.nobody, generator=generator)
    with torch.no_grad():
        model.fusion[-1].bias.copy_(log_odds_T)
