#include "restarts.h"

#include "clock.h"

#include <string.h>

static const int64_t PAUSE_NS[RESTARTS_MAX] = {100 * NS_PER_MS, 1000 * NS_PER_MS, 10000 * NS_PER_MS};
static const int64_t PROVED_NS = 300000 * NS_PER_MS;

void restarts_init(struct restarts *restarts)
{
    memset(restarts, 0, sizeof *restarts);
    restarts->due_ns = NEVER;
}

bool restarts_plan(struct restarts *restarts, int64_t now_ns, int64_t lived_ns)
{
    if (restarts->used <= RESTARTS_MAX && lived_ns >= PROVED_NS) {
        restarts->used = 0;
    }
    if (restarts->used >= RESTARTS_MAX) {
        restarts->due_ns = NEVER;
        return false;
    }
    restarts->due_ns = now_ns + PAUSE_NS[restarts->used];
    return true;
}

void restarts_give_up(struct restarts *restarts)
{
    restarts->used = RESTARTS_MAX + 1; /* beyond what a long life resets */
    restarts->due_ns = NEVER;
}

void restarts_use(struct restarts *restarts)
{
    restarts->used++;
    restarts->due_ns = NEVER;
}
