"""The Python files of one detections repository, each read and parsed once, when it is asked for."""

import ast
import os
from collections.abc import Mapping
from pathlib import Path

from blinkdecl.config.document.file import Refusal, read_text
from blinkdecl.detections.modules import Module, parse
from blinkdecl.detections.returns import returns_of, severities_of
from blinkdecl.model.detection import Returns


class Library:
    """Finds modules: those of detections by path, helpers by the GlobalID under which they are imported."""

    def __init__(self, root: Path, top: Path, helpers: Mapping[str, str]) -> None:
        """`root` is what paths are relative to, `top` the folder that none leads out of; `helpers` are paths by id."""
        self._root, self._top, self._helpers = root, top, helpers
        self._modules: dict[str, Module] = {}
        self._texts: dict[str, str] = {}
        self._functions: dict[str, tuple[Returns | None, Returns | None]] = {}

    def beside(self, file: str, name: str) -> Module:
        """Return the module that a YAML file names as its Python file.

        Raises a `ValueError` that says what is wrong with it, in a few words.
        """
        path = os.path.normpath(Path(file).parent / name)
        if not self._is_inside(path):
            raise ValueError("its Filename leads out of the folder")
        if path in self._functions:
            return Module(path, ast.Module([], []))  # its functions are known, and nobody needs more of it
        if path not in self._modules:
            self._modules[path] = self._read(path)
        return self._modules[path]

    def functions(self, module: Module) -> tuple[Returns | None, Returns | None]:
        """Return what a module's ``destinations()`` and ``severity()`` return; None where it has none."""
        if module.file not in self._functions:
            generated = returns_of(module, "severity", "words")
            found = returns_of(module, "destinations", "lists"), generated and severities_of(generated)
            self._functions[module.file] = found
            self._modules.pop(module.file, None)  # a tree takes a kilobyte for each character
        return self._functions[module.file]

    def text(self, file: str) -> str:
        """Return the text of a file; raises a `ValueError` as `beside` does."""
        if file not in self._texts:
            try:
                self._texts[file] = read_text(self._root / file, file, self._top)
            except Refusal as refusal:
                raise ValueError(refusal.diagnostic.summary) from None
        return self._texts[file]

    def module(self, file: str) -> Module:
        """Return a file as a module; raises a `ValueError` as `beside` does."""
        return Module(file, parse(self.text(file)), self._find)

    def _is_inside(self, path: str) -> bool:
        return "\0" not in path and (self._root / path).resolve().is_relative_to(self._top)

    def _read(self, file: str) -> Module:
        try:
            return self.module(file)
        except ValueError as problem:
            raise ValueError(f"{file}: {problem}" if file in self._texts else str(problem)) from None

    def _find(self, name: str) -> Module | None:
        """Return the helper that is imported by this name, None where it is not here or cannot be read."""
        file = os.path.normpath(self._helpers.get(name, ""))
        if name not in self._helpers or not self._is_inside(file):
            return None
        if file not in self._modules:
            try:
                self._modules[file] = self.module(file)
            except ValueError:
                self._modules[file] = Module(file, ast.Module([], []))
        return self._modules[file]
