/* The JSON walker, and what the launcher reads with it: events, telemetry, refusals. */
#include "check.h"

#include "../event.h"
#include "../json.h"

#include <stdlib.h>

static const struct {
    const char *text;
    bool object;
} OBJECTS[] = {
    {"{}", true},
    {" \r\n\t{ } \n", true},
    {"{\"a\":1}", true},
    {"{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":\"\\u00e9\\ud83d\\ude00\\n\"}", true},
    {"{\"a\":-0.5e+10,\"b\":true,\"c\":false,\"d\":0}", true},
    {"", false},
    {" ", false},
    {"[]", false},
    {"1", false},
    {"{", false},
    {"{\"a\"}", false},
    {"{\"a\":}", false},
    {"{\"a\":1,}", false},
    {"{,\"a\":1}", false},
    {"{\"a\":1 \"b\":2}", false},
    {"{\"a\":1}}", false},
    {"{\"a\":1}x", false},
    {"{a:1}", false},
    {"{'a':1}", false},
    {"{\"a\":01}", false},
    {"{\"a\":1.}", false},
    {"{\"a\":.5}", false},
    {"{\"a\":+1}", false},
    {"{\"a\":1e}", false},
    {"{\"a\":-}", false},
    {"{\"a\":tru}", false},
    {"{\"a\":nul", false},
    {"{\"a\":\"\\x\"}", false},
    {"{\"a\":\"\\u12g4\"}", false},
    {"{\"a\":\"\\u12", false},
    {"{\"a\":\"\\", false},
    {"{\"a\":\"open}", false},
    {"{\"a\":[1,]}", false},
    {"{\"a\":[1 2]}", false},
    {"{\"a\":[}", false},
    {"{\"a\":1]", false},
    {"\xff\xfe", false},
};

/* A copy without a terminator, so that reading one byte too far is seen by the sanitizer. */
static char *bare_copy(const char *text, size_t length)
{
    char *copy = malloc(length == 0 ? 1 : length);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, text, length);
    return copy;
}

static void objects_are_told_from_everything_else(void)
{
    for (size_t i = 0; i < sizeof OBJECTS / sizeof OBJECTS[0]; i++) {
        size_t length = strlen(OBJECTS[i].text);
        char *text = bare_copy(OBJECTS[i].text, length);
        CHECK(json_is_object(text, length) == OBJECTS[i].object, "%s", OBJECTS[i].text);
        for (size_t cut = 0; cut < length && OBJECTS[i].object; cut++) { /* no part of one object is an object */
            char *part = bare_copy(text, cut);
            bool blank_tail = text[cut] == ' ' || text[cut] == '\n';
            CHECK(!json_is_object(part, cut) || blank_tail, "the first %zu bytes of %s", cut, OBJECTS[i].text);
            free(part);
        }
        free(text);
    }
}

static void depth_is_bounded(void)
{
    char text[1024];
    memset(text, '[', sizeof text);
    struct json deep = json_of(text, sizeof text);
    CHECK(!json_skip(&deep), "a thousand open brackets");
    memset(text, '[', 100);
    memset(text + 100, ']', 100);
    struct json fine = json_of(text, 200);
    CHECK(json_skip(&fine) && json_finished(&fine), "a hundred levels");
}

