"""Everything that the PyPI package statsd can emit: plain StatsD without tags."""
import random
import time
from datetime import timedelta

from statsd import StatsClient

from lambda_runtime import HOST, PORT, serve


def emit(note):
    random.random = lambda: 0.0  # nothing is sampled out; what is sent carries its rate
    client = StatsClient(HOST, PORT, prefix="statsd")
    client.incr("visits")
    client.incr("visits", 41)
    client.decr("visits", 2)
    note("count", "statsd.visits", 40, samples=3)
    client.incr("rated", 3, rate=0.25)
    note("count", "statsd.rated", 3, rate=0.25)
    client.timing("time", 320)
    client.timing("time", timedelta(milliseconds=80), rate=0.5)
    note("timing", "statsd.time", 320)
    note("timing", "statsd.time", 80, rate=0.5)
    with client.timer("timer"):
        time.sleep(0.001)
    timed = client.timer("timer").start().stop()
    note("timing", "statsd.timer", timed.ms, loose=True)
    note("timing", "statsd.timer", timed.ms, loose=True)
    client.gauge("gauge", 70)
    note("gauge", "statsd.gauge", 70)
    client.gauge("negative", -7)  # two lines: 0, then -7
    note("gauge", "statsd.negative", -7, samples=2)
    # DogStatsD has no relative gauges: a sign is part of the number
    client.gauge("up", 5, delta=True)
    client.gauge("up", 3, delta=True)
    note("gauge", "statsd.up", 3, samples=2)
    client.gauge("down", -4, delta=True)
    note("gauge", "statsd.down", -4)
    client.gauge("rated_gauge", 1.5, rate=0.5)
    note("gauge", "statsd.rated_gauge", 1.5)
    for member in ("anne", "bob", "anne"):
        client.set("users", member)
        note("set", "statsd.users", member)
    with client.pipeline() as pipe:  # many lines, packed into datagrams of 512 bytes
        for i in range(100):
            pipe.incr("piped", i)
            note("count", "statsd.piped", i)
        with pipe.pipeline() as inner:
            inner.timing("piped_time", 7)
            note("timing", "statsd.piped_time", 7)
    client.close()


serve(emit)
