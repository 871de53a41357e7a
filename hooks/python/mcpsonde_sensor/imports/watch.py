"""Sees what the import system's loaders read."""

from __future__ import annotations

from functools import wraps
from importlib.machinery import ExtensionFileLoader, SourceFileLoader, SourcelessFileLoader

from .. import guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def watch(seen: Callable[[str, str, bytes | None], None]) -> None:
    """Has `seen(fullname, path, bytes)` called for each file of code; the bytes are None for native code."""
    for loader in (SourceFileLoader, SourcelessFileLoader):
        _reads(loader, seen)
    create = ExtensionFileLoader.create_module

    @wraps(create)
    def create_module(self, spec):  # type: ignore[no-untyped-def]
        if guard.on["imports"]:
            try:
                seen(self.name, self.path, None)
            except Exception as error:
                guard.fault("imports", "extension", error)
        return create(self, spec)

    ExtensionFileLoader.create_module = create_module  # type: ignore[method-assign]


def _reads(loader, seen) -> None:  # type: ignore[no-untyped-def]
    get_data = loader.get_data

    @wraps(get_data)
    def watched(self, path):  # type: ignore[no-untyped-def]
        data = get_data(self, path)
        if guard.on["imports"]:
            try:
                seen(self.name, path, data)
            except Exception as error:
                guard.fault("imports", "file", error)
        return data

    loader.get_data = watched
