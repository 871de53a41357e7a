"""Reads `redaction.json`."""

from __future__ import annotations

import json
import os

FILE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "redaction.json")


def load() -> dict:
    """All of it."""
    with open(FILE, encoding="utf-8") as file:
        return json.load(file)
