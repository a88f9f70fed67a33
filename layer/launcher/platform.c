#include "platform.h"

#include "clock.h"
#include "event.h"
#include "log.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { REQUEST_MAX = 2048, ERROR_TYPE_MAX = 128, REGISTER_BODY_MAX = 65536 };

static const int64_t REGISTER_RETRY_NS = 2000 * NS_PER_MS;
static const int64_t REGISTER_ANSWER_NS = 10000 * NS_PER_MS; /* longer than Init may last: it is over then */
static const int64_t SUBSCRIBE_NS = 1000 * NS_PER_MS;
static const int RETRY_PAUSE_MS = 25;

static void call(struct platform *platform, const char *request, int length, int64_t deadline_ns,
                 const struct companion *companion)
{
    if (length < 0 || length >= REQUEST_MAX) {
        platform->exchange.state = EXCHANGE_FAILED;
        platform->exchange.error = EMSGSIZE;
        return;
    }
    exchange_begin(&platform->exchange, &platform->api, request, (size_t)length);
    exchange_finish(&platform->exchange, deadline_ns, companion);
}

static void call_register(struct platform *platform)
{
    char request[REQUEST_MAX];
    const char *events = platform->invoke_events ? "{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}" : "{\"events\":[\"SHUTDOWN\"]}";
    int length = snprintf(request, sizeof request,
                          "POST /2020-01-01/extension/register HTTP/1.1\r\n"
                          "Host: %s\r\n"
                          "Lambda-Extension-Name: %s\r\n"
                          "Lambda-Extension-Accept-Feature: accountId\r\n"
                          "Content-Type: application/json\r\n"
                          "Content-Length: %zu\r\n\r\n%s",
                          platform->api.text, platform->name, strlen(events), events);
    int64_t give_up_ns = clock_mono_ns() + REGISTER_RETRY_NS;
    for (;;) {
        call(platform, request, length, clock_mono_ns() + REGISTER_ANSWER_NS, NULL);
        bool broken = platform->exchange.state == EXCHANGE_FAILED && platform->exchange.error != ETIMEDOUT;
        if (!broken || clock_mono_ns() >= give_up_ns) {
            return;
        }
        (void)poll(NULL, 0, RETRY_PAUSE_MS);
    }
}

/* Takes over what a 200 brought. */
static bool accept_registration(struct platform *platform)
{
    const struct http_message *answer = &platform->exchange.answer;
    platform->registered_ns = clock_mono_ns();
    if (answer->extension_id[0] == '\0') {
        log_line("register: the answer has no Lambda-Extension-Identifier; ending, because nothing works without it");
        return false;
    }
    memcpy(platform->identifier, answer->extension_id, sizeof platform->identifier);
    bytes_clear(&platform->register_body);
    if (!bytes_append(&platform->register_body, bytes_front(&answer->body), answer->body.length, REGISTER_BODY_MAX)) {
        log_line("register: an answer of %zu bytes is too long, its names are not used", answer->body.length);
    }
    return true;
}

static bool refused_invoke(const struct platform *platform, const char *error_type)
{
    return platform->invoke_events && platform->exchange.answer.status == 403 &&
           strcmp(error_type, "Extension.InvalidEventType") == 0;
}

bool platform_register(struct platform *platform)
{
    const struct http_message *answer = &platform->exchange.answer;
    for (;;) {
        call_register(platform);
        if (platform->exchange.state != EXCHANGE_DONE) {
            log_line("register: no answer from %s (%s); ending. Is AWS_LAMBDA_RUNTIME_API right?", platform->api.text,
                     exchange_trouble(&platform->exchange));
            return false;
        }
        if (answer->status == 200) {
            return accept_registration(platform);
        }
        char error_type[ERROR_TYPE_MAX];
        error_type_read(error_type, sizeof error_type, bytes_front(&answer->body), answer->body.length);
        if (!refused_invoke(platform, error_type)) {
            log_line("register as '%s': refused with status %d, %s; ending", platform->name, answer->status, error_type);
            return false;
        }
        platform->invoke_events = false; /* Managed Instances that did not say so; legal, since nothing is registered */
    }
}

void platform_subscribe(struct platform *platform, uint16_t port, const char *path, bool managed_instances,
                        const struct companion *companion)
{
    char body[512], request[REQUEST_MAX];
    int body_length =
        snprintf(body, sizeof body,
                 "{\"schemaVersion\":\"%s\",\"types\":[\"platform\"],"
                 "\"buffering\":{\"maxItems\":1000,\"maxBytes\":262144,\"timeoutMs\":25},"
                 "\"destination\":{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox.localdomain:%u%s\"}}",
                 managed_instances ? "2025-01-29" : "2022-12-13", (unsigned)port, path);
    int length = snprintf(request, sizeof request,
                          "PUT /2022-07-01/telemetry HTTP/1.1\r\n"
                          "Host: %s\r\n"
                          "Lambda-Extension-Identifier: %s\r\n"
                          "Content-Type: application/json\r\n"
                          "Content-Length: %d\r\n\r\n%s",
                          platform->api.text, platform->identifier, body_length, body);
    call(platform, request, length, clock_mono_ns() + SUBSCRIBE_NS, companion);
    bool answered = platform->exchange.state == EXCHANGE_DONE;
    platform->telemetry_status = answered ? platform->exchange.answer.status : 0;
}

void platform_begin_next(struct platform *platform)
{
    char request[REQUEST_MAX];
    int length = snprintf(request, sizeof request,
                          "GET /2020-01-01/extension/event/next HTTP/1.1\r\n"
                          "Host: %s\r\n"
                          "Lambda-Extension-Identifier: %s\r\n\r\n",
                          platform->api.text, platform->identifier);
    exchange_begin(&platform->exchange, &platform->api, request, (size_t)length); /* 1 KiB at most */
}
