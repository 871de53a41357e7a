"""Code that is loaded: its name, package, version and file, and the SHA-256 of the bytes that were loaded.

The loaders are watched where they read (`FileLoader.get_data`) and where they load native code
(`ExtensionFileLoader.create_module`): they hand over name, path and bytes, nothing more. Hashes, versions and the
comparison with the package's RECORD are made by the writer's thread. What was loaded before the sensor is hashed from
its file.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..sensor import Sensor


def install(sensor: Sensor) -> None:
    from .loaded import Loaded
    from .watch import watch

    loaded = Loaded(sensor)
    loaded.earlier()
    watch(loaded.seen)
    sensor.writer.sources.append(loaded.tell)
    sensor.forked.append(loaded.forked)
