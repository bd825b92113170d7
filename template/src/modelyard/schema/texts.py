"""Arrays of texts, of bounded memory.

NumPy's `str` arrays give each text the memory of the longest one, and drop NULs at the end;
those of `StringDType` give each text the memory of its own length, and keep it as it is.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

WIDEST = 256  # characters of a text that is valid in a `str` array
END = "\uffff"  # stands for a NUL at the end in a `str` array; Unicode has no such character


def to_array(values: Iterable[Any], width: int) -> np.ndarray:
    """Return texts as an array, "" for None.

    Args:
        values: texts or None.
        width: maximum characters of a text in the array; a longer one is cut and ends with "…".
            -1 allows any length, in an array of `StringDType`.
    """
    texts = [value or "" for value in values]
    if width < 0:
        return np.array(texts, np.dtypes.StringDType())
    joined = "".join(texts)
    longest = len(max(texts, key=len)) if len(joined) > width else 0  # 0: NumPy finds it
    if longest > width or "\0" in joined:
        cut = [text if len(text) <= width else text[: width - 1] + "…" for text in texts]
        texts, longest = [text.rstrip("\0").ljust(len(text), END) for text in cut], 0
    return np.array(texts, f"<U{longest}" if longest else np.str_)
