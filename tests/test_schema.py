from django.core.management import call_command


def test_the_description_of_rest_is_valid_and_complete(tmp_path):
    """Every door says what goes in and what comes out; a warning here is a gap in what it says."""
    call_command("spectacular", file=str(tmp_path / "schema.yml"), validate=True, fail_on_warn=True)
