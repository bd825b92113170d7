"""Whom the registry tells, from the environment."""

from dataclasses import dataclass

from ..settings import Settings, setting


@dataclass(frozen=True)
class Publishing(Settings):
    """The registry's settings; `.env.example` says what each is for."""

    registry_push: int = setting(0, least=0, most=1)
