/*
 * The platform as a script: a test waits for the launcher's next request, looks at it and answers it. It starts the
 * launcher like Lambda does (own process group, closed stdin) and reads its log and the fake engine's from one pipe.
 * It parses with code of its own, so that it does not share the mistakes of what it judges. Everything has a deadline
 * of ten seconds; what does not happen until then fails the test and ends it.
 */
#ifndef DOGSLED_FAKE_PLATFORM_H
#define DOGSLED_FAKE_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { PLATFORM_TEXT_MAX = 262144 };

struct fake_platform {
    int listen_fd;
    int connection_fd;   /* the launcher's; -1 when it has none */
    char api[64];        /* what the launcher is told: address and port */
    void (*prepare)(void); /* runs in the process that becomes the launcher, just before it does; NULL = nothing */
    const char *argv0;     /* NULL = /opt/extensions/my-dd.sh */
    pid_t launcher;
    bool ended;
    int status;          /* of the launcher, once it ended */
    int log_fd;
    char log[PLATFORM_TEXT_MAX]; /* everything said so far */
    size_t log_length;
    char request[8192];  /* the last one: head and body */
    char telemetry_path[64];
    uint16_t telemetry_port;
    uint16_t udp_port;
};

/* Listens on this loopback address (IPv4 or IPv6); does not start anything. */
void platform_open(struct fake_platform *platform, const char *address);

/* Refuses connections until platform_listen. */
void platform_open_deaf(struct fake_platform *platform, const char *address);
void platform_listen(struct fake_platform *platform);

/* Starts layer/extensions/dogsled of this layer; environment is a NULL-terminated list of NAME=value. */
void platform_launch(struct fake_platform *platform, const char *layer, const char *const *environment);

/* Waits for the next request and checks its start, e.g. "GET /2020-01-01/extension/event/next ". */
void platform_expect(struct fake_platform *platform, const char *start);

/* True if a request arrives within the time. */
bool platform_request_within(struct fake_platform *platform, int ms);

/* Answers the last request with a Content-Length. */
void platform_answer(struct fake_platform *platform, int status, const char *fields, const char *body);

/* Answers with these bytes, as they are; closes the connection afterwards if asked. */
void platform_answer_raw(struct fake_platform *platform, const char *text, size_t length, bool close_it);

void platform_answer_invoke(struct fake_platform *platform, const char *request_id, int deadline_in_ms);
void platform_answer_shutdown(struct fake_platform *platform, int deadline_in_ms);

/* Register, subscribe (answered with this status) and the first /next, which is left open. */
void platform_init_phase(struct fake_platform *platform, int telemetry_status);

/* Posts to the telemetry listener and returns the status of the answer; 0 if there was none. */
int platform_post(struct fake_platform *platform, const char *path, const char *body, size_t length);

/* A connection to a port of the launcher, or -1. */
int platform_connect(uint16_t port);

/* Posts platform.runtimeDone for the request. */
void platform_runtime_done(struct fake_platform *platform, const char *request_id);

/* Waits until the log has the text count times. */
void platform_wait_log(struct fake_platform *platform, const char *text, int count);
int platform_count_log(struct fake_platform *platform, const char *text);

/* Sends a datagram to the port that `registered` named. */
void platform_send_datagram(struct fake_platform *platform, const char *text);

/* Waits for the launcher's end and returns its exit status; negative for a signal. */
int platform_wait_end(struct fake_platform *platform);

int64_t platform_now_ms(void);

/* Prints the defect with the log so far, and ends the process with status 1. */
void platform_fail(struct fake_platform *platform, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));

#endif
