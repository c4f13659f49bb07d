"""What the guideline page shows of a taxonomy: each affect with worked examples, and what is easily
confused."""

from dataclasses import dataclass

from annotation import desk
from taxonomy import guides
from taxonomy.guides import Example, NearMiss, Told
from taxonomy.models import Affect, Taxonomy


@dataclass(frozen=True)
class Explained:
    """An affect with posts in which it is right, and posts that rather are something else."""

    affect: Affect
    examples: list[Example]
    near_misses: list[tuple[NearMiss, Affect]]


@dataclass(frozen=True)
class Group:
    title: str
    affects: list[Explained]


@dataclass(frozen=True)
class Side:
    """One of the affects of a pair, with its posts."""

    affect: Affect
    posts: list[Told]


@dataclass(frozen=True)
class Pair:
    rule: str
    sides: list[Side]


@dataclass(frozen=True)
class Guideline:
    groups: list[Group]
    pairs: list[Pair]


def of(taxonomy: Taxonomy, language: str = "") -> Guideline:
    """All there is to explain, grouped and named as on the desk. What a guide says of affects that
    the taxonomy doesn't have is left out; without a guide the taxonomy's own examples remain."""
    guide = guides.find(taxonomy.key, taxonomy.version, language)
    groups = desk.groups_of(taxonomy.id)
    affects = {choice.affect.key: choice.affect for group in groups for choice in group.choices}
    return Guideline(
        groups=[
            Group(
                group.title, [_explained(choice.affect, guide, affects) for choice in group.choices]
            )
            for group in groups
        ],
        pairs=[
            Pair(pair.rule, [_side(affects[key], pair.posts) for key in pair.affects])
            for pair in guide.confused
            if set(pair.affects) <= set(affects)
        ],
    )


def _explained(affect: Affect, guide: guides.Guide, affects: dict[str, Affect]) -> Explained:
    examples = list(guide.examples.get(affect.key, ()))
    if affect.example:
        examples.insert(0, Example(affect.example))
    misses = guide.near_misses.get(affect.key, ())
    known = [(miss, affects[miss.instead]) for miss in misses if miss.instead in affects]
    return Explained(affect, examples, known)


def _side(affect: Affect, posts: tuple[Told, ...]) -> Side:
    return Side(affect, [post for post in posts if post.affect == affect.key])
