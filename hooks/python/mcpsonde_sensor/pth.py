"""A `.pth` file in site-packages: each program of this Python starts the sensor by itself (docs.python.org, `site`)."""

from __future__ import annotations

import os
import sys
import sysconfig

NAME = "mcpsonde_sensor.pth"


def line() -> str:
    """What the file says. It must not fail nor print whatever has become of the package."""
    package = os.path.dirname(os.path.abspath(__file__))
    code = (
        "import sys; exec(\"try:\\n import os\\n if os.environ.get('MCPSONDE_OFF') != '1':\\n"
        f"  f = {os.path.join(package, 'bootstrap', 'sitecustomize.py')!r}\\n"
        "  n = {'__name__': 'mcpsonde_bootstrap', '__file__': f}\\n"
        "  exec(compile(open(f).read().rpartition('\\\\n\\\\ntry:')[0], f, 'exec'), n)\\n"
        "  n['_start']()\\nexcept Exception: pass\")"
    )
    return code + "\n"


def path() -> str:
    return os.path.join(sysconfig.get_paths()["purelib"], NAME)


def install() -> int:
    file = path()
    try:
        with open(file, "w", encoding="utf-8") as out:
            out.write(line())
    except OSError as error:
        print(f"mcpsonde_sensor: {file}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"wrote {file}: programs of {sys.executable} start the sensor; MCPSONDE_OFF=1 keeps it out of one")
    return 0


def uninstall() -> int:
    file = path()
    try:
        os.unlink(file)
    except FileNotFoundError:
        print(f"{file} was not there")
        return 0
    except OSError as error:
        print(f"mcpsonde_sensor: {file}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"removed {file}")
    return 0
