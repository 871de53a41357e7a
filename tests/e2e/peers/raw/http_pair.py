#!/usr/bin/env python3
"""A client and a server that speak HTTP/1.1 in uncommon ways: `http_pair.py SCENARIO tcp4|tcp6|mapped|unix|tls [...]`.

Needs $TRUTH (see http_wire.py); over TLS also $TLS_KEY, $TLS_CERTIFICATE and $SSL_CERT_FILE.
"""

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from http_wire import Client, Server
from wire import name, notification, request


def begin(client, session="one"):
    client.ask(session, request(0, "initialize", session=session))
    client.ask(session, notification("notifications/initialized"))


def calls(client):
    """An ordinary session, answered in every way."""
    begin(client)
    for id, how in enumerate(("json", "chunked", "sse") * 3, 1):
        client.ask("one", request(id, text=f"call {id} ✓ " + "x" * (id * 137), how=how))


def big(client, size):
    """A request and a response of so many bytes of text."""
    begin(client)
    client.ask("one", request(1, text="b" * int(size)))
    client.ask("one", request(2, text="", answer=int(size), how="chunked"))
    client.ask("one", request(3, text="after"))


def pipelined(client):
    """Requests in one call; their answers come one after another."""
    begin(client)
    for round in range(3):
        ids = [round * 5 + n + 1 for n in range(5)]
        client.sock.sendall(b"".join(client.post("one", request(id, text=f"ü {id}")) for id in ids))
        for _ in ids:
            client.receive()


def split(client):
    """Requests in pieces that the server has read before the next one is sent: also within names and characters."""
    begin(client)
    for id in range(1, 6):
        data = client.post("one", request(id, text="né ✓✓✓ 🙂" * 4))
        for at in range(0, len(data), 17 * id):
            client.sock.sendall(data[at : at + 17 * id])
            time.sleep(0.002)
        client.receive()


def two_sessions(client):
    """Two sessions with the same ids take turns on one connection."""
    for session in ("one", "two"):
        begin(client, session)
    for id in range(1, 8):
        for session in ("one", "two"):
            client.ask(session, request(id, text=f"of {session}", how="sse" if id % 2 else "json"))


def reset(client):
    """The server breaks the connection in the middle of an answer; the session goes on over another one."""
    begin(client)
    client.send("one", request(1, text="lost", how="reset"))
    try:
        client.receive()
        raise SystemExit("no reset came")
    except (OSError, ValueError):
        pass
    other = Client(client.server)
    other.ask("one", request(2, text="found"))
    other.close()


def kept(client, ready, go):
    """A connection that is older than the monitor."""
    begin(client)
    _wait(ready, go)
    for id in range(2, 6):
        client.ask("one", request(id, text="after"))


def running(client, ready, go):
    """A stream of events that is older than the monitor."""
    begin(client)
    client.send("one", request(1, text="running", how="sse", go=go))
    reading = threading.Thread(target=client.receive)
    reading.start()
    time.sleep(0.5)
    _wait(ready, go)
    reading.join()
    client.ask("one", request(2, text="after the stream"))


def _wait(ready, go):
    open(os.environ["TRUTH"], "w").close()
    open(ready, "w").close()
    while not os.path.exists(go):
        time.sleep(0.01)


def many(client, count):
    """So many sessions at once, each over its own connection, all with the same ids."""
    server, count = client.server, int(count)
    clients = [Client(server) for _ in range(count)]

    def session(n):
        begin(clients[n], f"s{n}")
        for id in range(1, 4):
            clients[n].ask(f"s{n}", request(id, text=f"of {n}", how="sse" if id == 2 else "json"))
        clients[n].close()

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(session, range(count)))


def main(scenario, kind, *arguments):
    name("raw-http-client")
    server = Server(kind)
    try:
        client = Client(server)
        scenario(client, *arguments)
        client.close()
        time.sleep(0.05)
    finally:
        server.stop()


if __name__ == "__main__":
    main(globals()[sys.argv[1]], *sys.argv[2:])
