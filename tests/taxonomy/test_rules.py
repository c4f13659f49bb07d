import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.errors import RepeatedPick, UnknownAffect
from taxonomy.rules import MAX_AFFECTS, OTHER_BIT, keys_of, mask_of

KEYS = tuple(f"a{position}" for position in range(MAX_AFFECTS))


@given(st.sets(st.integers(0, MAX_AFFECTS - 1)))
def test_picks_survive_the_mask_in_position_order(positions):
    picks = [KEYS[position] for position in positions]

    mask = mask_of(picks, KEYS)

    assert keys_of(mask, KEYS) == [KEYS[position] for position in sorted(positions)]
    assert 0 <= mask < 1 << OTHER_BIT
    assert (mask | 1 << OTHER_BIT) < 1 << 63  # the mask with `other` still fits a bigint


def test_an_affect_that_is_nearly_right_is_guessed():
    with pytest.raises(UnknownAffect, match="no affect 'joyy'; did you mean 'joy'?"):
        mask_of(["joyy"], ("joy", "grief"))


def test_an_affect_that_is_far_off_gets_the_whole_list():
    with pytest.raises(UnknownAffect, match="no affect 'x'; it has: joy, grief."):
        mask_of(["x"], ("joy", "grief"))


def test_an_affect_counts_once():
    with pytest.raises(RepeatedPick, match="'joy' is picked twice"):
        mask_of(["joy", "joy"], ("joy", "grief"))
