"""Servers as they are made, and what is registered with them: the low-level server, and the SDK's FastMCP/MCPServer."""

from __future__ import annotations

from functools import wraps

from .. import guard
from .element import prompt, resource, template, tool
from .sdk1 import telling

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..sensor import Sensor


def hooks(sensor: Sensor) -> dict[str, Callable[[Any], None]]:
    def tools(module: Any) -> None:
        adding(module.ToolManager, "add_tool", tool, sensor)

    def resources(module: Any) -> None:
        adding(module.ResourceManager, "add_resource", resource, sensor)
        adding(module.ResourceManager, "add_template", template, sensor)

    def prompts(module: Any) -> None:
        adding(module.PromptManager, "add_prompt", prompt, sensor)

    def run(module: Any) -> None:
        module.Tool.run = telling(module.Tool.run)

    wanted = {"mcp.server.lowlevel.server": lambda module: _init(module, sensor)}
    for package in ("mcp.server.fastmcp", "mcp.server.mcpserver"):
        wanted[f"{package}.tools.tool_manager"] = tools
        wanted[f"{package}.tools.base"] = run
        wanted[f"{package}.resources.resource_manager"] = resources
        wanted[f"{package}.prompts.manager"] = prompts
    return wanted


def _init(module: Any, sensor: Sensor) -> None:
    server = module.Server
    init = server.__init__

    @wraps(init)
    def __init__(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        init(self, *args, **kwargs)
        if not guard.on["mcp"]:
            return
        try:
            told = {
                name: None if value is None else str(value)
                for name in ("name", "version", "title", "instructions", "description")
                for value in (getattr(self, name, None),)
            }
            sensor.emit("python_mcp_server_init", {"server": told})
        except Exception as error:
            guard.fault("mcp", "server", error)

    server.__init__ = __init__


def adding(owner, name: str, describe, sensor: Sensor) -> None:  # type: ignore[no-untyped-def]
    """Has `owner.name` tell what it has added: `describe` makes the element of what it gave, or of its argument."""
    add = getattr(owner, name, None)
    if add is None:
        return

    @wraps(add)
    def added(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        result = add(self, *args, **kwargs)
        if guard.on["mcp"] and sensor.config.mcp is not None and sensor.config.mcp["registrations"]:
            try:
                element = describe(result if result is not None else args[0])
                if element is not None:
                    sensor.emit("python_mcp_server_add", {"element": element})
            except Exception as error:
                guard.fault("mcp", f"registration by {name}", error)
        return result

    setattr(owner, name, added)
