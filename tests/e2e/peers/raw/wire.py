"""What the raw peers are made of: links, system calls by name, and the ground truth.

Each line of the file $TRUTH is {session, client, server, from, raw}, written by the sender before it sends; who does
not know the other's pid writes null.
"""

import ctypes
import json
import os
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)
SIZE = 64 * 1024


def name(comm):
    """Sets the task name that the kernel shows."""
    with open("/proc/self/comm", "w") as file:
        file.write(comm)


class _Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def _check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _thirds(data):
    third = max(1, len(data) // 3)
    return [data[:third], data[third : 2 * third], data[2 * third :]]


def _pwritev2(fd, data):
    buffer = ctypes.create_string_buffer(data, len(data))
    iov = _Iovec(ctypes.addressof(buffer), len(data))
    return _check(libc.pwritev2(fd, ctypes.byref(iov), 1, ctypes.c_long(-1), 0))


def _preadv2(fd, size):
    buffer = ctypes.create_string_buffer(size)
    iov = _Iovec(ctypes.addressof(buffer), size)
    n = _check(libc.preadv2(fd, ctypes.byref(iov), 1, ctypes.c_long(-1), 0))
    return buffer.raw[:n]


def _readv(fd, size):
    parts = [bytearray(100), bytearray(28), bytearray(size)]
    n = os.readv(fd, parts)
    return b"".join(parts)[:n]


def _splice(fd, data):
    """From a file in memory, so that no call carries the bytes."""
    file = os.memfd_create("splice")
    try:
        os.write(file, data)
        return os.splice(file, fd, len(data), offset_src=0)
    finally:
        os.close(file)


def _sock(fd):
    return socket.socket(fileno=os.dup(fd))


def _with_socket(call):
    def made(fd, argument):
        with _sock(fd) as sock:
            return call(sock, argument)

    return made


def _recvmsg_into(sock, size):
    parts = [bytearray(64), bytearray(size)]
    n, *_ = sock.recvmsg_into(parts)
    return b"".join(parts)[:n]


WRITE = {
    "write": os.write,
    "writev": lambda fd, data: os.writev(fd, _thirds(data)),
    "pwritev2": _pwritev2,
    "splice": _splice,
    "send": _with_socket(lambda sock, data: sock.send(data)),
    "sendto": lambda fd, data: _check(libc.sendto(fd, data, len(data), 0, None, 0)),
    "sendmsg": _with_socket(lambda sock, data: sock.sendmsg(_thirds(data))),
}

READ = {
    "read": os.read,
    "readv": _readv,
    "preadv2": _preadv2,
    "recv": _with_socket(lambda sock, size: sock.recv(size)),
    "recvfrom": _with_socket(lambda sock, size: sock.recvfrom(size)[0]),
    "recvmsg": _with_socket(lambda sock, size: sock.recvmsg(size)[0]),
    "recvmsg_into": _with_socket(_recvmsg_into),
}


class End:
    """One end of a session: reads and writes lines by the calls it was given."""

    def __init__(self, role, reader, writer, session, read="read", write="write", client=None, server=None):
        self.role, self.reader, self.writer, self.session = role, reader, writer, session
        self.read_call, self.write_call = READ[read], WRITE[write]
        self.client, self.server = client, server
        self.rest = b""

    def record(self, *raws):
        mine = {"client": self.client, "server": self.server}
        mine[self.role] = os.getpid()
        with open(os.environ["TRUTH"], "ab", buffering=0) as file:
            for raw in raws:
                record = {"session": self.session, **mine, "from": self.role, "raw": raw}
                file.write((json.dumps(record) + "\n").encode())

    def put(self, data):
        """Writes bytes that are not (whole) messages."""
        while data:
            data = data[self.write_call(self.writer, data) :]

    def send(self, *messages, end="\n"):
        """Sends messages in as few calls as the kernel takes. A string is sent as it is."""
        raws = [m if isinstance(m, str) else json.dumps(m, ensure_ascii=False) for m in messages]
        self.record(*raws)
        self.put("".join(raw + end for raw in raws).encode())

    def line(self):
        """The next line, or None at the end."""
        while b"\n" not in self.rest:
            data = self.read_call(self.reader, SIZE)
            if not data:
                return None
            self.rest += data
        line, _, self.rest = self.rest.partition(b"\n")
        return line.decode()

    def receive(self):
        """The next JSON value; lines that are none are passed over."""
        while (line := self.line()) is not None:
            try:
                return json.loads(line)
            except ValueError:
                continue
        return None

    def ask(self, message):
        self.send(message)
        return self.receive()

    def close(self):
        for fd in {self.reader, self.writer}:
            os.close(fd)


def request(id, method="tools/call", text="", **params):
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": {**params, "text": text}}


def response(id, text=""):
    return {"jsonrpc": "2.0", "id": id, "result": {"content": [{"type": "text", "text": text}]}}


def error(id, code=-32601, message="Method not found"):
    return {"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}}


def notification(method, **params):
    return {"jsonrpc": "2.0", "method": method, "params": params}


def link(kind):
    """File descriptors as ((client reads, client writes), (server reads, server writes))."""
    if kind == "socketpair":
        pairs = [end.detach() for _ in range(2) for end in socket.socketpair()]
    elif kind == "one_socketpair":
        one, other = socket.socketpair()
        a, b = one.detach(), other.detach()
        return (a, a), (b, b)
    else:
        pairs = [*os.pipe()[::-1], *os.pipe()]
    client_writes, server_reads, client_reads, server_writes = pairs
    return (client_reads, client_writes), (server_reads, server_writes)


def start(serve, kind="pipe", comms=("raw-client", "raw-server"), session="s", **calls):
    """Forks a server that runs `serve(end)`; returns the client's end and the server's pid."""
    name(comms[0])
    client_fds, server_fds = link(kind)
    client = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(server_fds[0], 0)
            os.dup2(server_fds[1], 1)
            for fd in {*client_fds, *server_fds}:
                os.close(fd)
            name(comms[1])
            serve(End("server", 0, 1, session, client=client, server=os.getpid(), **calls))
        except BaseException as problem:
            print(f"server: {problem!r}", file=sys.stderr)
            os._exit(1)
        os._exit(0)
    for fd in set(server_fds):
        os.close(fd)
    return End("client", *client_fds, session, client=client, server=pid, **calls), pid


def answer(end, message):
    """What an ordinary server answers."""
    if "id" not in message or "method" not in message:
        return
    if message["method"] in ("initialize", "tools/call"):
        end.send(response(message["id"], message["params"]["text"]))
    else:
        end.send(error(message["id"]))


def serve(end):
    """An ordinary server."""
    while (message := end.receive()) is not None:
        answer(end, message)


def finish(end, pid):
    end.close()
    _, status = os.waitpid(pid, 0)
    if status != 0:
        sys.exit(f"the server ended with {status}")
