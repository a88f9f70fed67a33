"""Everything that the PyPI package datadog can emit, in each of its modes."""
import random
import time

import datadog.dogstatsd.base as base
from datadog.dogstatsd import DogStatsd

from lambda_runtime import HOST, PORT, serve

TAGS = ["a:b", "größe:ü"]
QUIET = {"disable_telemetry": True, "origin_detection_enabled": False}


def every_type(client, note, prefix):
    """One of each; the same whatever the mode."""
    def noted(kind, name, value, samples=1):
        note(kind, prefix + name, value, TAGS, samples=samples)

    client.increment("count", tags=TAGS)
    client.increment("count", 41, tags=TAGS)
    client.decrement("count", 2, tags=TAGS)
    client.count("count", 0.5, tags=TAGS)
    noted("count", "count", 40.5, samples=1 if client.aggregated else 4)
    client.gauge("gauge", 3, tags=TAGS)
    client.gauge("gauge", -2.5, tags=TAGS)
    noted("gauge", "gauge", -2.5, samples=1 if client.aggregated else 2)
    for member in ("anne", "bob", "anne"):
        client.set("set", member, tags=TAGS)
        if not client.aggregated or member not in client.members:
            noted("set", "set", member)
        client.members.add(member)
    for value in (1, 4.5, 2):
        client.histogram("histogram", value, tags=TAGS)
        noted("histogram", "histogram", value)
        client.distribution("distribution", value, tags=TAGS)
        noted("distribution", "distribution", value)
        client.timing("timing", value * 100, tags=TAGS)
        noted("timing", "timing", value * 100)


def client_of(prefix, **mode):
    client = DogStatsd(host=HOST, port=PORT, namespace=prefix, **dict(QUIET, **mode))
    client.aggregated = not mode.get("disable_aggregation", True)
    client.members = set()
    return client


def modes(note):
    plain = client_of("plain")
    every_type(plain, note, "plain.")
    buffered = client_of("buffered", disable_buffering=False, flush_interval=1000)
    every_type(buffered, note, "buffered.")
    buffered.flush()
    packed = client_of("packed")
    packed.open_buffer()
    every_type(packed, note, "packed.")
    packed.close_buffer()
    aggregated = client_of("aggregated", disable_aggregation=False, flush_interval=1000)
    every_type(aggregated, note, "aggregated.")
    aggregated.flush_aggregated_metrics()
    aggregated.flush()
    background = client_of("background", disable_background_sender=False)
    every_type(background, note, "background.")
    background.wait_for_pending()
    background.stop()


def details(note):
    client = client_of("details", constant_tags=["constant:1"], cardinality="low")
    always = ["constant:1"]
    base.random = lambda: 0.0  # nothing is sampled out; what is sent carries its rate
    client.increment("rated", 3, sample_rate=0.25)
    note("count", "details.rated", 3, always, 0.25)
    client.histogram("rated_histogram", 7, tags=["x:y"], sample_rate=0.5)
    note("histogram", "details.rated_histogram", 7, always + ["x:y"], 0.5)
    client.distribution("rated_distribution", 7, sample_rate=0.125)
    note("distribution", "details.rated_distribution", 7, always, 0.125)
    client.timing("rated_timing", 7, sample_rate=0.5)
    note("timing", "details.rated_timing", 7, always, 0.5)
    then = int(time.time()) - 3600
    client.count_with_timestamp("then", 2, timestamp=then)
    client.count_with_timestamp("then", 3, timestamp=then)
    note("count", "details.then", 5, always, at=then, samples=2)
    client.gauge_with_timestamp("then_gauge", 4.25, timestamp=then, tags=["x:y"])
    note("gauge", "details.then_gauge", 4.25, always + ["x:y"], at=then)
    with client.timed("timed", use_ms=True):
        time.sleep(0.001)
    note("timing", "details.timed", 1, always, loose=True)
    client.distributed("distributed")(lambda: None)()
    note("distribution", "details.distributed", 0, always, loose=True)
    client.event("Größe | 1", "two\nlines", alert_type="error", aggregation_key="key", source_type_name="python",
                 date_happened=then, priority="low", tags=["x:y"], hostname="somewhere")
    note("event", "Größe | 1", "two\nlines", ["x:y"] + always, alertType="error", aggregationKey="key",
         sourceTypeName="python", timestampS=then, priority="low", host="somewhere")
    for status in (client.OK, client.WARNING, client.CRITICAL, client.UNKNOWN):
        client.service_check("details.check", status, tags=["x:y"], timestamp=then, hostname="somewhere", message="m: it is\nso")
        note("check", "details.check", status, ["x:y"] + always, timestampS=then, host="somewhere",
             message="m\\: it is\\nso")  # the client escapes, DogStatsD does not unescape


def telemetry(note):
    """The client's own metrics leave with the first packet after their interval, which is over at once."""
    client = DogStatsd(host=HOST, port=PORT, origin_detection_enabled=False, telemetry_min_flush_interval=0)
    client.increment("told")
    note("count", "told", 1)
    note("telemetry", "datadog.dogstatsd.client.metrics", 1, samples=11)


def emit(note):
    modes(note)
    details(note)
    telemetry(note)


random.seed(1)
serve(emit)
