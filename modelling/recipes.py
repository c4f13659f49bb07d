"""The names of the recipes, for forms and for checks; the recipes themselves are training's."""

from modelling.errors import UnknownRecipe


def names() -> list[str]:
    from training.recipes import RECIPES

    return list(RECIPES)


def check(name: str) -> str:
    """The name itself. Raises UnknownRecipe."""
    if name not in names():
        raise UnknownRecipe(f"There is no recipe '{name}'. There are: {', '.join(names())}.")
    return name
