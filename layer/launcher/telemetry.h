/*
 * The listener that Lambda posts telemetry to (lambda.md 4, ruling 16): every address, an ephemeral port, and a random
 * path that only Lambda is told. POST to that path is answered 200 whatever the body is, because anything else would be
 * delivered again for ever; every other request is answered 404 and not relayed.
 *
 * Bounded: eight connections (the one that has been quiet longest makes room), 2 MiB a body (a longer one is read,
 * answered 200 and counted), and answers are never waited for: a peer that does not read is disconnected.
 */
#ifndef DOGSLED_TELEMETRY_H
#define DOGSLED_TELEMETRY_H

#include "http.h"

#include <stdbool.h>
#include <stdint.h>

enum { TELEMETRY_CONNECTIONS = 8, TELEMETRY_PATH_MAX = 40, TELEMETRY_BODY_MAX = 2097152 - 64 };

typedef void telemetry_handler(void *context, const void *body, size_t length);

struct telemetry_connection {
    int fd; /* -1 when the place is free */
    int64_t used_ns;
    bool head_seen;
    bool wanted; /* POST to our path */
    struct http_message request;
};

struct telemetry {
    int listen_fd; /* -1 if there is no listener */
    int spare_fd;  /* given up to turn a connection away when there are no descriptors left */
    uint16_t port;
    char path[TELEMETRY_PATH_MAX];
    telemetry_handler *on_batch;
    void *context;
    uint64_t oversized;
    uint64_t refused; /* other paths and methods, and what was no HTTP */
    struct telemetry_connection connections[TELEMETRY_CONNECTIONS];
};

/* Opens the listener; without one, listen_fd is -1. */
void telemetry_open(struct telemetry *telemetry, telemetry_handler *on_batch, void *context);

/* After poll(2) found the listener or a connection readable. */
void telemetry_accept(struct telemetry *telemetry, int64_t now_ns);
void telemetry_read(struct telemetry *telemetry, size_t place, int64_t now_ns);

#endif
