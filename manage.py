#!/usr/bin/env python
"""Every command of Pathos: `manage.py help` lists them."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from lib.errors import PathosError

    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, PathosError) as error:
        sys.exit(f"Error: {error}")
    except BrokenPipeError:
        # The reader of our output has seen enough (`… | head`); closing it again would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
