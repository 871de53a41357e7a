"""The environment that brings the sensor into a Python process: a folder first on PYTHONPATH, with a `sitecustomize`."""

from __future__ import annotations

import os

#: The folder. Of what is in it only `sitecustomize` can be meant by somebody else's import; it chains to theirs.
BOOTSTRAP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bootstrap")


def with_sensor(environ: dict[str, str]) -> dict[str, str]:
    """A copy of an environment whose Python processes start the sensor."""
    env = dict(environ)
    old = [each for each in env.get("PYTHONPATH", "").split(os.pathsep) if each and each != BOOTSTRAP]
    env["PYTHONPATH"] = os.pathsep.join([BOOTSTRAP, *old])
    return env


def without_sensor(environ: dict[str, str]) -> dict[str, str]:
    """The contrary."""
    env = dict(environ)
    old = [each for each in env.get("PYTHONPATH", "").split(os.pathsep) if each != BOOTSTRAP]
    if old and old != [""]:
        env["PYTHONPATH"] = os.pathsep.join(old)
    else:
        env.pop("PYTHONPATH", None)
    return env
