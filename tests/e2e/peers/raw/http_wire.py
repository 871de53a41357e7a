"""HTTP/1.1 by hand for the raw peers: links, messages and a server, with the ground truth of what is said.

Each line of the file $TRUTH is {session, transport, client, server, from, raw}, written by the sender before it sends.
"""

import json
import os
import socket
import ssl
import struct
import threading
import time

from wire import name, notification, response

RESET = struct.pack("ii", 1, 0)


def record(role, session, raw, client, server):
    mine = {"session": session, "transport": "http", "client": client, "server": server, "from": role, "raw": raw}
    with open(os.environ["TRUTH"], "ab", buffering=0) as file:
        file.write((json.dumps(mine) + "\n").encode())


def text(message):
    return json.dumps(message, ensure_ascii=False)


def read_head(reader):
    """The first line and the fields, or None at the end."""
    line = reader.readline()
    if not line.strip():
        return None
    fields = {}
    while (field := reader.readline().strip()):
        key, _, value = field.decode().partition(":")
        fields[key.lower()] = value.strip()
    return line.decode().strip(), fields


def read_body(reader, fields):
    if fields.get("transfer-encoding") != "chunked":
        return reader.read(int(fields.get("content-length", 0)))
    body = b""
    while size := int(reader.readline(), 16):
        body += reader.read(size)
        reader.readline()
    while reader.readline().strip():  # trailers
        pass
    return body


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


class Server:
    """Answers POSTs in the way that `params.how` asks for. Runs in a child process."""

    def __init__(self, kind, comm="raw-http-server"):
        self.client, self.tls = os.getpid(), kind == "tls"
        self.listener, self.address = _listen(kind)
        self.pid = os.fork()
        if self.pid == 0:
            name(comm)
            self.serve()
        self.listener.close()

    def serve(self):
        context = None
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(os.environ["TLS_CERTIFICATE"], os.environ["TLS_KEY"])
        while True:
            sock, _ = self.listener.accept()
            threading.Thread(target=self.connection, args=(sock, context), daemon=True).start()

    def connection(self, sock, context):
        try:
            if context:
                sock = context.wrap_socket(sock, server_side=True)
            reader = sock.makefile("rb")
            while head := read_head(reader):
                body = read_body(reader, head[1])
                self.answer(sock, head[1], json.loads(body))
        except OSError:
            pass
        sock.close()

    def answer(self, sock, fields, message):
        params = message.get("params", {})
        session = fields.get("mcp-session-id") or params.get("session")
        if "id" not in message:
            return sock.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
        size = params.get("answer")
        answer = text(response(message["id"], "b" * size if size else params.get("text", "")))
        head = f"HTTP/1.1 200 OK\r\nMcp-Session-Id: {session}\r\n"

        def say(raw):
            record("server", session, raw, self.client, os.getpid())

        getattr(self, params.get("how", "json"))(sock, head, answer, say, params)

    def json(self, sock, head, answer, say, _):
        say(answer)
        body = answer.encode()
        sock.sendall(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    def chunked(self, sock, head, answer, say, _):
        say(answer)
        body = answer.encode()
        cut = len(body) * 2 // 3  # maybe inside a character
        sock.sendall(f"{head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        sock.sendall(chunk(body[:cut])[:-3])
        time.sleep(0.02)
        sock.sendall(chunk(body[:cut])[-3:] + chunk(body[cut:]) + b"0\r\nX-Trailer: yes\r\n\r\n")

    def sse(self, sock, head, answer, say, params):
        """Comments, events in one piece and in several, and time in between; `go` is a file to wait for half-way."""
        sock.sendall(f"{head}Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        sock.sendall(chunk(b": welcome\n\n"))
        for step in range(6 if "go" in params else 3):
            if step == 3:
                while not os.path.exists(params["go"]):
                    time.sleep(0.01)
            raw = text(notification("notifications/progress", progress=step, text="schön 🙂"))
            say(raw)
            event = f"event: message\r\nid: {step}\r\ndata: {raw}\r\n\r\n".encode()
            for at in range(0, len(event), 25 if step % 2 else len(event)):
                sock.sendall(chunk(event[at : at + (25 if step % 2 else len(event))]))
            time.sleep(0.02)
        say(answer)
        sock.sendall(chunk(f"data: {answer}\n\n".encode()) + b"0\r\n\r\n")

    def reset(self, sock, head, answer, say, _):
        """The connection breaks in the middle of the answer."""
        sock.sendall(f"{head}Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        raw = text(notification("notifications/progress", progress=1))
        say(raw)
        sock.sendall(chunk(f"data: {raw}\n\n".encode()) + chunk(f"data: {answer[:20]}".encode()))
        time.sleep(0.2)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        raise ConnectionResetError

    def stop(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        if isinstance(self.address, str):
            os.unlink(self.address)


def _listen(kind):
    if kind == "unix":
        path = f"/tmp/mcpsonde-raw-{os.getpid()}.sock"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen(200)
        return listener, path
    if kind == "tcp6":
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6, backlog=200)
    elif kind == "mapped":  # IPv4 as an IPv6 socket sees it
        listener = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True, backlog=200)
    else:
        listener = socket.create_server(("127.0.0.1", 0), backlog=200)
    host = {"tcp6": "::1"}.get(kind, "127.0.0.1")
    return listener, (host, listener.getsockname()[1])


class Client:
    """One connection; any number of sessions may use it."""

    def __init__(self, server):
        self.server = server
        if isinstance(server.address, str):
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.connect(server.address)
        else:
            self.sock = socket.create_connection(server.address)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if server.tls:
            context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
            self.sock = context.wrap_socket(self.sock, server_hostname="localhost")
        self.reader = self.sock.makefile("rb")

    def post(self, session, message):
        """Records a message; gives the bytes of its request."""
        raw = text(message)
        record("client", session, raw, os.getpid(), self.server.pid)
        body = raw.encode()
        known = "" if message["method"] == "initialize" else f"Mcp-Session-Id: {session}\r\n"
        return (
            f"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Accept: application/json, text/event-stream\r\n{known}Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def send(self, session, message):
        self.sock.sendall(self.post(session, message))

    def receive(self):
        _, fields = read_head(self.reader)
        return read_body(self.reader, fields)

    def ask(self, session, message):
        self.send(session, message)
        return self.receive()

    def close(self):
        self.reader.close()
        self.sock.close()
