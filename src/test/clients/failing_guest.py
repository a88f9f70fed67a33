"""A function that emits and then answers, crashes or runs into its time-out, as its event says: {"then": "answer"}.

What it emitted before it failed it lists in its next answer; the file in which it remembers that outlives a crash, as /tmp
does in a sandbox whose processes are started anew. All of its lives, some within a second, count in the same contexts.
"""
import http.client
import json
import os
import socket
import time

MEMORY = os.environ["EMITTED"]
PORT = int(os.environ.get("DD_DOGSTATSD_PORT", 8125))


def call(method, path, body=None):
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    api.request(method, "/2018-06-01/runtime/invocation/" + path, body)
    answer = api.getresponse()
    return answer.getheader("Lambda-Runtime-Aws-Request-Id"), answer.read()


def remembered():
    if not os.path.exists(MEMORY):
        return []
    with open(MEMORY, encoding="utf-8") as file:
        return json.load(file)


def emit(then):
    emitted = remembered()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as statsd:
        for name in ["failing.invocations"] + ["failing." + then] * 50:
            statsd.sendto(("%s:1|c" % name).encode(), ("127.0.0.1", PORT))
            emitted.append({"name": name, "type": "count", "value": 1, "tags": []})
    with open(MEMORY, "w", encoding="utf-8") as file:
        json.dump(emitted, file)
    return emitted


while True:
    request_id, event = call("GET", "next")
    then = json.loads(event)["then"]
    emitted = emit(then)
    if then == "crash":
        os._exit(3)
    if then == "timeout":
        time.sleep(3600)
    os.unlink(MEMORY)
    call("POST", request_id + "/response", json.dumps({"emitted": emitted}))
