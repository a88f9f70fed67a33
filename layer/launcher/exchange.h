/*
 * One HTTP exchange with the Extensions API, without blocking: begin, wait for the events it names, step, until it is
 * done or has failed. The connection is kept for the next exchange where the platform keeps it. The same code serves
 * register and subscribe (driven to their end under a deadline) and the long poll of /next (driven by the loop).
 */
#ifndef DOGSLED_EXCHANGE_H
#define DOGSLED_EXCHANGE_H

#include "bytes.h"
#include "http.h"
#include "sockets.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

enum exchange_state { EXCHANGE_IDLE, EXCHANGE_SENDING, EXCHANGE_READING, EXCHANGE_DONE, EXCHANGE_FAILED };

struct exchange {
    int fd; /* -1 when not connected */
    enum exchange_state state;
    int error; /* errno of a failure; 0 = the platform closed or answered nonsense, ETIMEDOUT = deadline */
    bool cut;  /* it closed before the answer was whole */
    struct bytes out;
    struct http_message answer;
};

void exchange_init(struct exchange *exchange);

/* Starts with a complete request; the one before must be over. */
void exchange_begin(struct exchange *exchange, const struct endpoint *peer, const char *request, size_t length);

/* What poll(2) shall watch on fd; 0 when nothing. */
short exchange_events(const struct exchange *exchange);

/* Goes on as far as it can. Afterwards state says whether it is over. */
void exchange_step(struct exchange *exchange);

/* What was wrong with one that has failed, in a few words. */
const char *exchange_trouble(const struct exchange *exchange);

/* What goes on while an exchange is waited for: which two descriptors to watch as well, and what to do after each wait. */
struct companion {
    void (*watch)(void *context, struct pollfd places[2]);
    void (*step)(void *context);
    void *context;
};

/* Drives it to its end, at most until the deadline. Without a companion (NULL) nothing else is done meanwhile. */
void exchange_finish(struct exchange *exchange, int64_t deadline_ns, const struct companion *companion);

#endif
