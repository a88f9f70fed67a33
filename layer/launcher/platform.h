/*
 * The calls of the Extensions and Telemetry APIs (spec: lambda.md 1 and 4). Register and subscribe are driven to their
 * end here, before the loop runs; the request for /next is only built here.
 */
#ifndef DOGSLED_PLATFORM_H
#define DOGSLED_PLATFORM_H

#include "bytes.h"
#include "exchange.h"
#include "sockets.h"

#include <stdbool.h>
#include <stdint.h>

enum { EXTENSION_NAME_MAX = 256 };

struct platform {
    struct endpoint api;
    struct exchange exchange;         /* one connection, one exchange at a time */
    char name[EXTENSION_NAME_MAX];    /* the file name under which Lambda started us */
    char identifier[HTTP_ID_MAX];     /* what register answered */
    bool invoke_events;               /* false on Managed Instances */
    int telemetry_status;             /* of the subscription's answer; 0 = none in time */
    int64_t registered_ns;
    struct bytes register_body;       /* as received */
};

/*
 * Registers for INVOKE and SHUTDOWN (SHUTDOWN alone where invoke_events is false or INVOKE is refused). Retries for two
 * seconds while the connection is refused or breaks. False after one log line: the process is to end, not to poll.
 */
bool platform_register(struct platform *platform);

/* Subscribes to platform events at the telemetry listener; at most one second, and any outcome is fine. */
void platform_subscribe(struct platform *platform, uint16_t port, const char *path, bool managed_instances,
                        const struct companion *companion);

/* Begins the long poll. */
void platform_begin_next(struct platform *platform);

#endif
