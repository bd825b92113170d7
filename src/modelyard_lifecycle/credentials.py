"""Remove user names, passwords and tokens from addresses before they are shown or recorded."""

import re

WEB = re.compile(r"(?<=https://)[^/\s?#]*@|(?<=http://)[^/\s?#]*@")
OTHER = re.compile(r"(?<=://)([^/@:\s?#]*):[^/\s?#]*@")  # of ssh://git:password@host the user stays


def without_credentials(text: str) -> str:
    """Return a text, such as an error message, in which no address has a password or token."""
    return OTHER.sub(r"\1@", WEB.sub("", text))
