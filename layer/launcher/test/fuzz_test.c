/*
 * Random damage to good input. Two things must hold besides "no sanitizer complains": a message means the same however
 * it was split, and what is kept stays within its limit. DOGSLED_SEED=<n> repeats a run;
 * DOGSLED_ROUNDS=<n> makes it longer (make fuzz).
 */
#include "check.h"

#include "../clock.h"
#include "../event.h"
#include "../frames.h"
#include "../http.h"

#include <stdlib.h>

enum { ROUNDS = 60000, INPUT_MAX = 700, BODY_LIMIT = 64 };

static const char *const SEEDS[] = {
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"eventType\":\"x\"}",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nb;q=1\r\n world wide\r\n0\r\nT: r\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 403 Forbidden\r\nConnection: keep-alive\r\n\r\n{\"errorType\":\"Extension.Unknown\"}",
    "POST /t/00112233445566778899aabbccddeeff HTTP/1.1\r\nHost: sandbox:1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n[{}]",
    "POST /t HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\n[\r\n1\r\n]\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    "HTTP/1.1 103 A\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n c\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "HTTP/1.0 200\nConnection: close, keep-alive\ncontent-length : 18446744073709551615\nContent-Length:1,1\n\nxx",
    "PUT /t HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff;x\r\n-1\r\n0x1\r\n\r\nPOST /t HTTP/1.1\r\n\r\n",
    "{\"eventType\":\"INVOKE\",\"deadlineMs\":1676643045123,\"requestId\":\"8476a536-e9f4-11e8-9739-2dfe598c3fcd\",\"tracing\":{\"a\":1}}",
    "[{\"time\":\"2022-10-12T00:01:15Z\",\"type\":\"platform.runtimeDone\",\"record\":{\"requestId\":\"r\\u0031\",\"n\":[1.5e3,null]}}]",
    "[{\"record\":{\"requestId\":\"\\ud83d\\ude00\"},\"type\":\"platform.runtimeDone\"},[[[{}]]],\"\\\\\\\"\",true,false,-0.1]",
};

static uint64_t random_state;

static uint32_t random_below(uint32_t bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % bound;
}

/* One of: another byte, a byte gone, a piece doubled, a cut at the end, a character with a meaning. */
static size_t damage(char *text, size_t length)
{
    static const char meaningful[] = "\r\n:;,{}[]\"\\ 0123456789abcdefu-\0\x80";
    size_t at = length == 0 ? 0 : random_below((uint32_t)length);
    switch (length == 0 ? 4 : random_below(5)) {
    case 0:
        text[at] = (char)random_below(256);
        return length;
    case 1:
        memmove(text + at, text + at + 1, length - at - 1);
        return length - 1;
    case 2: {
        size_t size = random_below(20) + 1;
        size = size > length - at ? length - at : size;
        if (length + size > INPUT_MAX) {
            return length;
        }
        memmove(text + at + size, text + at, length - at);
        return length + size;
    }
    case 3:
        return random_below(8) == 0 ? at : length;
    default:
        text[at] = meaningful[random_below(sizeof meaningful)];
        return length == 0 ? 1 : length;
    }
}

static void feed(struct http_message *message, const char *text, size_t length, uint32_t largest)
{
    size_t used = 0;
    while (used < length && message->state < HTTP_DONE) {
        size_t piece = largest == 0 ? length - used : random_below(largest) + 1;
        piece = piece > length - used ? length - used : piece;
        size_t taken = http_feed(message, text + used, piece);
        CHECK(taken > 0 && taken <= piece, "took %zu of %zu", taken, piece);
        used += taken;
    }
    http_feed_end(message);
}

static void http_means_the_same_however_it_was_split(const char *text, size_t length, enum http_kind kind)
{
    struct http_message whole = {.kind = kind}, split = {.kind = kind};
    http_reset(&whole, kind, BODY_LIMIT);
    http_reset(&split, kind, BODY_LIMIT);
    feed(&whole, text, length, 0);
    feed(&split, text, length, 9);
    CHECK(whole.state == split.state && whole.status == split.status && whole.body_cut == split.body_cut &&
              strcmp(whole.target, split.target) == 0 && whole.body.length == split.body.length,
          "%.*s", (int)length, text);
    CHECK(whole.body.length <= BODY_LIMIT, "%zu bytes kept", whole.body.length);
    http_free(&whole);
    http_free(&split);
}

static void count_ids(void *context, const char *id)
{
    size_t *count = context;
    CHECK(*id != '\0' && strlen(id) < REQUEST_ID_MAX, "'%s'", id);
    (*count)++;
}

static void json_is_walked_safely(const char *text, size_t length)
{
    struct event event;
    char type[24];
    size_t ids = 0;
    event_read(&event, text, length);
    CHECK(event.kind == EVENT_MALFORMED || json_is_object(text, length), "an event that is no object: %.*s", (int)length, text);
    (void)telemetry_runtime_done(text, length, count_ids, &ids);
    error_type_read(type, sizeof type, text, length);
    CHECK(type[0] != '\0', "no type");
}

static void frames_are_read_safely(const char *text, size_t length)
{
    struct frame_reader reader;
    memset(&reader, 0, sizeof reader);
    const unsigned char *data = (const unsigned char *)text;
    while (length > 0 && frame_read(&reader, &data, &length) != FRAME_NONSENSE) {
        CHECK(reader.kept <= FRAME_KEPT_MAX, "%zu kept", reader.kept);
    }
}

void fuzz_tests(void)
{
    const char *chosen = getenv("DOGSLED_SEED");
    const char *rounds_text = getenv("DOGSLED_ROUNDS");
    long rounds = rounds_text != NULL ? strtol(rounds_text, NULL, 10) : ROUNDS;
    uint64_t seed = chosen != NULL ? strtoull(chosen, NULL, 10) : (uint64_t)clock_mono_ns() | 1;
    int failed_before = checks_failed;
    random_state = seed;
    for (long round = 0; round < rounds && checks_failed == failed_before; round++) {
        const char *base = SEEDS[random_below(sizeof SEEDS / sizeof SEEDS[0])];
        char text[INPUT_MAX + 1];
        size_t length = strlen(base);
        memcpy(text, base, length);
        for (uint32_t i = random_below(6); i > 0; i--) {
            length = damage(text, length);
        }
        char *bare = malloc(length == 0 ? 1 : length); /* its end is watched by the sanitizer */
        if (bare == NULL) {
            abort();
        }
        memcpy(bare, text, length);
        http_means_the_same_however_it_was_split(bare, length, random_below(2) == 0 ? HTTP_REQUEST : HTTP_RESPONSE);
        json_is_walked_safely(bare, length);
        frames_are_read_safely(bare, length);
        free(bare);
    }
    if (checks_failed != failed_before) {
        fprintf(stderr, "repeat with DOGSLED_SEED=%llu\n", (unsigned long long)seed);
    }
}
