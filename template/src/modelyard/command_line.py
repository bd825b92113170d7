"""The command line of what images start: one shape of help, with an example at its end."""

import argparse


def parser(module: str, about: str | None, example: str = "") -> argparse.ArgumentParser:
    """Make the parser of a command that is run as `python -m MODULE`.

    Args:
        module: its name, with the package's.
        about: what it does; lines stay as they are.
        example: the words after the module's name in a line that works.
    """
    words = f"python -m {module}"
    return argparse.ArgumentParser(
        words,
        description=about,
        epilog=f"example:\n  uv run {words} {example}".rstrip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def to_whole(text: str) -> int:
    """Read a whole number.

    Raises:
        ArgumentTypeError: it is none.
    """
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"is {text!r}, allowed is a whole number") from None
