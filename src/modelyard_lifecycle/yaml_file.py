"""A YAML file, read with what is wrong with it told in a sentence."""

from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from .errors import Fault


class Once(yaml.SafeLoader):
    """Refuses a key that stands twice in a mapping, of which YAML's readers take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping.

        Raises:
            ConstructorError: it holds a key twice.
        """
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for name in names:
            if names.count(name) > 1:
                raise ConstructorError(problem=f"{name} stands there {names.count(name)} times")
        return super().construct_mapping(node, deep)


def read_yaml(file: Path) -> Any:
    """Return what a YAML file holds, of whatever shape.

    Raises:
        Fault: it cannot be read, is not YAML, or holds a key twice.
    """
    try:
        return yaml.load(file.read_text("utf-8"), Once)
    except OSError as unread:
        raise Fault(f"{file} cannot be read: {unread.strerror}") from unread
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise Fault(f"{file} is not YAML: {str(broken).splitlines()[0]}") from broken
