/*
 * A growable queue of bytes with a bound: appended at the end, consumed from the front. Zero-initialised it is empty
 * and owns nothing. Memory beyond 64 KiB is given back as soon as the queue is empty: it is the function's memory.
 */
#ifndef DOGSLED_BYTES_H
#define DOGSLED_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    unsigned char *data;
    size_t start;  /* offset of the first byte */
    size_t length; /* bytes held */
    size_t capacity;
};

/* False, and nothing changes, if more than limit bytes would be held or there is no memory. */
bool bytes_append(struct bytes *bytes, const void *data, size_t count, size_t limit);

/* The first byte held; NULL only if the queue never held anything. */
unsigned char *bytes_front(const struct bytes *bytes);

/* Drops the first count bytes; count is at most length. */
void bytes_consume(struct bytes *bytes, size_t count);

void bytes_clear(struct bytes *bytes);
void bytes_free(struct bytes *bytes);

#endif
