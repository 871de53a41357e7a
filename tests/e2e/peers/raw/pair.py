#!/usr/bin/env python3
"""One session of a client and a server over stdio-like links: `pair.py SCENARIO [arguments]`.

The scenarios are what monitors are known to get wrong. Needs $TRUTH (see wire.py).
"""

import fcntl
import json
import os
import struct
import subprocess
import sys
import termios
import time
from concurrent.futures import ThreadPoolExecutor

from wire import End, answer, error, finish, name, notification, request, response, serve, start

HERE = os.path.abspath(__file__)


def calls(kind, write, read, count="20"):
    """An ordinary session over a kind of link by the named calls."""
    end, pid = start(serve, kind, write=write, read=read)
    end.ask(request(0, "initialize"))
    end.send(notification("notifications/initialized"))
    for id in range(1, int(count)):
        end.ask(request(id, text=f"call {id} ✓ " + "x" * (id * 37 % 500)))
    finish(end, pid)


def big(size, kind="pipe"):
    """A request and a response of so many bytes each, newline included, and small ones around them."""
    size = int(size)

    def server(end):
        answer(end, end.receive())
        message = end.receive()
        end.send(_padded(lambda text: response(message["id"], text), size))
        serve(end)

    end, pid = start(server, kind)
    end.ask(request(1, "initialize"))
    end.ask(_padded(lambda text: request(2, text=text), size))
    end.ask(request(3, text="after"))
    finish(end, pid)


def _padded(make, size):
    return make("b" * (size - len(_json(make(""))) - 1))


def split(awake="1"):
    """Every message in two writes; the reader has taken the first part before the second is written."""
    end, pid = start(serve)
    end.ask(request(1, "initialize"))
    for id in range(2, 8):
        message = request(id, text=f"né {id} ✓✓✓")
        end.record(raw := _json(message))
        data = (raw + "\n").encode()
        cut = 5 + id * 11  # also inside a multi-byte character
        end.put(data[:cut])
        if awake == "1":
            _until_read(end.writer)
        end.put(data[cut:])
        end.receive()
    finish(end, pid)


def bytewise():
    """One write call a byte."""
    end, pid = start(serve)
    end.ask(request(1, "initialize"))
    for id in (2, 3):
        end.record(raw := _json(request(id, text="ü✓🙂")))
        for byte in (raw + "\n").encode():
            end.put(bytes([byte]))
        end.receive()
    finish(end, pid)


def joined():
    """Several messages in one write, the last of them cut in the middle."""
    end, pid = start(serve)
    end.ask(request(1, "initialize"))
    end.send(*(request(id, text="together") for id in range(2, 12)), notification("notifications/roots/list_changed"))
    for _ in range(10):
        end.receive()
    raws = [_json(request(id, text="cut")) for id in (12, 13)]
    end.record(*raws)
    data = "\n".join(raws + [""]).encode()
    end.put(data[:-20])
    end.receive()
    end.put(data[-20:])
    end.receive()
    finish(end, pid)


def batch():
    """JSON-RPC batches, requests and responses."""

    def server(end):
        answer(end, end.receive())
        asked = end.receive()
        answers = [response(m["id"], m["params"]["text"]) for m in reversed(asked) if "id" in m]
        end.record(*map(_json, answers))
        end.put((_json(answers) + "\n").encode())
        serve(end)

    end, pid = start(server)
    end.ask(request(1, "initialize"))
    messages = [request(2, text="a"), notification("notifications/x"), request("three", text="b")]
    end.record(*map(_json, messages))
    end.put((_json(messages) + "\n").encode())
    end.receive()
    end.ask(request(4, text="after"))
    finish(end, pid)


def unknown():
    """Methods that no list has, and their responses."""
    end, pid = start(serve)
    for id, method in enumerate(("tasks/list", "server/discover", "x-vendor/do.it", "", "🙂")):
        end.ask(request(id, method))
    finish(end, pid)


def late(seconds):
    """A response that takes its time."""

    def server(end):
        answer(end, end.receive())
        message = end.receive()
        time.sleep(float(seconds))
        answer(end, message)

    end, pid = start(server)
    end.ask(request(1, "initialize"))
    end.ask(request(2, text="slow"))
    finish(end, pid)


