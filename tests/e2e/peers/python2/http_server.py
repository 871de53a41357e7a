"""The server of mcp 2.x on uvicorn at /mcp, in whichever protocol era the client opens with."""

import http_truth
from server import server

http_truth.run(server.streamable_http_app())
