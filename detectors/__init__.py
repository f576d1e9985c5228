"""The built-in types: one card per type, Python beside it where a rule is not enough.

A detector is found by being here: any class of the plugin interface in a module of this folder is made once per process.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from inspect import isabstract
from pathlib import Path
from pkgutil import iter_modules

from sensscan.plugin import Bundle, ColumnDetector, Detector, GroupDetector, ValueDetector

_FOLDER = Path(__file__).resolve().parent
_KINDS = (ValueDetector, ColumnDetector, GroupDetector)


def _made() -> Iterator[Detector]:
    """Yield one instance of each detector class, in order of the modules' names."""
    for module_info in iter_modules([str(_FOLDER)]):
        module = import_module(f"{__name__}.{module_info.name}")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, _KINDS) and kind.__module__ == module.__name__ and not isabstract(kind):
                yield kind()


def detectors() -> Bundle:
    """Return the built-in bundle; the entry point of the package."""
    return Bundle("builtin", _FOLDER, _made)
