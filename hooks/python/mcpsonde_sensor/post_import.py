"""Runs a function right after a module has been loaded, before anybody gets it.

A finder in front of all others looks up each name in a dict. For one that is wanted it asks the others for the spec and
has the loader's `exec_module` followed by the function; the loader stays what it is.
"""

from __future__ import annotations

import sys

from . import guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec
    from types import ModuleType

_wanted: dict[str, list[tuple[str, Callable[[ModuleType], None]]]] = {}


class _Finder:
    """Finds nothing by itself."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        hooks = _wanted.get(name)
        if hooks is None:
            return None
        del _wanted[name]
        for finder in list(sys.meta_path):
            if finder is _Finder:
                continue
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find is not None else None
            if spec is not None:
                try:
                    _follow(spec.loader, hooks)
                except Exception as error:
                    guard.fault("sensor", f"import of {name}", error)
                return spec
        return None


def _follow(loader: object, hooks: list[tuple[str, Callable[[ModuleType], None]]]) -> None:
    execute = loader.exec_module  # type: ignore[attr-defined]

    def exec_module(module: ModuleType) -> None:
        try:
            del loader.exec_module  # type: ignore[attr-defined]
        except AttributeError:
            pass
        execute(module)
        _run(module, hooks)

    loader.exec_module = exec_module  # type: ignore[attr-defined]


def _run(module: ModuleType, hooks: list[tuple[str, Callable[[ModuleType], None]]]) -> None:
    for feature, hook in hooks:
        try:
            hook(module)
        except Exception as error:
            guard.fault(feature, f"patch of {module.__name__}", error)


def after(name: str, hook: Callable[[ModuleType], None], feature: str) -> None:
    """Runs `hook` on the module `name`: now if it is loaded already."""
    module = sys.modules.get(name)
    if module is not None and getattr(getattr(module, "__spec__", None), "_initializing", False) is not True:
        _run(module, [(feature, hook)])
        return
    _wanted.setdefault(name, []).append((feature, hook))
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)  # type: ignore[arg-type]
