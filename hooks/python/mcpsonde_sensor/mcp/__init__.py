"""MCP: messages, sessions and registrations of the SDKs `mcp` 1.x and 2.x, and of FastMCP 2 to 4 on top of them.

Each file says which modules it changes, and how, once they are loaded.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..sensor import Sensor


def install(sensor: Sensor) -> None:
    from ..post_import import after
    from . import client, fastmcp, http_server, sdk1, sdk2, sdk2_http, server

    for part in (sdk1, sdk2, sdk2_http, http_server, client, server, fastmcp):
        for name, hook in part.hooks(sensor).items():
            after(name, hook, "mcp")
    if sensor.config.follow:
        after("mcp.client.stdio", client.follow(os.environ), "mcp")
