"""`python -m modelyard`: the command `modelyard`."""

from .cli.main import main

if __name__ == "__main__":
    main()
