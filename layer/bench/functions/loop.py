"""The smallest Python runtime: one metric an invocation, over the Runtime API with the standard library."""
import http.client
import os
import socket

api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
statsd = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
address = ("127.0.0.1", int(os.environ["DD_DOGSTATSD_PORT"]))
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    answer = api.getresponse()
    answer.read()
    statsd.sendto(b"shop.orders.placed:1|c", address)
    api.request("POST", "/2018-06-01/runtime/invocation/%s/response" % answer.getheader("Lambda-Runtime-Aws-Request-Id"), '"ok"')
    api.getresponse().read()
