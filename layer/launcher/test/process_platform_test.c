/* What the launcher does when the platform is slow, broken, strange or gone. */
#include "process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void telemetry_is_taken_whatever_it_is(struct fake_platform *p)
{
    static char big[3000000];
    start_ready(p, "good", 200);
    REQUIRE(platform_post(p, p->telemetry_path, "<not json>", 10) == 200, "malformed");
    platform_wait_log(p, "engine: telemetry <not json>", 1);
    REQUIRE(platform_post(p, p->telemetry_path, "", 0) == 200, "empty");
    REQUIRE(platform_post(p, p->telemetry_path, big, sizeof big) == 200, "too long");
    REQUIRE(platform_post(p, "/", "[\"x\"]", 5) == 404, "other path");
    REQUIRE(platform_post(p, "/t/00112233445566778899aabbccddeeff", "[\"x\"]", 5) == 404, "other path");
    REQUIRE(invoke(p, "r") < BUSY_MS, "works");
    REQUIRE(platform_count_log(p, "engine: telemetry") == 3, "relayed: malformed, empty, runtimeDone");
    shut_down(p);
    REQUIRE(platform_count_log(p, "1 were too long, 2 requests refused") == 1, "counted");
    REQUIRE(lines_for_people(p) == 0, "quiet");
}

/* Opens a connection to the telemetry listener and sends a text. */
static int talk(struct fake_platform *p, const char *text)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(p->telemetry_port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0, "connect");
    REQUIRE(send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text), "send");
    return fd;
}

/* Reads from the connection until the text was seen so often. */
static void hear(struct fake_platform *p, int fd, const char *text, int count)
{
    char buffer[4096] = "";
    size_t length = 0;
    for (int seen = 0; seen < count;) {
        struct pollfd place = {.fd = fd, .events = POLLIN};
        REQUIRE(poll(&place, 1, 5000) == 1, "heard only: %s", buffer);
        ssize_t got = recv(fd, buffer + length, sizeof buffer - 1 - length, 0);
        REQUIRE(got > 0, "closed after: %s", buffer);
        length += (size_t)got;
        buffer[length] = '\0';
        seen = 0;
        for (const char *at = buffer; (at = strstr(at, text)) != NULL; at += strlen(text)) {
            seen++;
        }
    }
}

void telemetry_connections_are_used_in_every_way(struct fake_platform *p)
{
    char text[1024];
    start_ready(p, "good", 200);
    int first = talk(p, "POST ");
    for (int i = 0; i < 20; i++) {
        (void)talk(p, "POST "); /* idle ones, left open on purpose */
    }
    (void)snprintf(text, sizeof text, "POST %s HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n", p->telemetry_path);
    int fd = talk(p, text);
    hear(p, fd, "HTTP/1.1 100 Continue\r\n\r\n", 1);
    REQUIRE(send(fd, "2\r\n[]\r\n0\r\n\r\n", 12, MSG_NOSIGNAL) == 12, "send");
    hear(p, fd, "HTTP/1.1 200 OK\r\n", 1);
    (void)snprintf(text, sizeof text,
                   "POST %s HTTP/1.1\r\nContent-Length: 2\r\n\r\n[]GET %s HTTP/1.1\r\n\r\nPOST %s HTTP/1.1\r\nContent-Length: 2\r\n\r\n[]",
                   p->telemetry_path, p->telemetry_path, p->telemetry_path);
    REQUIRE(send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text), "send");
    hear(p, fd, "Content-Length: 0\r\n\r\n", 3);
    struct pollfd closed = {.fd = first, .events = POLLIN};
    REQUIRE(poll(&closed, 1, 5000) == 1 && recv(first, text, 1, 0) == 0, "the quietest did not make room");
    hear(p, talk(p, "\x16\x03\x01 no HTTP\r\n\r\n"), "HTTP/1.1 400 ", 1);
    platform_wait_log(p, "engine: telemetry []", 3);
    REQUIRE(invoke(p, "r") < BUSY_MS, "works");
    shut_down(p);
}

void a_hanging_subscription_is_given_up(struct fake_platform *p)
{
    launch(p, "good", NULL);
    platform_expect(p, "POST /2020-01-01/extension/register ");
    platform_answer(p, 200, "Lambda-Extension-Identifier: 1\r\n", "not an object");
    platform_expect(p, "PUT /2022-07-01/telemetry ");
    int64_t from_ms = platform_now_ms();
    platform_expect(p, NEXT);
    REQUIRE(platform_now_ms() - from_ms < 1000 + BUSY_MS, "%d ms", (int)(platform_now_ms() - from_ms));
    platform_wait_log(p, "engine: registered", 1);
    REQUIRE(strstr(p->log, "\"telemetryStatus\":0,") != NULL && strstr(p->log, "\"register\":null}") != NULL, "told");
    platform_answer_invoke(p, "r", 5000);
    platform_expect(p, NEXT);
    shut_down(p);
}

