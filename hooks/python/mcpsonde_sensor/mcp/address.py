"""Addresses of clients, from the HTTP request that brought a message."""

from __future__ import annotations


def of_metadata(metadata: object) -> str | None:
    """From the metadata of a `SessionMessage`: a server's HTTP transports put the Starlette request there."""
    request = getattr(metadata, "request_context", None)
    return of_scope(getattr(request, "scope", None)) if request is not None else None


def of_scope(scope: object) -> str | None:
    """From an ASGI scope: `127.0.0.1:40000`, `[::1]:40000`."""
    client = scope.get("client") if isinstance(scope, dict) else None
    if not client:
        return None
    host, port = client[0], client[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
