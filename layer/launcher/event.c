#include "event.h"

#include "json.h"

#include <stdio.h>
#include <string.h>

enum { KEY_MAX = 32, TYPE_MAX = 64 };

static enum event_kind kind_of(const char *type)
{
    if (strcmp(type, "INVOKE") == 0) {
        return EVENT_INVOKE;
    }
    return strcmp(type, "SHUTDOWN") == 0 ? EVENT_SHUTDOWN : EVENT_UNKNOWN;
}

void event_read(struct event *event, const void *text, size_t length)
{
    struct json json = json_of(text, length);
    char key[KEY_MAX], type[TYPE_MAX] = "";
    memset(event, 0, sizeof *event);
    bool object = json_enter(&json, '{');
    while (object && json_next_member(&json, key, sizeof key)) {
        if (strcmp(key, "eventType") == 0) {
            (void)json_text(&json, type, sizeof type);
        } else if (strcmp(key, "deadlineMs") == 0) {
            (void)json_integer(&json, &event->deadline_ms);
        } else if (strcmp(key, "requestId") == 0) {
            (void)json_text(&json, event->request_id, sizeof event->request_id);
        } else {
            (void)json_skip(&json);
        }
    }
    event->kind = object && json_finished(&json) ? kind_of(type) : EVENT_MALFORMED;
}

/* Reads the requestId of a record from a cursor of its own; "" if there is none. */
static void read_request_id(struct json record, char *id, size_t capacity)
{
    char key[KEY_MAX];
    id[0] = '\0';
    if (!json_enter(&record, '{')) {
        return;
    }
    while (json_next_member(&record, key, sizeof key)) {
        if (strcmp(key, "requestId") == 0) {
            (void)json_text(&record, id, capacity);
        } else {
            (void)json_skip(&record);
        }
    }
}

/* Inside one object of the batch; the record may stand before the type, so its place is remembered. */
static bool read_record(struct json *json, char *type, size_t type_capacity, struct json *record)
{
    char key[KEY_MAX];
    bool has_record = false;
    while (json_next_member(json, key, sizeof key)) {
        if (strcmp(key, "type") == 0) {
            (void)json_text(json, type, type_capacity);
            continue;
        }
        if (strcmp(key, "record") == 0) {
            *record = *json;
            has_record = true;
        }
        (void)json_skip(json);
    }
    return has_record && !json->bad;
}

bool telemetry_runtime_done(const void *text, size_t length, void (*on_done)(void *context, const char *id), void *context)
{
    struct json json = json_of(text, length);
    bool array = json_enter(&json, '[');
    while (array && json_next_element(&json)) {
        char type[TYPE_MAX] = "", id[REQUEST_ID_MAX];
        struct json record = json_of("", 0);
        if (!json_enter(&json, '{')) {
            (void)json_skip(&json);
            continue;
        }
        if (read_record(&json, type, sizeof type, &record) && strcmp(type, "platform.runtimeDone") == 0) {
            read_request_id(record, id, sizeof id);
            if (id[0] != '\0') {
                on_done(context, id);
            }
        }
    }
    return array && json_finished(&json);
}

void error_type_read(char *out, size_t capacity, const void *text, size_t length)
{
    struct json json = json_of(text, length);
    char key[KEY_MAX];
    out[0] = '\0';
    bool object = json_enter(&json, '{');
    while (object && json_next_member(&json, key, sizeof key)) {
        if (strcmp(key, "errorType") == 0) {
            (void)json_text(&json, out, capacity);
        } else {
            (void)json_skip(&json);
        }
    }
    if (out[0] == '\0') {
        (void)snprintf(out, capacity, "unknown error");
    }
}

bool json_is_object(const void *text, size_t length)
{
    struct json json = json_of(text, length);
    struct json bracket = json;
    return json_enter(&bracket, '{') && json_skip(&json) && json_finished(&json);
}
