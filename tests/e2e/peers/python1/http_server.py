"""The server of mcp 1.x on uvicorn: /mcp, and the old transport at /sse."""

from starlette.applications import Starlette
from starlette.routing import Mount, Route

import http_truth
from server import server

streamable, old = server.streamable_http_app(), server.sse_app()
routes = [route for app in (streamable, old) for route in app.routes if isinstance(route, (Mount, Route))]
http_truth.run(Starlette(routes=routes, lifespan=lambda _: server.session_manager.run()))
