#!/usr/bin/env python
"""Commands of Chibo; `make` lists the everyday ones."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.settings")
    from django.core.management import execute_from_command_line

    from chibo import embedded

    with embedded.ensure(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
