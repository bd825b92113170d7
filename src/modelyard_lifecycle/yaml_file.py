"""Read a YAML file strictly; errors become one-line user errors."""

from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from .errors import UserError


class UniqueKeyLoader(yaml.SafeLoader):
    """A loader that refuses duplicate keys; other YAML loaders silently use the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping of a node.

        Raises:
            ConstructorError: a key occurs twice.
        """
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for name in names:
            if names.count(name) > 1:
                raise ConstructorError(problem=f"duplicate key {name}")
        return super().construct_mapping(node, deep)


def read_yaml(file: Path) -> Any:
    """Return the content of a YAML file.

    Raises:
        UserError: the file cannot be read, is not YAML, or has a duplicate key.
    """
    try:
        return yaml.load(file.read_text("utf-8"), UniqueKeyLoader)
    except OSError as unread:
        raise UserError(f"{file} cannot be read: {unread.strerror}") from unread
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise UserError(f"{file} is not YAML: {str(broken).splitlines()[0]}") from broken
