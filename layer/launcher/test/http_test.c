/* The HTTP parser: a table of good and malformed messages, each fed whole, split at every byte, and byte by byte. */
#include "check.h"

#include "../http.h"

#include <stdlib.h>

enum { BODY_LIMIT = 1000 };

struct message_case {
    const char *name;
    enum http_kind kind;
    const char *text;
    bool ended; /* the peer closes behind the text */
    enum http_state state;
    int status;
    const char *target;
    const char *body;
    bool closes;
};

#define ANSWER(name, text, ended, state, status, body, closes) {name, HTTP_RESPONSE, text, ended, state, status, "", body, closes}
#define REQUEST(name, text, state, target, body, closes) {name, HTTP_REQUEST, text, false, state, 0, target, body, closes}

static const struct message_case CASES[] = {
    ANSWER("length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", false, HTTP_DONE, 200, "{}", false),
    ANSWER("no reason", "HTTP/1.1 204\r\n\r\n", false, HTTP_DONE, 204, "", false),
    ANSWER("bare newlines", "HTTP/1.1 200 OK\nCONTENT-LENGTH:2\n\n{}", false, HTTP_DONE, 200, "{}", false),
    ANSWER("empty line in front", "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, HTTP_DONE, 200, "", false),
    ANSWER("close", "HTTP/1.1 500 X\r\nConnection: foo, Close\r\nContent-Length: 1\r\n\r\nx", false, HTTP_DONE, 500, "x", true),
    ANSWER("chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0A;x=1\r\n0123456789\r\n0\r\n\r\n", false,
           HTTP_DONE, 200, "abc0123456789", false),
    ANSWER("trailers", "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, Chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\nZ: 1\r\n\r\n", false, HTTP_DONE,
           200, "a", false),
    ANSWER("to the end", "HTTP/1.1 200 OK\r\n\r\nall of it", true, HTTP_DONE, 200, "all of it", true),
    ANSWER("to the end, open", "HTTP/1.1 200 OK\r\n\r\nall of it", false, HTTP_BODY_TO_END, 200, "all of it", true),
    ANSWER("version 1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", false, HTTP_DONE, 200, "x", true),
    ANSWER("version 1.0, kept", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", false, HTTP_DONE, 200, "x",
           false),
    ANSWER("interim answers", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
           false, HTTP_DONE, 200, "x", false),
    ANSWER("same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", false, HTTP_DONE, 200, "x", false),
    ANSWER("folded and odd fields", "HTTP/1.1 200 OK\r\nA: b\r\n c: d\r\nno colon\r\n: no name\r\nContent-Length: 1\r\n\r\nx", false,
           HTTP_DONE, 200, "x", false),
    ANSWER("cut in the body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", true, HTTP_BAD, 200, "x", false),
    ANSWER("cut in the head", "HTTP/1.1 200 OK\r\nConte", true, HTTP_BAD, 200, "", false),
    ANSWER("cut in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", true, HTTP_BAD, 200, "ab", false),
    ANSWER("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", false, HTTP_BAD, 200, "", false),
    ANSWER("negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", false, HTTP_BAD, 200, "", false),
    ANSWER("list of lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n", false, HTTP_BAD, 200, "", false),
    ANSWER("huge length", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", false, HTTP_BAD, 200, "", false),
    ANSWER("no number", "HTTP/1.1 OK\r\n\r\n", false, HTTP_BAD, 0, "", false),
    ANSWER("status of four", "HTTP/1.1 2000 OK\r\n\r\n", false, HTTP_BAD, 2000, "", false),
    ANSWER("switching", "HTTP/1.1 101 Switching\r\n\r\n", false, HTTP_BAD, 0, "", false),
    ANSWER("other protocol", "SSH-2.0-OpenSSH\r\n", false, HTTP_BAD, 0, "", false),
    ANSWER("HTTP/2", "HTTP/2 200\r\n\r\n", false, HTTP_BAD, 200, "", false),
    ANSWER("bad chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", false, HTTP_BAD, 200, "", false),
    ANSWER("huge chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", false, HTTP_BAD, 200, "", false),
    ANSWER("chunk without its end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", false, HTTP_BAD, 200, "a", false),
    ANSWER("both framings", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", false, HTTP_DONE,
           200, "ab", true),
    ANSWER("blank before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\nx", false, HTTP_DONE, 200, "x", false),
    ANSWER("a length in two lines", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 0\r\n\r\nx", false, HTTP_BAD, 200, "", false),
    ANSWER("a coding in two lines", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n , x\r\n\r\n", false, HTTP_BAD, 200, "", false),
    ANSWER("plus in a length", "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx", false, HTTP_BAD, 200, "", false),
    ANSWER("hexadecimal length", "HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\nx", false, HTTP_BAD, 200, "", false),
    ANSWER("empty length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nx", false, HTTP_BAD, 200, "", false),
    ANSWER("length of 2^64", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n", false, HTTP_BAD, 200, "", false),
    ANSWER("an answer without a body", "HTTP/1.1 304 X\r\nContent-Length: 9\r\n\r\n", false, HTTP_DONE, 304, "", false),
    ANSWER("hexadecimal chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na", false, HTTP_BAD, 200, "", false),
    ANSWER("negative chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\na", false, HTTP_BAD, 200, "", false),
    ANSWER("empty chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\na", false, HTTP_BAD, 200, "", false),
    ANSWER("quoted chunk extension", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1 ;a=\"b;c\"\r\nx\r\n000\r\n\r\n", false, HTTP_DONE, 200,
           "x", false),
    ANSWER("cut in the trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n", true, HTTP_BAD, 200, "", false),
    ANSWER("coded, not chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nzz", true, HTTP_DONE, 200, "zz", true),
    ANSWER("only interim answers", "HTTP/1.1 100 Continue\r\n\r\n", true, HTTP_BAD, 0, "", false),
    ANSWER("status below 100", "HTTP/1.1 099 X\r\n\r\n", false, HTTP_BAD, 99, "", false),
    ANSWER("nothing at all", "", true, HTTP_BAD, 0, "", false),
    REQUEST("blank before the colon, posted", "POST /t HTTP/1.1\r\nContent-Length : 1\r\n\r\nx", HTTP_BAD, "/t", "", false),
    REQUEST("folded, posted", "POST /t HTTP/1.1\r\nA: b\r\n c\r\nContent-Length: 1\r\n\r\nx", HTTP_BAD, "/t", "", false),
    REQUEST("folded first line, posted", "POST /t HTTP/1.1\r\n Content-Length: 1\r\n\r\nx", HTTP_BAD, "/t", "", false),
    REQUEST("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", HTTP_BAD, "*", "", false),
    REQUEST("post", "POST /t/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n[]", HTTP_DONE, "/t/1", "[]", false),
    REQUEST("no body", "GET / HTTP/1.1\r\n\r\n", HTTP_DONE, "/", "", false),
    REQUEST("chunked post", "POST /t HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n2\r\n[]\r\n0\r\n\r\n", HTTP_DONE,
            "/t", "[]", false),
    REQUEST("version 1.0", "POST /t HTTP/1.0\r\nContent-Length: 1\r\n\r\nx", HTTP_DONE, "/t", "x", true),
    REQUEST("two blanks", "POST  /t  HTTP/1.1\r\n\r\n", HTTP_DONE, "/t", "", false),
    REQUEST("unknown coding", "POST /t HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", HTTP_BAD, "/t", "", false),
    REQUEST("no version", "GET /\r\n\r\n", HTTP_BAD, "/", "", false),
    REQUEST("TLS hello", "\x16\x03\x01\x02\n", HTTP_BAD, "", "", false),
    REQUEST("one word", "hello\r\n", HTTP_BAD, "", "", false),
};

/* Feeds count bytes in pieces of the size given, each from memory of exactly that size; returns the bytes used. */
static size_t feed_pieces(struct http_message *message, const char *text, size_t count, size_t piece)
{
    size_t used = 0;
    while (used < count && message->state < HTTP_DONE) {
        size_t size = count - used < piece ? count - used : piece;
        char *copy = malloc(size);
        if (copy == NULL) {
            abort();
        }
        memcpy(copy, text + used, size);
        used += http_feed(message, copy, size);
        free(copy);
    }
    return used;
}

static void check_case(const struct message_case *expected, struct http_message *message, const char *how, size_t at)
{
    if (expected->ended) {
        http_feed_end(message);
    }
    size_t length = strlen(expected->body);
    CHECK(message->state == expected->state, "%s, %s %zu: state %d", expected->name, how, at, message->state);
    CHECK(message->status == expected->status, "%s, %s %zu: status %d", expected->name, how, at, message->status);
    CHECK(strcmp(message->target, expected->target) == 0, "%s, %s %zu: '%s'", expected->name, how, at, message->target);
    CHECK(message->body.length == length && (length == 0 || memcmp(bytes_front(&message->body), expected->body, length) == 0),
          "%s, %s %zu: body of %zu bytes", expected->name, how, at, message->body.length);
    CHECK(message->closes == expected->closes || message->state == HTTP_BAD, "%s, %s %zu: closes %d", expected->name, how, at,
          message->closes);
}

static void messages_are_parsed_however_they_are_split(void)
{
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct message_case *expected = &CASES[i];
        size_t length = strlen(expected->text);
        struct http_message message = {.kind = expected->kind};
        http_reset(&message, expected->kind, BODY_LIMIT);
        feed_pieces(&message, expected->text, length, length);
        check_case(expected, &message, "whole", 0);
        http_reset(&message, expected->kind, BODY_LIMIT);
        feed_pieces(&message, expected->text, length, 1);
        check_case(expected, &message, "bytes", 1);
        for (size_t at = 1; at < length; at++) {
            http_reset(&message, expected->kind, BODY_LIMIT);
            size_t used = feed_pieces(&message, expected->text, at, at);
            feed_pieces(&message, expected->text + used, length - used, length);
            check_case(expected, &message, "split at", at);
        }
        http_free(&message);
    }
}

static void a_nul_ends_no_line(void)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 1\0 0\r\n\r\nx";
    struct http_message message = {.kind = HTTP_RESPONSE};
    http_reset(&message, HTTP_RESPONSE, BODY_LIMIT);
    feed_pieces(&message, text, sizeof text - 1, 5);
    CHECK(message.state == HTTP_BAD, "state %d", message.state);
    http_free(&message);
}

static void pipelined_messages_are_taken_one_by_one(void)
{
    const char *text = "POST /a HTTP/1.1\r\nContent-Length: 1\r\n\r\nxPOST /b HTTP/1.1\r\n\r\n";
    struct http_message message = {.kind = HTTP_REQUEST};
    http_reset(&message, HTTP_REQUEST, BODY_LIMIT);
    size_t used = feed_pieces(&message, text, strlen(text), 4096);
    CHECK(message.state == HTTP_DONE && strcmp(message.target, "/a") == 0, "state %d", message.state);
    http_reset(&message, HTTP_REQUEST, BODY_LIMIT);
    CHECK(message.target[0] == '\0' && message.body.length == 0, "the first shows through");
    used += feed_pieces(&message, text + used, strlen(text) - used, 4096);
    CHECK(message.state == HTTP_DONE && strcmp(message.target, "/b") == 0 && used == strlen(text), "used %zu", used);
    http_free(&message);
}

static void the_head_is_handed_out_before_the_body(void)
{
    const char *text = "POST /a HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n12345";
    struct http_message message = {.kind = HTTP_REQUEST};
    http_reset(&message, HTTP_REQUEST, BODY_LIMIT);
    size_t used = http_feed(&message, text, strlen(text));
    CHECK(used == strlen(text) - 5 && message.state == HTTP_BODY && message.expects_continue, "used %zu", used);
    message.body_limit = 0;
    (void)http_feed(&message, text + used, 5);
    CHECK(message.state == HTTP_DONE && message.body_cut == 5 && message.body.length == 0, "cut %u", (unsigned)message.body_cut);
    http_free(&message);
}

static void identifiers_are_found_in_any_case(void)
{
    const char *text = "HTTP/1.1 200 OK\r\nLAMBDA-extension-Identifier:\t 1b2c-3d \t\r\nContent-Length: 0\r\n\r\n";
    struct http_message message = {.kind = HTTP_RESPONSE};
    http_reset(&message, HTTP_RESPONSE, BODY_LIMIT);
    (void)http_feed(&message, text, strlen(text));
    CHECK(strcmp(message.extension_id, "1b2c-3d") == 0, "'%s'", message.extension_id);
    http_free(&message);
}

/* Feeds the same text again and again until the message is over or the limit of tries is reached. */
static size_t feed_endlessly(struct http_message *message, const char *text, size_t times)
{
    size_t i = 0;
    for (; i < times && message->state < HTTP_DONE; i++) {
        feed_pieces(message, text, strlen(text), 4096);
    }
    return i;
}

static void sizes_are_bounded(void)
{
    struct http_message message = {.kind = HTTP_RESPONSE};
    http_reset(&message, HTTP_RESPONSE, BODY_LIMIT);
    (void)feed_endlessly(&message, "HTTP/1.1 200 OK\r\n", 1);
    CHECK(feed_endlessly(&message, "X-Filler: 0123456789012345678901234567890123456789\r\n", 10000) < 2000, "endless fields");
    CHECK(message.state == HTTP_BAD, "state %d", message.state);
    http_reset(&message, HTTP_RESPONSE, BODY_LIMIT);
    CHECK(feed_endlessly(&message, "a line without an end ", 10000) < 4000, "an endless line");
    http_reset(&message, HTTP_RESPONSE, BODY_LIMIT);
    CHECK(feed_endlessly(&message, "HTTP/1.1 100 Continue\r\n\r\n", 10000) < 4000, "endless interim answers");
    http_reset(&message, HTTP_RESPONSE, BODY_LIMIT);
    (void)feed_endlessly(&message, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 1);
    CHECK(feed_endlessly(&message, "a\r\n0123456789\r\n", 10000) == 10000, "many chunks are fine");
    CHECK(message.body.length == 0 && message.body_cut == 100000, "cut %u", (unsigned)message.body_cut);
    (void)feed_endlessly(&message, "0\r\n\r\n", 1);
    CHECK(message.state == HTTP_DONE, "state %d", message.state);
    http_free(&message);
}

void http_tests(void)
{
    messages_are_parsed_however_they_are_split();
    a_nul_ends_no_line();
    pipelined_messages_are_taken_one_by_one();
    the_head_is_handed_out_before_the_body();
    identifiers_are_found_in_any_case();
    sizes_are_bounded();
}
