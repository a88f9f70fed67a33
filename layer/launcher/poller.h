/*
 * The long poll of /next and what to do when it fails. Exactly one poll is outstanding, and it has no time-out
 * (lambda.md 1.3). Failures are counted, not timed, so that a freeze cannot use up the patience:
 *
 *   connection refused                           every 150 ms; after 2 s of them the platform is gone: POLL_GONE
 *   403 Extension.UnknownExtensionIdentifier     POLL_GONE
 *   anything else: 500, other 4xx, a broken      again after 50, 100, 200 … 1,000 ms, without end: leaving would reset
 *   answer, an event that makes no sense         the whole environment
 */
#ifndef DOGSLED_POLLER_H
#define DOGSLED_POLLER_H

#include "platform.h"

#include <stdbool.h>
#include <stdint.h>

enum poll_outcome {
    POLL_WAITING, /* outstanding, or pausing */
    POLL_ANSWER,  /* status 200; the body is in platform->exchange.answer */
    POLL_GONE     /* the platform does not know us any more or is not there; reason says which */
};

struct poller {
    struct platform *platform;
    int64_t retry_ns; /* when the pause ends; NEVER outside a pause */
    int failures;     /* in a row */
    int refusals;     /* in a row */
    char reason[160];
};

void poller_init(struct poller *poller, struct platform *platform);
void poller_start(struct poller *poller);

/* When poller_step is to be called although poll(2) says nothing; NEVER while only the platform can bring news. */
int64_t poller_due_ns(const struct poller *poller);

/* Goes on after poll(2) or when it is due. */
enum poll_outcome poller_step(struct poller *poller, int64_t now_ns);

/* The answer made no sense: polls again after a pause. */
void poller_reject(struct poller *poller, int64_t now_ns);

/* The answer was an event: the patience is whole again. */
void poller_accept(struct poller *poller);

#endif