def repeated():
    """The same notification three times at once, from both sides."""

    def server(end):
        answer(end, end.receive())
        for _ in range(3):
            end.send(notification("notifications/tools/list_changed"))
        serve(end)

    end, pid = start(server)
    end.ask(request(1, "initialize"))
    for _ in range(3):
        end.receive()
    for _ in range(3):
        end.send(notification("notifications/roots/list_changed"))
    finish(end, pid)


def same_ids():
    """Two sessions with the same ids at once; both answer out of order and with what they were asked."""

    def server(end):
        held = []
        while (message := end.receive()) is not None:
            if message["method"] == "initialize":
                answer(end, message)
                continue
            held.append(message)
            if len(held) == 5:
                for message in reversed(held):
                    answer(end, message)
                held.clear()

    pairs = [start(server, session=session) for session in ("a", "b")]
    for end, _ in pairs:
        end.ask(request(0, "initialize"))
    for id in range(1, 6):
        for end, _ in pairs:
            end.send(request(id, text=f"{end.session}{id}"))
    for end, _ in pairs:
        for _ in range(5):
            end.receive()
    for end, _ in pairs:
        end.close()
    for _ in pairs:
        os.wait()


def attached_later(ready, go):
    """Creates `ready` after a first exchange, waits for `go`, and only then records what it sends."""
    end, pid = start(_quiet_until(go, serve))
    end.record = lambda *raws: None
    end.ask(request(1, "initialize"))
    end.ask(request(2, text="before"))
    open(ready, "w").close()
    _wait_for(go)
    del end.record
    for id in range(3, 8):
        end.ask(request(id, text="after"))
    finish(end, pid)


def _quiet_until(go, then):
    def server(end):
        record = end.record
        end.record = lambda *raws: record(*raws) if os.path.exists(go) else None
        then(end)

    return server


def spaces():
    """White space before, inside and after the object."""
    end, pid = start(serve)
    end.ask(" " * 10 + _json(request(1, "initialize")))
    end.ask("\t \t" + _json(request(2)) + "   ")
    end.ask('{ "id" : 3 , "params" : { "text" : "" } , "method" : "tools/call" , "jsonrpc" : "2.0" }')
    end.put(b"\n\n   \n")
    end.ask(request(4))
    finish(end, pid)


def handed_over():
    """A server that answers once and leaves its stdin and stdout to a child."""

    def server(end):
        answer(end, end.receive())
        pid = os.fork()
        if pid == 0:
            end.server = os.getpid()
            serve(end)
            os._exit(0)
        os.close(end.reader)
        os.close(end.writer)
        os.waitpid(pid, 0)

    end, pid = start(server)
    for id in range(1, 6):
        end.ask(request(id, "initialize" if id == 1 else "tools/call", text="who"))
    finish(end, pid)


def crlf():
    """Lines that end in CR LF."""

    def server(end):
        send = end.send
        end.send = lambda *messages: send(*messages, end="\r\n")
        serve(end)

    end, pid = start(server)
    for id in range(1, 5):
        end.send(request(id, "initialize" if id == 1 else "tools/call", text="\r\n✓"), end="\r\n")
        end.receive()
    finish(end, pid)


def stray():
    """A server that logs to its stdout, before the first message and between later ones."""

    def server(end):
        end.put(b"Starting server v1.2 on stdio...\nlisten: {not json}\n")
        for n in range(4):
            answer(end, end.receive())
            end.put(f"[info] request {n} done\n".encode())

    end, pid = start(server)
    for id in range(1, 5):
        end.ask(request(id, "initialize" if id == 1 else "tools/call", text="x"))
    finish(end, pid)


def json_lines():
    """JSON lines that are not JSON-RPC: a logger and its collector. Nothing of it is MCP."""

    def collector(end):
        while end.line() is not None:
            pass

    end, pid = start(collector, comms=("json-logger", "json-collector"))
    for n in range(200):
        end.put(b'{"level":"info","id":%d,"method":"GET","params":{"q":1},"msg":"served"}\n' % n)
        if n % 10 == 0:
            end.put(b"[1,2,3]\n")
    end.put(b'{"jsonrpc":"1.0","method":"x"}\n{"note":"\\"jsonrpc\\":\\"2.0\\""}\n')
    finish(end, pid)


