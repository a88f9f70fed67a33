#include "guard.h"

#include "clock.h"

#include <string.h>

static const int64_t GRACE_NS = 35 * NS_PER_MS;       /* less than the 50 ms that are promised, to be in time at poll */
static const int64_t MARGIN_MS = 50;                  /* ruling 27 */
static const int64_t LONGEST_INVOKE_MS = 15 * 60000; /* the largest function timeout; more means a clock is wrong */
static const int64_t LONGEST_STOP_MS = 90000;         /* beyond all platforms, and the training of the AOT cache */
static const int64_t USUAL_STOP_MS = 2000;            /* what the platform gives */
static const int64_t SOME_STOP_MS = 1000;             /* and what it leaves an extension in any case, and some to spare */

void guard_init(struct guard *guard, int64_t budget_ns)
{
    memset(guard, 0, sizeof *guard);
    guard->budget_ns = budget_ns;
}

int64_t guard_deadline_ns(int64_t deadline_ms, int64_t now_ns, int64_t wall_ms)
{
    if (deadline_ms <= wall_ms + MARGIN_MS) {
        return now_ns;
    }
    int64_t remaining_ms = deadline_ms - wall_ms - MARGIN_MS;
    return now_ns + (remaining_ms < LONGEST_INVOKE_MS ? remaining_ms : LONGEST_INVOKE_MS) * NS_PER_MS;
}

int64_t guard_stop_ns(int64_t deadline_ms, int64_t now_ns, int64_t wall_ms)
{
    int64_t remaining_ms = deadline_ms > wall_ms ? deadline_ms - wall_ms : SOME_STOP_MS;
    return guard_deadline_ns(wall_ms + (remaining_ms > LONGEST_STOP_MS ? USUAL_STOP_MS : remaining_ms), now_ns, wall_ms);
}

void guard_invoke(struct guard *guard, const struct event *event, int64_t now_ns, int64_t wall_ms)
{
    guard->waiting = true;
    memcpy(guard->request_id, event->request_id, sizeof guard->request_id);
    guard->invoke_ns = now_ns;
    guard->deadline_ns = event->deadline_ms > 0 ? guard_deadline_ns(event->deadline_ms, now_ns, wall_ms)
                                                : now_ns + LONGEST_INVOKE_MS * NS_PER_MS; /* it says none: runtimeDone has to */
    guard->runtime_done = false;
    guard->budget_until_ns = NEVER;
    if (guard->early_id[0] != '\0' && strcmp(guard->early_id, guard->request_id) == 0) {
        guard_runtime_done(guard, guard->request_id, now_ns);
    }
}

void guard_runtime_done(struct guard *guard, const char *request_id, int64_t now_ns)
{
    if (!guard->waiting || strcmp(guard->request_id, request_id) != 0) {
        strncpy(guard->early_id, request_id, sizeof guard->early_id - 1);
        return;
    }
    if (!guard->runtime_done) { /* a batch may come twice */
        guard->runtime_done = true;
        guard->budget_until_ns = now_ns + guard->budget_ns + GRACE_NS;
    }
}

bool guard_done(struct guard *guard, const char *request_id)
{
    if (!guard->waiting || strcmp(guard->request_id, request_id) != 0) {
        return false;
    }
    guard->waiting = false;
    return true;
}

void guard_limit_to_budget(struct guard *guard)
{
    if (guard->budget_until_ns == NEVER) {
        guard->budget_until_ns = guard->invoke_ns + guard->budget_ns + GRACE_NS;
    }
}

void guard_thaw(struct guard *guard, int64_t gap_ns, int64_t now_ns)
{
    if (!guard->waiting || guard->budget_until_ns == NEVER) {
        return;
    }
    int64_t moved_ns = guard->budget_until_ns + gap_ns, whole_ns = now_ns + guard->budget_ns + GRACE_NS;
    moved_ns = moved_ns < whole_ns ? moved_ns : whole_ns;
    guard->budget_until_ns = moved_ns > guard->budget_until_ns ? moved_ns : guard->budget_until_ns;
}

int64_t guard_over_ns(const struct guard *guard)
{
    if (!guard->waiting) {
        return NEVER;
    }
    return guard->budget_until_ns < guard->deadline_ns ? guard->budget_until_ns : guard->deadline_ns;
}
