"""The server of fastmcp on uvicorn at /mcp."""

import http_truth
from server import server

http_truth.run(server.http_app())
