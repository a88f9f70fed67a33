/*
 * How long an invocation may wait for the engine. Pure arithmetic: the clocks are passed in.
 *
 *      INVOKE          runtimeDone            over
 *        |  function runs   |   the engine's    |
 *        |                  |  budget + grace   |                 deadlineMs - 50 ms
 *        +------------------+-------------------+------------------------|
 *
 * The budget clock starts when the batch with this request's platform.runtimeDone arrived (ruling 11). The engine ends
 * its work at the budget by itself; the grace lets it have the first word. Without runtimeDone only the deadline counts
 * (ruling 22).
 *
 * deadlineMs is turned into a monotonic moment once, when the event arrives. A wall clock that is stepped later, for
 * instance by a time service after a thaw, changes nothing. A group that is stopped while the engine has the word gets
 * the time back: guard_thaw moves the end of the budget, never the deadline.
 */
#ifndef DOGSLED_GUARD_H
#define DOGSLED_GUARD_H

#include "event.h"

#include <stdbool.h>
#include <stdint.h>

struct guard {
    int64_t budget_ns;
    bool waiting; /* an INVOKE is open: neither done nor over */
    char request_id[REQUEST_ID_MAX];
    int64_t invoke_ns;
    int64_t deadline_ns;     /* margin taken off */
    bool runtime_done;
    int64_t budget_until_ns; /* budget and grace; NEVER before runtimeDone */
    char early_id[REQUEST_ID_MAX]; /* the last runtimeDone that was not for the request we had */
};

void guard_init(struct guard *guard, int64_t budget_ns);
void guard_invoke(struct guard *guard, const struct event *event, int64_t now_ns, int64_t wall_ms);
void guard_runtime_done(struct guard *guard, const char *request_id, int64_t now_ns);

/* The engine's word that it needs no more time; ignored, with false, for any other request. */
bool guard_done(struct guard *guard, const char *request_id);

/* No trust in this engine and no runtimeDone to wait for: it gets the budget from INVOKE on. */
void guard_limit_to_budget(struct guard *guard);

/* Everything stood still for this long, until now. What is left afterwards is never more than a whole budget. */
void guard_thaw(struct guard *guard, int64_t gap_ns, int64_t now_ns);

/* When the wait is over; NEVER if nothing waits. */
int64_t guard_over_ns(const struct guard *guard);

/* A deadlineMs as a moment of the monotonic clock, margin taken off, at most 15 minutes ahead. */
int64_t guard_deadline_ns(int64_t deadline_ms, int64_t now_ns, int64_t wall_ms);

/*
 * The same for SHUTDOWN. The platform gives two seconds; what says minutes, or that the time is over already, is a clock that
 * has not been set right since a thaw, and it shall neither let the last flush run into SIGKILL nor end it before it began.
 */
int64_t guard_stop_ns(int64_t deadline_ms, int64_t now_ns, int64_t wall_ms);

#endif
