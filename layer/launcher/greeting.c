#include "greeting.h"

#include "event.h"
#include "json.h"

#include <stdio.h>

enum { GREETING_MAX = 131072 };

/* A failure to append means no memory; the engine then finds a cut JSON and says so. */
static void add(struct bytes *payload, const void *data, size_t length)
{
    (void)bytes_append(payload, data, length, GREETING_MAX);
}

void greeting_write(struct bytes *payload, const struct platform *platform, const struct udp *udp,
                    const struct unix_socket *unix_socket, int64_t exec_ns)
{
    static const unsigned char version = 1;
    char name[2 * EXTENSION_NAME_MAX], error[2 * sizeof udp->error], unix_error[2 * sizeof unix_socket->error];
    char text[sizeof name + sizeof error + sizeof unix_error + 256];
    (void)json_quote(name, sizeof name, platform->name);
    (void)json_quote(error, sizeof error, udp->error);
    (void)json_quote(unix_error, sizeof unix_error, unix_socket->error);
    int length = snprintf(text, sizeof text,
                          "{\"launcher\":{\"name\":%s,\"udpPort\":%u,\"bindError\":%s,\"receiveBufferBytes\":%d,"
                          "\"unixError\":%s,"
                          "\"telemetryStatus\":%d,\"execNs\":%lld,\"registeredNs\":%lld,\"invokeEvents\":%s},\"register\":",
                          name, (unsigned)udp->port, error, udp->receive_buffer_bytes,
                          unix_error, platform->telemetry_status,
                          (long long)exec_ns, (long long)platform->registered_ns,
                          platform->invoke_events ? "true" : "false");
    bytes_clear(payload);
    add(payload, &version, 1);
    add(payload, text, (size_t)length);
    const struct bytes *body = &platform->register_body;
    if (json_is_object(bytes_front(body), body->length)) {
        add(payload, bytes_front(body), body->length);
    } else {
        add(payload, "null", 4);
    }
    add(payload, "}", 1);
}
