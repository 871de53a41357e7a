"""`python -m mcpsonde_sensor`: runs programs with the sensor, installs it for good, tells how it is."""

from __future__ import annotations

import sys

USAGE = """Tells mcpsonde what a Python program does.

  python -m mcpsonde_sensor SCRIPT [ARGUMENTS]       runs a program with the sensor
  python -m mcpsonde_sensor -m MODULE [ARGUMENTS]    the same for a module
  python -m mcpsonde_sensor -c CODE [ARGUMENTS]      the same for a text
  python -m mcpsonde_sensor install                  starts the sensor in all programs of this Python
  python -m mcpsonde_sensor uninstall                no more
  python -m mcpsonde_sensor doctor                   says what the sensor would do here, and what is wrong
"""


def main() -> int:
    args = sys.argv[1:]
    if not args or args[0] in ("-h", "--help"):
        print(USAGE, end="")
        return 0 if args else 2
    if args[0] == "--version":
        from . import VERSION

        print(f"mcpsonde-sensor {VERSION}")
        return 0
    # A script that has such a name is run as ./install.
    if args[0] in ("install", "uninstall", "doctor") and len(args) == 1:
        if args[0] == "doctor":
            from .doctor import main as doctor

            return doctor()
        from . import pth

        return pth.install() if args[0] == "install" else pth.uninstall()
    if args[0].startswith("-") and args[0] not in ("-m", "-c", "-") and not args[0].startswith(("-m", "-c")):
        print(f"mcpsonde_sensor: {args[0]}: options of Python come before -m mcpsonde_sensor", file=sys.stderr)
        return 2
    from .run import run

    return run(args)


if __name__ == "__main__":
    sys.exit(main())
