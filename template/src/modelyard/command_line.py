"""Argument parsers of the modules that images start, with an example in `--help`."""

import argparse


def parser(module: str, about: str | None, example: str = "") -> argparse.ArgumentParser:
    """Create the parser of `python -m MODULE`; `example` are arguments of an example call."""
    command = f"python -m {module}"
    return argparse.ArgumentParser(
        command,
        description=about,
        epilog=f"example:\n  uv run {command} {example}".rstrip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def integer(text: str) -> int:
    """Convert an argument to an integer.

    Raises:
        ArgumentTypeError: the text is not an integer.
    """
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"is {text!r}, allowed is a whole number") from None