void a_refused_registration_ends_it(struct fake_platform *p)
{
    launch(p, "good", NULL);
    platform_expect(p, "POST /2020-01-01/extension/register ");
    platform_answer(p, 403, "", "{\"errorMessage\":\"m\",\"errorType\":\"Extension.RegistrationClosed\"}\n");
    REQUIRE(platform_wait_end(p) > 0, "exit status");
    REQUIRE(platform_count_log(p, "403, Extension.RegistrationClosed") == 1 && lines_for_people(p) == 1, "one line");
    REQUIRE(!platform_request_within(p, 50), "another request");
}

void a_broken_platform_ends_it(struct fake_platform *p)
{
    launch(p, "good", NULL);
    platform_expect(p, "POST /2020-01-01/extension/register ");
    platform_answer(p, 500, "Connection: close\r\n", "");
    REQUIRE(platform_wait_end(p) > 0, "exit status");
    REQUIRE(platform_count_log(p, "status 500, unknown error") == 1 && lines_for_people(p) == 1, "one line");
}

void a_missing_or_malformed_address_ends_it(struct fake_platform *p)
{
    launch_with(p, "AWS_LAMBDA_RUNTIME_API=nonsense");
    REQUIRE(platform_wait_end(p) > 0, "exit status");
    REQUIRE(platform_count_log(p, "AWS_LAMBDA_RUNTIME_API is 'nonsense'") == 1 && lines_for_people(p) == 1, "one line");
}

void managed_instances_are_asked_for_shutdown_only(struct fake_platform *p)
{
    launch(p, "good", "AWS_LAMBDA_INITIALIZATION_TYPE=lambda-managed-instances");
    platform_expect(p, "POST /2020-01-01/extension/register ");
    REQUIRE(strstr(p->request, "{\"events\":[\"SHUTDOWN\"]}") != NULL, "events");
    platform_answer(p, 200, "Lambda-Extension-Identifier: 1\r\n", "{}");
    platform_expect(p, "PUT /2022-07-01/telemetry ");
    REQUIRE(strstr(p->request, "\"schemaVersion\":\"2025-01-29\"") != NULL, "schema");
    platform_answer(p, 200, "", "\"OK\"");
    platform_expect(p, NEXT);
    shut_down(p);
}

/* Ten seconds and the budget after its tick; there is no invocation that would start a successor, and none is needed. */
void a_stopped_engine_of_managed_instances_is_replaced(struct fake_platform *p)
{
    launch(p, "stops-at-tick", "AWS_LAMBDA_INITIALIZATION_TYPE=lambda-managed-instances");
    platform_init_phase(p, 200);
    platform_wait_log(p, "engine: tick", 1);
    REQUIRE(!platform_request_within(p, 5000), "a second poll");
    REQUIRE(lines_for_people(p) == 0, "killed too early");
    platform_wait_log(p, "stopped by the launcher, because it did not answer a tick for ten seconds", 1);
    platform_wait_log(p, "engine: restarted after 0 dropped", 1);
    shut_down(p);
}

void refused_invoke_events_are_given_up_once(struct fake_platform *p)
{
    launch(p, "good", NULL);
    platform_expect(p, "POST /2020-01-01/extension/register ");
    platform_answer(p, 403, "", "{\"errorType\":\"Extension.InvalidEventType\"}");
    platform_expect(p, "POST /2020-01-01/extension/register ");
    REQUIRE(strstr(p->request, "{\"events\":[\"SHUTDOWN\"]}") != NULL, "events");
    platform_answer(p, 200, "Lambda-Extension-Identifier: 1\r\n", "{}");
    platform_expect(p, "PUT /2022-07-01/telemetry ");
    platform_answer(p, 202, "", "");
    platform_expect(p, NEXT);
    platform_wait_log(p, "\"invokeEvents\":false", 1);
    shut_down(p);
}

void a_late_socket_is_waited_for(struct fake_platform *p)
{
    (void)close(p->listen_fd);
    platform_open_deaf(p, "127.0.0.1");
    launch(p, "good", NULL);
    (void)poll(NULL, 0, 200);
    platform_listen(p);
    platform_init_phase(p, 200);
    shut_down(p);
}

void other_addresses_are_used_as_they_are(struct fake_platform *p)
{
    static const char *const addresses[] = {"127.0.0.2", "::1"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        char host[96];
        (void)close(p->listen_fd);
        platform_open(p, addresses[i]);
        launch(p, "good", "HTTP_PROXY=http://127.0.0.1:1");
        platform_expect(p, "POST /2020-01-01/extension/register ");
        (void)snprintf(host, sizeof host, "\r\nHost: %s\r\n", p->api);
        REQUIRE(strstr(p->request, host) != NULL, "%s", host);
        platform_answer(p, 403, "", "");
        REQUIRE(platform_wait_end(p) > 0, "exit status");
    }
}

