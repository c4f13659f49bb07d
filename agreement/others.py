"""The free texts of `other`, grouped: what raters miss, and the next taxonomy may offer."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

#: Posts that a group names, to read what raters meant.
EXAMPLES = 5


@dataclass
class Group:
    """Texts that are one but for their spelling.

    raters    the ids of those who wrote one of them
    examples  post ids, in the order in which they came, no more than `EXAMPLES`
    """

    spellings: Counter = field(default_factory=Counter)
    raters: set[int] = field(default_factory=set)
    examples: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The most frequent spelling; of several the first in the alphabet."""
        return min(self.spellings, key=lambda text: (-self.spellings[text], text))

    @property
    def count(self) -> int:
        return self.spellings.total()


def grouped(texts: Iterable[tuple[str, int, int]]) -> list[Group]:
    """Groups of (text, rater id, post id), the most frequent first.

    >>> texts = [("Confused", 1, 7), ("confused!", 2, 7), ("curious", 1, 8)]
    >>> [(group.text, group.count, len(group.raters)) for group in grouped(texts)]
    [('Confused', 2, 2), ('curious', 1, 1)]
    """
    groups: dict[str, Group] = {}
    for text, rater, post in texts:
        if folded := fold(text):
            group = groups.setdefault(folded, Group())
            group.spellings[text.strip()] += 1
            group.raters.add(rater)
            if post not in group.examples and len(group.examples) < EXAMPLES:
                group.examples.append(post)
    return sorted(groups.values(), key=lambda group: (-group.count, group.text))


def fold(text: str) -> str:
    """The text without case, accents, punctuation, and letters held down.

    A text of nothing else, such as a smiley, stays what it is.

    >>> fold("  Mild-ly  DÉÇU... "), fold("sooooo sad"), fold("🙂")
    ('mild ly decu', 'soo sad', '🙂')
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    words = re.sub(r"[\W_]+", " ", plain).strip()
    return re.sub(r"(.)\1{2,}", r"\1\1", words) or text.strip()
