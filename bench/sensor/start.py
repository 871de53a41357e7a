"""How long servers take from their start to the answer to `initialize`, in turns: `start.py ROUNDS JSON`.

The argument is {name: {command, args, env}}. Prints {name: {ms: […], cpu: […]}}; `cpu` is what the process has spent
by then, on all its threads.
"""

import glob
import json
import os
import subprocess
import sys
import time

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}},
}


def cpu(pid):
    spent = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path) as file:
            spent += int(file.read().split()[0])
    return spent / 1e6


def start(how):
    env = {"PATH": os.environ["PATH"], **how["env"]}
    begun = time.perf_counter()
    child = subprocess.Popen(
        [how["command"], *how["args"]],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    child.stdin.write(json.dumps(INITIALIZE).encode() + b"\n")
    child.stdin.flush()
    if not child.stdout.readline():
        raise SystemExit(f"{how['args']} ended")
    took, spent = (time.perf_counter() - begun) * 1000, cpu(child.pid)
    child.kill()
    child.wait()
    return took, spent


rounds, servers = int(sys.argv[1]), json.loads(sys.argv[2])
told = {name: {"ms": [], "cpu": []} for name in servers}
for k in range(rounds + 1):
    order = list(servers.items())
    for name, how in order if k % 2 else reversed(order):
        took, spent = start(how)
        if k > 0:  # the first warms the cache of files
            told[name]["ms"].append(took)
            told[name]["cpu"].append(spent)
print(json.dumps(told))