static void texts_are_decoded(void)
{
    static const struct {
        const char *json, *text;
        bool ok;
    } cases[] = {
        {"\"plain\"", "plain", true},
        {"\"\"", "", true},
        {" \"a\\\"\\\\\\/\\b\\f\\n\\r\\tz\"", "a\"\\/\b\f\n\r\tz", true},
        {"\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"", "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", true},
        {"\"\\ud83dx\"", "\xef\xbf\xbdx", true},
        {"\"\\ud83d\\u0041\"", "\xef\xbf\xbd"
                              "A",
         true},
        {"\"\\ude00\"", "\xef\xbf\xbd", true},
        {"\"fifteen bytes..\"", "fifteen bytes..", true},
        {"\"sixteen bytes...\"", "", false},
        {"12", "", false},
        {"{\"a\":1}", "", false},
        {"", "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[16] = "before";
        struct json json = json_of(cases[i].json, strlen(cases[i].json));
        bool ok = json_text(&json, text, sizeof text);
        CHECK(ok == cases[i].ok && strcmp(text, cases[i].text) == 0, "%s was read as '%s'", cases[i].json, text);
        CHECK(*cases[i].json == '\0' || json_finished(&json), "%s was not passed", cases[i].json);
    }
}

static void numbers_are_read(void)
{
    static const struct {
        const char *json;
        int64_t value;
        bool ok;
    } cases[] = {
        {"1676643045123", 1676643045123, true}, {"0", 0, true},        {"-7", -7, true},
        {"1.676643045123e12", 1676643045123, true}, {"9e99", INT64_MAX, true}, {"-9e99", INT64_MIN, true},
        {"\"5\"", 0, false},                    {"null", 0, false},    {"x", 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t value = 77;
        struct json json = json_of(cases[i].json, strlen(cases[i].json));
        bool ok = json_integer(&json, &value);
        CHECK(ok == cases[i].ok && value == cases[i].value, "%s was read as %lld", cases[i].json, (long long)value);
    }
}

static void texts_are_quoted(void)
{
    char out[16];
    char wide[64];
    size_t length = json_quote(wide, sizeof wide, "a\"b\\c\n");
    CHECK(length == 15 && strcmp(wide, "\"a\\\"b\\\\c\\u000a\"") == 0, "%s", wide);
    CHECK(json_quote(out, sizeof out, "much longer than the room there is") < sizeof out, "%s", out);
    CHECK(out[0] == '"' && out[strlen(out) - 1] == '"', "%s", out);
}

static void events_are_read(void)
{
    static const struct {
        const char *json;
        enum event_kind kind;
        int64_t deadline_ms;
        const char *id;
    } cases[] = {
        {"{\"eventType\":\"INVOKE\",\"deadlineMs\":17,\"requestId\":\"r-1\",\"invokedFunctionArn\":\"a\","
         "\"tracing\":{\"type\":\"X-Amzn-Trace-Id\",\"value\":\"Root=1\"}}",
         EVENT_INVOKE, 17, "r-1"},
        {"{\"requestId\":\"r-2\",\"extra\":[{\"eventType\":\"SHUTDOWN\"}],\"deadlineMs\":5e3,\"eventType\":\"INV\\u004fKE\"}",
         EVENT_INVOKE, 5000, "r-2"},
        {"{ \"eventType\" : \"SHUTDOWN\" , \"shutdownReason\" : \"spindown\" , \"deadlineMs\" : 9 }\n", EVENT_SHUTDOWN, 9, ""},
        {"{\"eventType\":\"SHUTDOWN\"}", EVENT_SHUTDOWN, 0, ""},
        {"{\"eventType\":\"invoke\"}", EVENT_UNKNOWN, 0, ""},
        {"{\"eventType\":7,\"deadlineMs\":\"8\",\"requestId\":null}", EVENT_UNKNOWN, 0, ""},
        {"{}", EVENT_UNKNOWN, 0, ""},
        {"{\"eventType\":\"INVOKE\"", EVENT_MALFORMED, 0, ""},
        {"{\"eventType\":\"INVOKE\"} trailing", EVENT_MALFORMED, 0, ""},
        {"[\"INVOKE\"]", EVENT_MALFORMED, 0, ""},
        {"", EVENT_MALFORMED, 0, ""},
        {"<html>", EVENT_MALFORMED, 0, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct event event;
        event_read(&event, cases[i].json, strlen(cases[i].json));
        CHECK(event.kind == cases[i].kind, "%s is kind %d", cases[i].json, event.kind);
        CHECK(event.deadline_ms == cases[i].deadline_ms, "%s: %lld", cases[i].json, (long long)event.deadline_ms);
        CHECK(strcmp(event.request_id, cases[i].id) == 0, "%s: '%s'", cases[i].json, event.request_id);
    }
}

static void collect(void *context, const char *id)
{
    strcat(context, id);
    strcat(context, ",");
}

static void ends_of_invocations_are_found_in_telemetry(void)
{
    static const struct {
        const char *json, *ids;
        bool ok;
    } cases[] = {
        {"[]", "", true},
        {"[{\"time\":\"t\",\"type\":\"platform.runtimeDone\",\"record\":{\"requestId\":\"r1\",\"status\":\"success\"}}]", "r1,", true},
        {" [ { \"record\" : { \"metrics\" : {\"x\":[1]} , \"requestId\" : \"r\\u0031\" } , \"type\" : \"platform\\u002eruntimeDone\" } ] ",
         "r1,", true},
        {"[{\"type\":\"platform.start\",\"record\":{\"requestId\":\"r1\"}},{\"type\":\"platform.runtimeDone\",\"record\":{"
         "\"requestId\":\"r2\"}},{\"type\":\"platform.runtimeDone\",\"record\":{\"requestId\":\"r3\"}}]",
         "r2,r3,", true},
        {"[{\"type\":\"function\",\"record\":\"platform.runtimeDone {\\\"requestId\\\":\\\"r1\\\"}\"}]", "", true},
        {"[{\"type\":\"platform.runtimeDone\",\"record\":\"r1\"}]", "", true},
        {"[{\"type\":\"platform.runtimeDone\"}]", "", true},
        {"[{\"type\":\"platform.runtimeDone\",\"record\":{\"inner\":{\"requestId\":\"r1\"}}}]", "", true},
        {"[1,\"x\",null,{\"type\":\"platform.runtimeDone\",\"record\":{\"requestId\":\"r1\"}}]", "r1,", true},
        {"[{\"type\":\"platform.runtimeDone\",\"record\":{\"requestId\":\"r1\"}},{\"type\":", "r1,", false},
        {"{\"type\":\"platform.runtimeDone\",\"record\":{\"requestId\":\"r1\"}}", "", false},
        {"not json", "", false},
        {"", "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char ids[256] = "";
        size_t length = strlen(cases[i].json);
        char *text = bare_copy(cases[i].json, length);
        bool ok = telemetry_runtime_done(text, length, collect, ids);
        CHECK(ok == cases[i].ok && strcmp(ids, cases[i].ids) == 0, "%s gave '%s'", cases[i].json, ids);
        free(text);
    }
}

static void refusals_name_their_type(void)
{
    char type[32];
    const char *refusal = "{\"errorMessage\":\"m\",\"errorType\":\"Extension.InvalidEventType\"}\n";
    error_type_read(type, sizeof type, refusal, strlen(refusal));
    CHECK(strcmp(type, "Extension.InvalidEventType") == 0, "%s", type);
    error_type_read(type, sizeof type, "oops", 4);
    CHECK(strcmp(type, "unknown error") == 0, "%s", type);
    error_type_read(type, sizeof type, NULL, 0);
    CHECK(strcmp(type, "unknown error") == 0, "%s", type);
}

void json_tests(void)
{
    objects_are_told_from_everything_else();
    depth_is_bounded();
    texts_are_decoded();
    numbers_are_read();
    texts_are_quoted();
    events_are_read();
    ends_of_invocations_are_found_in_telemetry();
    refusals_name_their_type();
}
