/*
 * What the launcher understands of the platform's JSON (ruling 22): of events eventType, deadlineMs and requestId; of
 * telemetry only which requests a batch reports as done; of refusals the error type.
 */
#ifndef DOGSLED_EVENT_H
#define DOGSLED_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REQUEST_ID_MAX = 128 };

enum event_kind { EVENT_MALFORMED, EVENT_UNKNOWN, EVENT_INVOKE, EVENT_SHUTDOWN };

struct event {
    enum event_kind kind;
    int64_t deadline_ms; /* since the epoch; 0 if absent */
    char request_id[REQUEST_ID_MAX];
};

void event_read(struct event *event, const void *json, size_t length);

/*
 * Calls on_done for each platform.runtimeDone in the batch, in order. False if the batch is no JSON array of objects;
 * what came before the fault has been reported then.
 */
bool telemetry_runtime_done(const void *json, size_t length, void (*on_done)(void *context, const char *id), void *context);

/* The value of errorType, "unknown error" if there is none. */
void error_type_read(char *text, size_t capacity, const void *json, size_t length);

/* True if the text is one JSON object and nothing else. */
bool json_is_object(const void *json, size_t length);

#endif
