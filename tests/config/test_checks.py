"""System checks: a sentence and a way out."""

import pytest
from django.core.checks import run_checks

from config.checks import debug_is_for_one_machine, home_can_be_written


def test_this_installation_has_nothing_to_complain_about():
    assert run_checks() == []


def test_debug_on_a_shared_server_is_warned_of(settings):
    settings.DEBUG, settings.EMBEDDED_POSTGRES = True, False

    assert [warning.id for warning in debug_is_for_one_machine(None)] == ["pathos.W001"]


@pytest.mark.parametrize(("debug", "embedded"), [(True, True), (False, False)])
def test_debug_on_ones_own_machine_is_fine(settings, debug, embedded):
    settings.DEBUG, settings.EMBEDDED_POSTGRES = debug, embedded

    assert debug_is_for_one_machine(None) == []


def test_a_home_that_cannot_be_written_is_an_error_with_a_way_out(settings, tmp_path):
    file = tmp_path / "file"
    file.touch()
    settings.PATHOS_HOME = file / "home"

    (error,) = home_can_be_written(None)

    assert error.id == "pathos.E001"
    assert "can't be written" in error.msg
    assert "Set PATHOS_HOME" in error.hint