void answers_of_every_shape_are_read(struct fake_platform *p)
{
    static const char chunked[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                  "a\r\n{\"eventTyp\r\n2d;x\r\ne\":\"INVOKE\",\"requestId\":\"r-1\",\"deadlineMs\":1}\r\n0\r\nA: b\r\n\r\n";
    static const char closing[] = "HTTP/1.0 200 OK\r\n\r\n{\"requestId\":\"r-2\",\"eventType\":\"INVOKE\",\"deadlineMs\":1}";
    start_ready(p, "good", 200);
    for (size_t i = 0; i < sizeof chunked - 1; i++) {
        platform_answer_raw(p, chunked + i, 1, false);
    }
    platform_expect(p, NEXT);
    platform_answer_raw(p, closing, sizeof closing - 1, true);
    platform_expect(p, NEXT);
    platform_answer(p, 200, "Connection: close\r\n", "{\"requestId\":\"r-3\",\"eventType\":\"INVOKE\",\"deadlineMs\":1}");
    platform_expect(p, NEXT);
    shut_down(p);
    REQUIRE(platform_count_log(p, "engine: invoke r-") == 3 && lines_for_people(p) == 0, "all of them");
}

void failures_of_next_are_retried_with_pauses(struct fake_platform *p)
{
    static const int statuses[] = {500, 500, 500, 403};
    start_ready(p, "good", 200);
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        int64_t from_ms = platform_now_ms();
        platform_answer(p, statuses[i], "", "{\"errorType\":\"Extension.InvalidExtensionState\"}");
        platform_expect(p, NEXT);
        REQUIRE(platform_now_ms() - from_ms >= 49, "retry %zu after %d ms", i, (int)(platform_now_ms() - from_ms));
    }
    REQUIRE(lines_for_people(p) == 1, "one line");
    platform_answer_raw(p, "garbage\r\n\r\n", 11, true);
    platform_expect(p, NEXT);
    platform_answer_raw(p, "", 0, true); /* the connection is gone without an answer */
    platform_expect(p, NEXT);
    REQUIRE(lines_for_people(p) == 1, "the same trouble");
    platform_answer_invoke(p, "r-1", 20);
    platform_expect(p, NEXT);
    platform_answer_raw(p, "garbage\r\n\r\n", 11, true);
    platform_expect(p, NEXT);
    platform_answer_raw(p, "", 0, true);
    platform_expect(p, NEXT);
    platform_answer_invoke(p, "r-2", 20);
    platform_expect(p, NEXT);
    platform_answer_raw(p, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", 43, true);
    platform_expect(p, NEXT);
    REQUIRE(platform_count_log(p, "/next failed: the answer is not HTTP; asking again") == 1, "garbage");
    REQUIRE(platform_count_log(p, "/next failed: connection closed within the answer; asking again") == 1, "short");
    REQUIRE(lines_for_people(p) == 3, "one line for each time of trouble");
    platform_answer_invoke(p, "r-3", 20);
    platform_expect(p, NEXT);
    shut_down(p);
}

void answers_without_sense_are_asked_for_again(struct fake_platform *p)
{
    static const char *const bodies[] = {"{\"eventType\":\"INVOKE\"", "", "[]", "{\"eventType\":\"NAP\"}", "{}"};
    start_ready(p, "good", 200);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        platform_answer(p, 200, "", bodies[i]);
        platform_expect(p, NEXT);
    }
    REQUIRE(lines_for_people(p) == 1, "one line");
    platform_answer_invoke(p, "r-1", 20);
    platform_expect(p, NEXT);
    shut_down(p);
}

void an_unknown_identifier_ends_it_after_a_last_flush(struct fake_platform *p)
{
    start_ready(p, "good", 200);
    platform_answer(p, 403, "", "{\"errorType\":\"Extension.UnknownExtensionIdentifier\"}");
    REQUIRE(platform_wait_end(p) > 0, "exit status");
    REQUIRE(platform_count_log(p, "engine: shutdown") == 1 && lines_for_people(p) == 1, "flush, one line");
    REQUIRE(!platform_request_within(p, 50), "another request");
}

void a_platform_that_is_gone_ends_it(struct fake_platform *p)
{
    start_ready(p, "good", 200);
    int64_t from_ms = platform_now_ms();
    (void)close(p->listen_fd);
    (void)close(p->connection_fd);
    p->listen_fd = p->connection_fd = -1;
    REQUIRE(platform_wait_end(p) > 0, "exit status");
    int64_t ms = platform_now_ms() - from_ms;
    REQUIRE(ms >= 1900 && ms < 5000, "after %d ms", (int)ms);
    REQUIRE(platform_count_log(p, "engine: shutdown") == 1 && lines_for_people(p) == 2, "flush; how it began, and how it ended");
    REQUIRE(platform_count_log(p, "/next failed: connection closed; asking again") == 1, "how it began");
}

void a_signal_is_a_shutdown(struct fake_platform *p)
{
    start_ready(p, "good", 200);
    (void)kill(p->launcher, SIGTERM);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    REQUIRE(platform_count_log(p, "engine: shutdown") == 1 && lines_for_people(p) == 0, "flush");
}

void other_signals_are_ignored(struct fake_platform *p)
{
    static const int signals[] = {SIGPIPE, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGQUIT};
    start_ready(p, "good", 200);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        (void)kill(p->launcher, signals[i]);
    }
    REQUIRE(invoke(p, "r") < BUSY_MS, "works");
    shut_down(p);
}
