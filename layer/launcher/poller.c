#include "poller.h"

#include "clock.h"
#include "event.h"
#include "log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    FIRST_PAUSE_MS = 50,
    LONGEST_PAUSE_MS = 1000,
    REFUSED_PAUSE_MS = 150, /* below ten attempts a second */
    REFUSALS_MAX = 14       /* about two seconds of them */
};

void poller_init(struct poller *poller, struct platform *platform)
{
    *poller = (struct poller){.platform = platform, .retry_ns = NEVER};
}

void poller_start(struct poller *poller)
{
    poller->retry_ns = NEVER;
    platform_begin_next(poller->platform);
}

static void pause_ms(struct poller *poller, int64_t now_ns, int ms)
{
    poller->retry_ns = now_ns + ms * NS_PER_MS;
}

void poller_reject(struct poller *poller, int64_t now_ns)
{
    int ms = poller->failures < 5 ? FIRST_PAUSE_MS << poller->failures : LONGEST_PAUSE_MS;
    poller->failures++;
    pause_ms(poller, now_ns, ms);
}

void poller_accept(struct poller *poller)
{
    poller->failures = 0;
    poller->refusals = 0;
}

static enum poll_outcome on_failure(struct poller *poller, int64_t now_ns)
{
    const struct exchange *exchange = &poller->platform->exchange;
    if (exchange->error == ECONNREFUSED) {
        if (++poller->refusals > REFUSALS_MAX) {
            (void)snprintf(poller->reason, sizeof poller->reason, "it refuses connections for two seconds");
            return POLL_GONE;
        }
        pause_ms(poller, now_ns, REFUSED_PAUSE_MS);
        return POLL_WAITING;
    }
    poller->refusals = 0;
    if (poller->failures == 0) {
        log_line("/next failed: %s; asking again, with pauses of up to a second", exchange_trouble(exchange));
    }
    poller_reject(poller, now_ns);
    return POLL_WAITING;
}

static enum poll_outcome on_status(struct poller *poller, int64_t now_ns)
{
    const struct http_message *answer = &poller->platform->exchange.answer;
    char error_type[96];
    poller->refusals = 0;
    if (answer->status == 200) {
        return POLL_ANSWER;
    }
    error_type_read(error_type, sizeof error_type, bytes_front(&answer->body), answer->body.length);
    if (answer->status == 403 && strcmp(error_type, "Extension.UnknownExtensionIdentifier") == 0) {
        (void)snprintf(poller->reason, sizeof poller->reason, "it answers 403 %s", error_type);
        return POLL_GONE;
    }
    if (poller->failures == 0) {
        log_line("/next answered status %d, %s; asking again, with pauses of up to a second", answer->status, error_type);
    }
    poller_reject(poller, now_ns);
    return POLL_WAITING;
}

int64_t poller_due_ns(const struct poller *poller)
{
    if (poller->retry_ns != NEVER) {
        return poller->retry_ns;
    }
    return exchange_events(&poller->platform->exchange) == 0 ? 0 : NEVER; /* it ended while it was begun */
}

enum poll_outcome poller_step(struct poller *poller, int64_t now_ns)
{
    struct exchange *exchange = &poller->platform->exchange;
    if (poller->retry_ns != NEVER) {
        if (now_ns < poller->retry_ns) {
            return POLL_WAITING;
        }
        poller_start(poller);
    } else {
        exchange_step(exchange);
    }
    if (exchange->state == EXCHANGE_DONE) {
        return on_status(poller, now_ns);
    }
    return exchange->state == EXCHANGE_FAILED ? on_failure(poller, now_ns) : POLL_WAITING;
}
