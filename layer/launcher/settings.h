/*
 * What the launcher reads from the environment. It reads leniently (nonsense means the default) and prints nothing: the
 * engine validates every setting and prints the lines (ruling 26). What it accepts is what the engine accepts, or the two
 * would use different values.
 */
#ifndef DOGSLED_SETTINGS_H
#define DOGSLED_SETTINGS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

enum { SOCKET_PATH_BYTES = 108 }; /* sun_path, with its end */

struct settings {
    const char *runtime_api;   /* AWS_LAMBDA_RUNTIME_API as it is; NULL if missing */
    bool udp_enabled;          /* false with DD_DOGSTATSD_PORT=0 */
    uint16_t udp_port;         /* DD_DOGSTATSD_PORT, default 8125; 0 = any free one (__random__) */
    char bind_host[INET6_ADDRSTRLEN]; /* DD_BIND_HOST in numerals, default 127.0.0.1; DD_DOGSTATSD_NON_LOCAL_TRAFFIC → 0.0.0.0 */
    char unix_path[SOCKET_PATH_BYTES]; /* DD_DOGSTATSD_SOCKET; "" without a usable one */
    int receive_buffer_bytes;  /* DD_DOGSTATSD_SO_RCVBUF; 0 = as much as there is */
    int64_t budget_ns;         /* DD_DOGSLED_FLUSH_BUDGET_MS, default 250 ms */
    bool managed_instances;    /* AWS_LAMBDA_INITIALIZATION_TYPE=lambda-managed-instances */
    bool waits_for_ready;      /* snap-start, provisioned-concurrency: Init may take its time and nobody waits for it */
    bool debug;                /* DD_LOG_LEVEL=debug or trace */
};

void settings_read(struct settings *settings);

#endif
