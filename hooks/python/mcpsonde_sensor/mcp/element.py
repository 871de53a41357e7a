"""What is registered with a server, as an event tells it: from the objects of the SDK and of FastMCP."""

from __future__ import annotations


def tool(registered: object) -> dict | None:
    return _element(
        "tool", registered, parameters=getattr(registered, "parameters", None),
        output_schema=getattr(registered, "output_schema", None),
    )  # fmt: skip


def resource(registered: object) -> dict | None:
    return _element("resource", registered, uri=getattr(registered, "uri", None))


def template(registered: object) -> dict | None:
    return _element("resource", registered, uri=getattr(registered, "uri_template", None))


def prompt(registered: object) -> dict | None:
    arguments = getattr(registered, "arguments", None)
    return _element("prompt", registered, arguments=None if arguments is None else [_plain(each) for each in arguments])


#: FastMCP's classes of components, and what each is.
def component(registered: object) -> dict | None:
    """Of FastMCP 3 and later, where all are added in one place."""
    names = {each.__name__ for each in type(registered).__mro__}
    if "Tool" in names:
        return tool(registered)
    if "ResourceTemplate" in names:
        return template(registered)
    if "Resource" in names:
        return resource(registered)
    return prompt(registered) if "Prompt" in names else None


def _element(type: str, registered: object, **more: object) -> dict | None:
    name = getattr(registered, "name", None)
    if name is None:
        return None
    element: dict = {"type": type, "name": str(name)}
    for key in ("title", "description"):
        value = getattr(registered, key, None)
        element[key] = None if value is None else str(value)
    annotations = getattr(registered, "annotations", None)
    if annotations is not None:
        element["annotations"] = _plain(annotations)
    for key, value in more.items():
        if value is not None:
            element[key] = value if isinstance(value, (dict, list)) else str(value)
    return element


def _plain(value: object) -> object:
    dump = getattr(value, "model_dump", None)
    return dump(mode="json", by_alias=True, exclude_none=True) if dump is not None else value
