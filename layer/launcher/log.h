/*
 * Log lines for a person who reads the function's log: what happened, what we did, what to set. They go to stderr, each
 * in one write, prefixed "dogsled: ". A line is left out rather than waited for when stderr is a full pipe: the log
 * must not be able to hold the function.
 */
#ifndef DOGSLED_LOG_H
#define DOGSLED_LOG_H

#include <stdbool.h>

void log_enable_debug(bool enabled);

/* One line, cut at 500 bytes. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, only with DD_LOG_LEVEL=debug or trace. */
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
