"""FastMCP 2, 3 and 4: registrations and tools' exceptions. Messages and sessions are those of the SDK underneath."""

from __future__ import annotations

from .element import component, prompt, resource, template, tool
from .sdk1 import telling
from .server import adding

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

    def local(module: Any) -> None:
        adding(module.LocalProvider, "_add_component", component, sensor)

    def run(module: Any) -> None:
        # FastMCP 2 has it in `tools.tool`, which later ones keep as another name of `tools.base`.
        made = getattr(module, "FunctionTool", None)
        if made is not None and made.__module__ == module.__name__:
            made.run = telling(made.run)

    return {
        "fastmcp.tools.tool_manager": tools,
        "fastmcp.resources.resource_manager": resources,
        "fastmcp.prompts.prompt_manager": prompts,
        "fastmcp.server.providers.local_provider.local_provider": local,
        "fastmcp.tools.tool": run,
        "fastmcp.tools.function_tool": run,
    }
