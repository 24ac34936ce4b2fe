"""Stacks: the parts of a repository that are planned and applied by themselves."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stack:
    """A project's folder, as ``-C`` takes it, and one of its environments; None where it has none."""

    path: str
    environment: str | None = None


@dataclass(frozen=True, slots=True)
class Root:
    """A folder with a project file, "" for the one that was looked through, and the names of its environments."""

    folder: str
    environments: tuple[str, ...] = ()

    def below(self, name: str) -> str:
        """Return the path of something in it, relative to what was looked through."""
        return f"{self.folder}/{name}" if self.folder else name


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change means for a project: for all of it, or for some of its environments."""

    whole: bool = False
    environments: frozenset[str] = field(default_factory=frozenset)
