/*
 * Malformed HTTP from the platform and to the telemetry listener, against the launcher as a process: what it makes of each
 * row, that the function is never held by it, and that the next good message is understood (RFC 9112).
 */
#include "process.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENT "{\"eventType\":\"INVOKE\",\"requestId\":\"taken\",\"deadlineMs\":1}"
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
#define SIXTY "0123456789012345678901234567890123456789012345678901234567890"

struct answer_row {
    const char *name;
    const char *text;
    bool closes; /* the platform closes behind it */
    bool taken;  /* as the event that it holds; otherwise the launcher asks again */
};

static const struct answer_row ANSWERS[] = {
    {"nothing", "", true, false},
    {"garbage", "garbage\r\n\r\n", false, false},
    {"TLS", "\x16\x03\x01\x02\x03\n", false, false},
    {"HTTP/2", "HTTP/2 200 OK\r\n\r\n", false, false},
    {"only an interim answer", "HTTP/1.1 100 Continue\r\n\r\n", true, false},
    {"interim answers first", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 X\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" EVENT, true, true},
    {"switching protocols", "HTTP/1.1 101 X\r\nUpgrade: h2c\r\n\r\n", false, false},
    {"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n" EVENT, true, true},
    {"a field without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n" EVENT, true, true},
    {"a folded field", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n" EVENT, true, true},
    {"a folded length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n 7\r\n\r\n" EVENT, false, false},
    {"a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" EVENT, false, false},
    {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n" EVENT, false, false},
    {"a length beyond 64 bits", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n" EVENT, false, false},
    {"too short", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" EVENT, true, false},
    {"too long", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" EVENT, false, false},
    {"an answer too many", "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" EVENT, false, false},
    {"chunks with extensions and trailers", CHUNKED "39;a=\"b\"\r\n" EVENT "\r\n0;x\r\nA: b\r\n\r\n", false, true},
    {"no chunk size", CHUNKED "zz\r\n", false, false},
    {"a huge chunk size", CHUNKED "fffffffffffffffff\r\n", false, false},
    {"a chunk that is longer", CHUNKED "1\r\n" EVENT "\r\n0\r\n\r\n", false, false},
    {"both framings", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n39\r\n" EVENT "\r\n0\r\n\r\n", false, true},
    {"an event that is none", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{]", false, false},
};

/* Sends one row, in pieces of this size; the next request of the launcher is awaited. */
static void try_answer(struct fake_platform *p, const struct answer_row *row, size_t piece)
{
    int before = platform_count_log(p, "engine: invoke taken");
    size_t length = strlen(row->text);
    for (size_t sent = 0; sent < length; sent += piece) { /* it may have heard enough and closed */
        if (send(p->connection_fd, row->text + sent, length - sent < piece ? length - sent : piece, MSG_NOSIGNAL) < 0) {
            break;
        }
    }
    if (row->closes) {
        platform_answer_raw(p, "", 0, true);
    }
    REQUIRE(platform_request_within(p, 2000 + BUSY_MS), "%s: no further poll", row->name);
    REQUIRE(strncmp(p->request, NEXT, strlen(NEXT)) == 0, "%s: %.40s", row->name, p->request);
    platform_answer_invoke(p, "good", 5000); /* waited for, so that the engine has told of the one before as well */
    platform_expect(p, NEXT);
    int taken = platform_count_log(p, "engine: invoke taken") - before;
    REQUIRE(taken == row->taken, "%s, %zu bytes a piece: taken %d times", row->name, piece, taken);
}

void malformed_answers_hold_nobody(struct fake_platform *p)
{
    start_ready(p, "good", 202);
    for (size_t i = 0; i < sizeof ANSWERS / sizeof ANSWERS[0]; i++) {
        try_answer(p, &ANSWERS[i], 65536);
        try_answer(p, &ANSWERS[i], 1);
    }
    shut_down(p);
}

void an_answer_cut_anywhere_is_asked_for_again(struct fake_platform *p)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 57\r\n\r\n" EVENT;
    char part[sizeof text];
    start_ready(p, "good", 202);
    for (size_t length = 0; length < sizeof text - 1; length += 3) {
        memcpy(part, text, length);
        part[length] = '\0';
        try_answer(p, &(struct answer_row){"cut", part, true, false}, 65536);
    }
    try_answer(p, &(struct answer_row){"whole", text, false, true}, 65536);
    shut_down(p);
}

static void send_much(struct fake_platform *p, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (send(p->connection_fd, text, strlen(text), MSG_NOSIGNAL) < 0) {
            return; /* it has heard enough */
        }
    }
}

void endless_answers_are_cut_short(struct fake_platform *p)
{
    static const char *const endless[][2] = {{"HTTP/1.1 200 OK\r\n", "X-Filler: " SIXTY "\r\n"},
                                             {"HTTP/1.1 200 OK\r\nX: ", SIXTY},
                                             {"", "HTTP/1.1 100 Continue\r\n\r\n"},
                                             {CHUNKED "0\r\n", "T: " SIXTY "\r\n"}};
    start_ready(p, "good", 202);
    for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++) {
        send_much(p, endless[i][0], 1);
        send_much(p, endless[i][1], 20000);
        REQUIRE(platform_request_within(p, 2000 + BUSY_MS), "row %zu: no further poll", i);
        platform_answer_invoke(p, "good", 20);
        platform_expect(p, NEXT);
    }
    send_much(p, "HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n", 1); /* read to its end and thrown away */
    for (int i = 0; i < 10240; i++) {
        static char kilobyte[1025];
        memset(kilobyte, 'x', 1024);
        send_much(p, kilobyte, 1);
    }
    REQUIRE(platform_request_within(p, 2000 + BUSY_MS), "10 MiB: no further poll");
    platform_answer_invoke(p, "good", 20);
    platform_expect(p, NEXT);
    shut_down(p);
}

void a_malformed_subscription_is_as_good_as_none(struct fake_platform *p)
{
    static const char *const answers[] = {"garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", CHUNKED "zz\r\n", "HTTP/1.1 101 X\r\n\r\n", ""};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        (void)close(p->listen_fd);
        platform_open(p, "127.0.0.1");
        launch(p, "good", NULL);
        platform_expect(p, "POST /2020-01-01/extension/register ");
        platform_answer(p, 200, "Lambda-Extension-Identifier: 1\r\n", "{}");
        platform_expect(p, "PUT /2022-07-01/telemetry ");
        platform_answer_raw(p, answers[i], strlen(answers[i]), true);
        platform_expect(p, NEXT);
        platform_wait_log(p, "\"telemetryStatus\":0,", 1);
        platform_answer_invoke(p, "r", 5000);
        REQUIRE(platform_request_within(p, 2000 + BUSY_MS), "row %zu: held", i);
        shut_down(p);
        (void)close(p->connection_fd);
        (void)close(p->log_fd);
    }
}

void a_malformed_registration_is_tried_again(struct fake_platform *p)
{
    static const char *const answers[] = {"garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", CHUNKED "zz\r\n", ""};
    launch(p, "good", NULL);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        platform_expect(p, "POST /2020-01-01/extension/register ");
        platform_answer_raw(p, answers[i], strlen(answers[i]), true);
    }
    platform_init_phase(p, 200);
    shut_down(p);
}

/* ---- the telemetry listener ---- */

struct post_row {
    const char *name;
    const char *head; /* %s is our path */
    const char *body;
    int status; /* 0 = the connection is closed without one, or stays open without one */
};

static const struct post_row POSTS[] = {
    {"a post", "POST %s HTTP/1.1\r\nContent-Length: 2\r\n\r\n", "[]", 200},
    {"HTTP/1.0", "POST %s HTTP/1.0\r\nContent-Length: 2\r\n\r\n", "[]", 200},
    {"no body", "POST %s HTTP/1.1\r\n\r\n", "", 200},
    {"another path", "POST %sx HTTP/1.1\r\nContent-Length: 2\r\n\r\n", "[]", 404},
    {"another method", "PUT %s HTTP/1.1\r\nContent-Length: 2\r\n\r\n", "[]", 404},
    {"a method of any length", "POSTPOSTPOSTPOST %s HTTP/1.1\r\n\r\n", "", 404},
    {"to be continued", "POST %s HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", "[]", 100},
    {"another expectation", "POST %s HTTP/1.1\r\nExpect: a-miracle\r\nContent-Length: 2\r\n\r\n", "[]", 200},
    {"chunks with extensions and trailers", "POST %s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "2;a=b\r\n[]\r\n0\r\nA: b\r\n\r\n", 200},
    {"both framings", "POST %s HTTP/1.1\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n", "2\r\n[]\r\n0\r\n\r\n", 200},
    {"a field without a colon", "POST %s HTTP/1.1\r\nnonsense\r\nContent-Length: 2\r\n\r\n", "[]", 200},
    {"a folded field", "POST %s HTTP/1.1\r\nA: b\r\n c\r\nContent-Length: 2\r\n\r\n", "[]", 400},
    {"a blank before the colon", "POST %s HTTP/1.1\r\nContent-Length : 2\r\n\r\n", "[]", 400},
    {"a negative length", "POST %s HTTP/1.1\r\nContent-Length: -2\r\n\r\n", "[]", 400},
    {"two lengths", "POST %s HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n", "[]", 400},
    {"a length beyond 64 bits", "POST %s HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "[]", 400},
    {"no chunk size", "POST %s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "zz\r\n", 400},
    {"an unknown coding", "POST %s HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "zz", 400},
    {"garbage", "%.0s\x16\x03\x01 garbage\r\n", "", 400},
};

/* The status of the first answer; 0 if there is none. */
static int answer_of(struct fake_platform *p, int fd, const char *name)
{
    char text[512] = "";
    int status = 0;
    struct pollfd place = {.fd = fd, .events = POLLIN};
    REQUIRE(poll(&place, 1, 5000) == 1, "%s: no answer", name);
    ssize_t got = recv(fd, text, sizeof text - 1, 0);
    if (got > 0) {
        (void)sscanf(text, "HTTP/1.1 %d", &status);
    }
    return status;
}

void malformed_posts_are_answered_and_forgotten(struct fake_platform *p)
{
    start_ready(p, "good", 200);
    for (size_t i = 0; i < 2 * (sizeof POSTS / sizeof POSTS[0]); i++) {
        const struct post_row *row = &POSTS[i / 2];
        char text[1024];
        int length = snprintf(text, sizeof text, row->head, p->telemetry_path), fd = platform_connect(p->telemetry_port);
        length += snprintf(text + length, sizeof text - (size_t)length, "%s", row->body);
        for (int sent = 0, piece = i % 2 == 0 ? length : 1; sent < length; sent += piece) {
            (void)send(fd, text + sent, (size_t)piece, MSG_NOSIGNAL);
        }
        int status = answer_of(p, fd, row->name);
        REQUIRE(status == row->status, "%s: %d", row->name, status);
        (void)close(fd);
    }
    REQUIRE(invoke(p, "r") < BUSY_MS, "works");
    shut_down(p);
}

void a_post_of_ten_megabytes_is_read_and_thrown_away(struct fake_platform *p)
{
    enum { MANY = 10 * 1048576 };
    char *much = calloc(1, MANY);
    start_ready(p, "good", 200);
    REQUIRE(much != NULL && platform_post(p, p->telemetry_path, much, MANY) == 200, "answered");
    REQUIRE(platform_post(p, "/", much, MANY) == 404, "answered");
    REQUIRE(invoke(p, "r") < BUSY_MS, "works");
    REQUIRE(platform_count_log(p, "engine: telemetry") == 1, "only the report is relayed");
    shut_down(p);
    free(much);
}

/* Slow and idle ones, more than there are places for, while the platform posts. */
void slow_senders_keep_nobody_waiting(struct fake_platform *p)
{
    enum { SLOW = 100 };
    int slow[SLOW];
    start_ready(p, "good", 200);
    for (int i = 0; i < SLOW; i++) {
        slow[i] = platform_connect(p->telemetry_port);
    }
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < SLOW; i++) {
            (void)send(slow[i], "P", 1, MSG_NOSIGNAL);
        }
        char id[16];
        (void)snprintf(id, sizeof id, "r-%d", round);
        REQUIRE(invoke(p, id) < BUSY_MS, "invocation %d was held", round);
    }
    for (int i = 0; i < SLOW; i++) {
        (void)close(slow[i]);
    }
    shut_down(p);
    REQUIRE(lines_for_people(p) == 0, "quiet");
}
