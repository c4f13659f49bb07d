"""System checks: what is wrong with this installation, in a sentence, with a way out."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register


@register(Tags.security)
def debug_is_for_one_machine(app_configs, **kwargs) -> list:
    if settings.DEBUG and not settings.EMBEDDED_POSTGRES:
        return [
            Warning(
                "PATHOS_DEBUG is on while DATABASE_URL names a server: pages show tracebacks.",
                hint="Unset PATHOS_DEBUG where other people can reach the pages.",
                id="pathos.W001",
            )
        ]
    return []


@register()
def home_can_be_written(app_configs, **kwargs) -> list:
    try:
        settings.PATHOS_HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = settings.PATHOS_HOME / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        return [
            Error(
                f"PATHOS_HOME {settings.PATHOS_HOME} can't be written: {error.strerror}.",
                hint="Set PATHOS_HOME to a folder that you own.",
                id="pathos.E001",
            )
        ]
    return []
