"""The sensor of mcpsonde inside Python processes.

`start()` is all that a program needs to call, and it need not: see README.md for the ways that change nothing in it.
"""

VERSION = "0.1.0"


def start() -> bool:
    """Starts the sensor, once a process. False if it is switched off or could not start; raises nothing."""
    try:
        from . import sensor

        return sensor.start()
    except Exception:
        return False
