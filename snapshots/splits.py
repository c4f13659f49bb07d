"""Which part of a snapshot a post belongs to: train, validation or test, fixed per post."""

import unicodedata
from hashlib import blake2b

#: The same for every campaign, so that no post is trained on here and tested on there.
SALT = "pathos-split-1"
SHARES = {"train": 80, "validation": 10, "test": 10}
METHOD = "blake2b(salt NUL group) mod 100; group: the text without case and spacing"


def split_of(group: str, salt: str = SALT) -> str:
    """The split of all posts of a group.

    >>> split_of("a post"), split_of("a post 2"), split_of("a post 8")
    ('validation', 'train', 'train')
    """
    bucket = int(blake2b(f"{salt}\0{group}".encode()).hexdigest(), 16) % 100
    for name, share in SHARES.items():
        bucket -= share
        if bucket < 0:
            return name
    raise AssertionError("the shares add up to 100")


def group_of(key: str, image: str, *texts: str) -> str:
    """What exact copies of a post have in common: text, else the image, else nothing but its id.

    Copies must share a split, or a model would be tested on what it was trained on.

    >>> group_of("p1", "", "", "A  Dog") == group_of("p2", "", "a dog", "")
    True
    """
    text = normalise(" ".join(texts))
    if text:
        return blake2b(text.encode(), digest_size=16).hexdigest()
    return f"image {image}" if image else f"post {key}"


def normalise(text: str) -> str:
    """Case, spacing and Unicode's several ways to write a letter don't make another text.

    >>> normalise("  Caf\\u0065\\u0301\\n LATTE ")
    'café latte'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
