"""Named training configurations. A recipe is a function that returns one frozen dataclass."""

from dataclasses import dataclass, replace

from training.errors import TrainingError


@dataclass(frozen=True)
class Sizes:
    """How large one tower's text encoder is."""

    width: int
    depth: int
    heads: int
    #: memory slots; 32 suit texts of 128 tokens, 64 suit 512
    slots: int
    #: `linformer`, or `full` attention: as good a choice below some 500 tokens
    kind: str = "linformer"
    sharing: str = "kv"
    rescale: bool = True
    dropout: float = 0.1


@dataclass(frozen=True)
class Recipe:
    """Everything about a run that is not its snapshot; saved in the bundle."""

    name: str
    content: Sizes
    person: Sizes

    #: `taxonomy`, or a preset of tasks
    tasks: str = "taxonomy"
    #: the consensus rule whose labels are learnt: `primary`, a rule of the snapshot, or `soft`
    target: str = "primary"
    #: what a post is to an affect that some raters picked, but too few: `unknown` or `negative`
    between: str = "unknown"
    #: weigh a post by what it stands for, cut at the 99th percentile
    weighted: bool = True
    #: negatives drawn per positive of a task; None keeps them all
    negatives: float | None = None
    #: the most positives of a task
    most_positives: int | None = None
    #: tasks with fewer positives or negatives in the train split are left out
    fewest: int = 20

    vocabulary: int = 16_384
    #: tokens kept of title, body, text on the image, transcript
    budgets: tuple[int, int, int, int] = (32, 256, 96, 128)
    bio_budget: int = 64

    embedding: int = 32
    fusion: int = 128

    learning_rate: float = 7e-4
    epochs: int = 3
    batch: int = 512
    warmup: float = 0.03
    weight_decay: float = 0.01
    clip: float = 1.0
    seed: int = 0
    #: steps between checkpoints, and between progress reports
    checkpoint_every: int = 500
    report_every: int = 20


def tiny() -> Recipe:
    """Seconds on a CPU, for tests and for trying the way through."""
    return Recipe(
        name="tiny",
        content=Sizes(width=32, depth=1, heads=4, slots=8),
        person=Sizes(width=16, depth=1, heads=2, slots=4),
        fewest=5,
        vocabulary=600,
        budgets=(8, 32, 8, 16),
        bio_budget=16,
        learning_rate=5e-3,
        epochs=8,
        batch=64,
        checkpoint_every=20,
        report_every=5,
    )


def small() -> Recipe:
    """Minutes on a CPU, for some 50,000 short posts."""
    return Recipe(
        name="small",
        content=Sizes(width=128, depth=1, heads=4, slots=32, dropout=0.3),
        person=Sizes(width=64, depth=1, heads=4, slots=16, dropout=0.3),
        target="soft",
        vocabulary=8_192,
        epochs=4,
        batch=128,
    )


def small_full() -> Recipe:
    """`small` with attention to every position: on short posts as fast, and better."""
    recipe = small()
    return replace(
        recipe,
        name="small_full",
        content=replace(recipe.content, kind="full"),
        person=replace(recipe.person, kind="full"),
    )


def paper() -> Recipe:
    """The published set-up, for a GPU: 23 tasks, balanced, up to a million cells each."""
    return Recipe(
        name="paper",
        content=Sizes(width=128, depth=2, heads=4, slots=64),
        person=Sizes(width=64, depth=1, heads=4, slots=32),
        tasks="kdd22-23",
        negatives=1.0,
        most_positives=500_000,
        fewest=200,
    )


RECIPES = {recipe.__name__: recipe for recipe in (tiny, small, small_full, paper)}


def find_recipe(name: str) -> Recipe:
    """The recipe of that name; TrainingError lists the names there are."""
    if name not in RECIPES:
        raise TrainingError(f"There is no recipe {name!r}; there are {', '.join(RECIPES)}.")
    return RECIPES[name]()