def exits_after_writing(who):
    """The client, or the server, is gone before anyone reads its last words."""

    def server(end):
        answer(end, end.receive())
        if who == "client":
            _until_orphan(parent)
            while end.receive() is not None:
                pass
            return
        for n in range(3):
            end.send(notification("notifications/message", n=n))
        os._exit(0)

    parent = os.getpid()
    end, pid = start(server)
    end.ask(request(1, "initialize"))
    if who == "client":
        end.send(notification("notifications/initialized"), notification("notifications/cancelled", requestId=1))
        os._exit(0)
    os.waitpid(pid, 0)
    for _ in range(3):
        end.receive()


def ids():
    """Ids of every kind that JSON-RPC knows."""
    end, pid = start(serve)
    for id in ("one", "", "1", 1, 0, -7, 9007199254740991, 1.5, "ünï✓", "a\"b\\c", None):
        end.ask(request(id, text="id"))
    finish(end, pid)


def errors():
    """Error responses, the one to an unreadable request among them."""

    def server(end):
        answer(end, end.receive())
        end.line()
        end.send(error(None, -32700, "Parse error"))
        serve(end)

    end, pid = start(server)
    end.ask(request(1, "initialize"))
    end.put(b'{"jsonrpc": "2.0", "id": 2, "method": \n')
    end.receive()
    end.ask(request(3, "no/such"))
    finish(end, pid)


def many(servers):
    """One client with so many servers at once."""
    pairs = [start(serve, "socketpair" if n % 2 else "pipe", session=f"s{n}") for n in range(int(servers))]
    for id in range(5):
        for end, _ in pairs:
            end.send(request(id, "tools/call" if id else "initialize", text=end.session))
        for end, _ in pairs:
            end.receive()
    for end, _ in pairs:
        end.close()
    for _ in pairs:
        os.wait()


def churn(times):
    """Sessions one after another, so that numbers of pids, inodes and file descriptors come again."""
    for n in range(int(times)):
        end, pid = start(serve, "socketpair" if n % 2 else "pipe", session=f"s{n}")
        end.ask(request(1, "initialize", text=str(n)))
        end.ask(request(2, text=str(n)))
        finish(end, pid)


def spawned(*command):
    """Starts a command as its server, over pipes as every SDK does."""
    name("raw-client")
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    end = End("client", server.stdout.fileno(), server.stdin.fileno(), "s", client=os.getpid())
    for id in range(5):
        end.ask(request(id, "tools/call" if id else "initialize", text="wrapped"))
    server.stdin.close()
    server.wait()


def wrapped():
    """A server behind `sh -c` and `env`, which stay between the client and it."""
    spawned("sh", "-c", f"env {sys.executable} {HERE} server; :")


def server():
    """The server of `spawned`, on its own stdin and stdout."""
    name("raw-server")
    serve(End("server", 0, 1, "s", server=os.getpid()))


def flood(count, size="300"):
    """So many notifications at full speed."""

    def drain(end):
        while end.read_call(end.reader, 1 << 16):
            pass

    end, pid = start(drain)
    text = "x" * max(0, int(size) - len('{"jsonrpc":"2.0","method":"n","params":{"i":1000000,"t":""}}\n'))
    for i in range(int(count)):
        os.write(end.writer, b'{"jsonrpc":"2.0","method":"n","params":{"i":%d,"t":"%s"}}\n' % (1000000 + i, text.encode()))
    print(os.getpid(), pid)
    finish(end, pid)


def threads(count):
    """A client whose threads share one pipe: each message in one write."""
    end, pid = start(serve)
    end.ask(request(0, "initialize"))
    total = int(count)

    def one(id):
        raw = _json(request(id, text=str(id) * 20))
        end.record(raw)
        os.write(end.writer, (raw + "\n").encode())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(1, total + 1)))
    for _ in range(total):
        end.receive()
    finish(end, pid)


def _json(message):
    return json.dumps(message, ensure_ascii=False)


def _until_read(fd):
    """Waits until the pipe is empty."""
    while struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, bytes(4)))[0]:
        time.sleep(0.001)
    time.sleep(0.005)


def _until_orphan(parent):
    while os.getppid() == parent:
        time.sleep(0.001)


def _wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.005)


if __name__ == "__main__":
    scenario, *arguments = sys.argv[1:]
    globals()[scenario](*arguments)
