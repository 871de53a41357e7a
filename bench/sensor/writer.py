"""How many events of 400 bytes the sensor's writer takes a second: `writer.py FOLDER`. Prints {events, seconds, cpu}."""

import json
import os
import sys
import time

os.environ["MCPSONDE_SPOOL"] = sys.argv[1]
os.environ["MCPSONDE_SOCKET"] = "/nowhere"
from mcpsonde_sensor.config import load  # noqa: E402
from mcpsonde_sensor.event import Event  # noqa: E402
from mcpsonde_sensor.sensor import Sensor  # noqa: E402

EVENTS = 120_000
config = load(dict(os.environ))
config.max_events = EVENTS + 10
config.max_bytes = 1 << 30
sensor = Sensor(config)
# A line of 400 bytes, of which the envelope is most.
text = '{"jsonrpc":"2.0","id":1,"result":{"ok":true}}'
fixed = '"event":"server_send_response","id":1'


def put(count):
    for _ in range(count):
        sensor.put(Event(sensor.next(), time.time_ns(), "python_mcp_event", "event", None, None, fixed, "message", text), 300)


put(2000)
while not sensor.writer.flush(10):
    pass
begun, cpu = time.perf_counter(), time.process_time()
put(EVENTS)
while not sensor.writer.flush(60):
    pass
seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
size = sum(entry.stat().st_size for entry in os.scandir(sys.argv[1]))
dropped = sum(sensor.writer.dropped.values())
print(json.dumps({"events": EVENTS, "seconds": seconds, "cpu": cpu, "line": size / (EVENTS + 2000), "dropped": dropped}))
