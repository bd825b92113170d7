"""Run the command `modelyard` as `python -m modelyard`."""

from .cli.main import main

if __name__ == "__main__":
    main()
