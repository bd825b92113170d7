"""Replace values in a YAML text, and leave the rest of it as it is, comments included."""

from typing import Any

import yaml

Path = tuple[str, ...]


def replace_values(text: str, values: dict[Path, Any]) -> str:
    """Return a YAML text with other values; a path that the text lacks is ignored.

    Args:
        text: a mapping in block style.
        values: path of keys to the new value; of one that is a mapping, all is replaced.
    """
    for path, value in values.items():
        node = _find(yaml.compose(text), path)
        if node is not None:
            text = _replaced(text, node.start_mark.index, _end(node), _flow(value))
    return text


def _find(node: yaml.Node | None, path: Path) -> yaml.Node | None:
    for key in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        node = next((value for name, value in pairs if name.value == key), None)
    return node


def _end(node: yaml.Node) -> int:
    """Return where a value ends: a block ends with its last value, before comments."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _flow(value: Any) -> str:
    dumped = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True
    )
    return dumped.removesuffix("\n").removesuffix("\n...")


def _replaced(text: str, start: int, end: int, value: str) -> str:
    """Return the text with a value in the place of another.

    A comment after the value stays in its column if there is room. A block begins on the line after
    its key: the value goes to the line of the key, before its comment.
    """
    before, line = text[:start].rstrip(" ").rpartition("\n")[::2]
    if line:
        after, _, rest = text[end:].partition("\n")
        tail = after.strip(" ")
        filled = f"{text[:start]}{value} ".ljust(end + len(after) - len(tail)) if tail else ""
        return (filled + tail if tail else f"{text[:start]}{value}") + "\n" + rest
    key, mark, comment = before.rpartition("\n")[2].partition("#")
    head = before[: len(before) - len(key + mark + comment)]
    own = f"{key.rstrip()} {value} ".ljust(len(key)) + mark + comment if mark else f"{key} {value}"
    return head + own + text[end:]
