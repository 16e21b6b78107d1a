"""`python -m pycandle` and the `pycandle` command."""

import sys

from pycandle.cli.boundary import run


def main() -> None:
    """Runs the command line and exits."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
