from collections import Counter
from hashlib import blake2b

from snapshots.splits import group_of, split_of


def test_shares_are_what_they_say():
    found = Counter(split_of(f"group {number}") for number in range(20_000))

    assert abs(found["train"] - 16_000) < 250
    assert abs(found["validation"] - 2_000) < 150
    assert abs(found["test"] - 2_000) < 150


def test_a_split_is_the_bucket_of_a_salted_hash():
    def bucket(group: str) -> int:
        return int(blake2b(b"pathos-split-1\0" + group.encode()).hexdigest(), 16) % 100

    for group in map(str, range(300)):
        expected = {8: "validation", 9: "test"}.get(bucket(group) // 10, "train")
        assert split_of(group) == expected


def test_copies_are_known_by_text_then_image_then_id():
    same_text = group_of("p1", "a.png", "", "Hello  World"), group_of("p2", "b.png", "hello world")
    same_image = group_of("p1", "a.png", ""), group_of("p2", "a.png", " ")
    nothing = group_of("p1", "", ""), group_of("p2", "", "")

    assert same_text[0] == same_text[1]
    assert same_image[0] == same_image[1]
    assert nothing[0] != nothing[1]
