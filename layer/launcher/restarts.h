/*
 * When a dead engine gets a successor: three times, after 0.1, 1 and 10 s. An engine that lived for five minutes has
 * proved that it can, and the count starts anew. Pure arithmetic; the caller starts it, and only while the platform's
 * CPU is ours to use.
 */
#ifndef DOGSLED_RESTARTS_H
#define DOGSLED_RESTARTS_H

#include <stdbool.h>
#include <stdint.h>

enum { RESTARTS_MAX = 3, REASON_MAX = 320 };

struct restarts {
    int used;
    int64_t due_ns;          /* when the next may start; NEVER if none is planned */
    char reason[REASON_MAX]; /* of the last death, for the log and for the successor */
};

void restarts_init(struct restarts *restarts);

/* The engine that lived this long is gone. True if a successor is planned. */
bool restarts_plan(struct restarts *restarts, int64_t now_ns, int64_t lived_ns);

/* No further one, whatever happens. */
void restarts_give_up(struct restarts *restarts);

/* The planned one is being started. */
void restarts_use(struct restarts *restarts);

#endif
