"""What raters declare of themselves: blank is an answer, and withdrawing erases."""

from joining import entries, members, strata
from joining.models import Strata
from joining.rules import Step

BLANK = dict.fromkeys(strata.PARTS, "")


def said(rater) -> dict:
    return Strata.objects.filter(rater=rater).values(*strata.PARTS).get()


def test_everything_may_be_left_blank(ada):
    strata.declare(rater=ada)

    assert said(ada) == BLANK


def test_the_last_word_counts(ada):
    strata.declare(rater=ada, age_band="25-34", location="Riga")
    strata.declare(rater=ada, age_band="35-44", gender="  two\nspirit ")

    assert said(ada) == {**BLANK, "age_band": "35-44", "gender": "two spirit"}


def test_withdrawing_erases_the_values_and_asks_nobody_again(campaign, member):
    entries.change(campaign=campaign, asks_strata=True, shows_guideline=False)
    strata.declare(rater=member.rater, age_band="75+", ethnicity="Sámi", ideology="left")

    strata.withdraw(rater=member.rater)

    assert said(member.rater) == BLANK
    assert members.next_step(member) is Step.READY
