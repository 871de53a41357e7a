"""The package that a file belongs to: name, version, and the sums that its RECORD has (PyPA, "Recording installed projects").

Found without `importlib.metadata`, which is slow to load: each folder on the path is listed once for `*.dist-info`, and a
RECORD is read when the first of its files is asked for.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from base64 import urlsafe_b64decode

#: Longest RECORD that is read, and packages of a folder.
MAX_RECORD = 16 << 20
MAX_PACKAGES = 5000
BLOCK = 1 << 20


class Package:
    """An installed one."""

    __slots__ = ("name", "version", "folder", "info", "_sums")

    def __init__(self, name: str, version: str, folder: str, info: str) -> None:
        self.name = name
        self.version = version
        self.folder = folder
        self.info = info
        self._sums: dict[str, str] | None = None

    def recorded(self, path: str) -> str | None:
        """The SHA-256 that RECORD has of a file, in hexadecimal."""
        value = self.sums.get(path[len(self.folder) + 1 :])
        try:
            return None if value is None else urlsafe_b64decode(value + "=" * (-len(value) % 4)).hex()
        except ValueError:
            return None

    @property
    def sums(self) -> dict[str, str]:
        if self._sums is None:
            self._sums = _record(os.path.join(self.info, "RECORD"))
        return self._sums


class Packages:
    """All on the path, as far as they have been asked for."""

    def __init__(self) -> None:
        paths = sysconfig.get_paths()
        self._standard = tuple({os.path.realpath(paths[key]) + os.sep for key in ("stdlib", "platstdlib")} | {
            paths[key] + os.sep for key in ("stdlib", "platstdlib")})  # fmt: skip
        self._site = ("site-packages" + os.sep, "dist-packages" + os.sep)
        #: By folder: top-level names, and their packages.
        self._folders: dict[str, dict[str, list[Package]]] = {}
        self._sums: dict[str, tuple[tuple, str]] = {}
        import hashlib

        self._sha256 = hashlib.sha256

    def is_standard(self, path: str) -> bool:
        return path.startswith(self._standard) and not any(each in path for each in self._site)

    def of(self, path: str) -> Package | None:
        """The package that has the file."""
        for folder in sys.path:
            if not folder or not path.startswith(folder + os.sep):
                continue
            top = path[len(folder) + 1 :].partition(os.sep)[0]
            candidates = self._of(folder).get(top)
            if candidates is None:
                continue
            if len(candidates) == 1:
                return candidates[0]
            for each in candidates:  # a namespace package: several have files in it
                if each.recorded(path) is not None:
                    return each
        return None

    def sum_of(self, data: bytes) -> str:
        return self._sha256(data).hexdigest()

    def sum_of_file(self, path: str, limit: int) -> str | None:
        """None if it cannot be read, or is longer than the limit."""
        try:
            with open(path, "rb", buffering=0) as file:
                if os.fstat(file.fileno()).st_size > limit:
                    return None
                sum = self._sha256()
                while block := file.read(BLOCK):
                    sum.update(block)
                return sum.hexdigest()
        except OSError:
            return None

    def _of(self, folder: str) -> dict[str, list[Package]]:
        known = self._folders.get(folder)
        if known is None:
            known = self._folders[folder] = {}
            try:
                names = [each for each in os.listdir(folder) if each.endswith(".dist-info")][:MAX_PACKAGES]
            except OSError:
                names = []
            for each in names:
                name, _, version = each[: -len(".dist-info")].partition("-")
                package = Package(name, version, folder, os.path.join(folder, each))
                for top in _tops(package):
                    known.setdefault(top, []).append(package)
        return known


def _tops(package: Package) -> set[str]:
    """First parts of the paths in RECORD."""
    return {path.partition("/")[0] for path in package.sums}


def _record(path: str) -> dict[str, str]:
    """Path, and the sum as it stands there: `mcp/types.py,sha256=…,71234`."""
    sums: dict[str, str] = {}
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read(MAX_RECORD)
    except OSError:
        return sums
    for line in text.split("\n"):
        name, mark, rest = line.rpartition(",sha256=")
        if mark and not name.startswith(".."):
            sums[name.strip('"')] = rest.partition(",")[0]
    return sums
