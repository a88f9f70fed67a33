"""A function without a framework: speaks Lambda's Runtime API and writes down what a guest says it emitted."""
import http.client
import json
import os
import time

HOST = "127.0.0.1"
PORT = int(os.environ.get("DD_DOGSTATSD_PORT", 8125))
BUCKET_S = 10


def serve(emit):
    """Calls emit(note) once per invocation; note(type, name, value, ...) says what one call of the client stands for."""
    while True:
        api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        api.request("GET", "/2018-06-01/runtime/invocation/next")
        request_id = api.getresponse().getheader("Lambda-Runtime-Aws-Request-Id")
        while time.time() % BUCKET_S > BUCKET_S * 0.6:
            time.sleep(0.1)  # sets and histograms are per bucket: all of it is to fall into one
        notes = []
        emit(lambda kind, name, value, tags=(), rate=1, **more: notes.append(
            dict(more, type=kind, name=name, value=value, tags=list(tags), rate=rate)))
        with open(os.environ["EMITTED"], "w", encoding="utf-8") as file:
            json.dump(notes, file)
        api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        api.request("POST", "/2018-06-01/runtime/invocation/%s/response" % request_id, '"emitted"')
        api.getresponse().read()
