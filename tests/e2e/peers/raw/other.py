#!/usr/bin/env python3
"""TCP that is not MCP: `other.py static|json|binary|text COUNT`. Prints [client's pid, server's pid]."""

import json
import os
import socket
import sys

from http_wire import chunk, read_body, read_head
from wire import name

PAGE = b"<!doctype html><title>A page</title>" + b"<p>Nothing to see here.</p>" * 700


def static(sock, reader, count):
    """A client of a server of files, which keeps its connection."""
    for n in range(count):
        sock.sendall(b"GET /page-%d.html HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n" % n)
        _, fields = read_head(reader)
        assert len(read_body(reader, fields)) == len(PAGE)


def json_api(sock, reader, count):
    """A client of an interface that speaks JSON, but not JSON-RPC."""
    for n in range(count):
        body = b'{"id":%d,"method":"list","params":{"of":"things"}}' % n
        sock.sendall(b"POST /api HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        _, fields = read_head(reader)
        read_body(reader, fields)


def serve_http(sock, reader):
    while head := read_head(reader):
        if read_body(reader, head[1]):
            answer = b'{"id":1,"result":["one","two"]}'
            sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(answer) + b"0\r\n\r\n")
        else:
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE))


def binary(sock, reader, count):
    """As netcat would send a file."""
    for _ in range(count):
        sock.sendall(os.urandom(1 << 16))


def text(sock, reader, count):
    """Lines that begin as requests do."""
    for n in range(count):
        sock.sendall(b"GET key-%d\r\n" % n)
        reader.readline()


def serve_text(sock, reader):
    while reader.readline():
        sock.sendall(b"$-1\r\n")


def serve_nothing(sock, reader):
    while reader.read1(1 << 16):
        pass


def main(scenario, count):
    client, server = {
        "static": (static, serve_http),
        "json": (json_api, serve_http),
        "binary": (binary, serve_nothing),
        "text": (text, serve_text),
    }[scenario]
    listener = socket.create_server(("127.0.0.1", 0))
    pid = os.fork()
    if pid == 0:
        name("raw-other-server")
        sock, _ = listener.accept()
        server(sock, sock.makefile("rb"))
        os._exit(0)
    name("raw-other-client")
    sock = socket.create_connection(listener.getsockname())
    client(sock, sock.makefile("rb"), int(count))
    sock.shutdown(socket.SHUT_RDWR)
    os.waitpid(pid, 0)
    print(json.dumps([os.getpid(), pid]))


if __name__ == "__main__":
    main(*sys.argv[1:])
