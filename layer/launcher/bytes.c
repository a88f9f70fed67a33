#include "bytes.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT_WHEN_EMPTY = 65536, SMALLEST = 512 };

static bool make_room(struct bytes *bytes, size_t count)
{
    if (bytes->start + bytes->length + count <= bytes->capacity) {
        return true;
    }
    if (bytes->start > 0) {
        memmove(bytes->data, bytes->data + bytes->start, bytes->length);
        bytes->start = 0;
    }
    if (bytes->length + count <= bytes->capacity) {
        return true;
    }
    size_t capacity = bytes->capacity < SMALLEST ? SMALLEST : bytes->capacity;
    while (capacity < bytes->length + count) {
        capacity *= 2;
    }
    unsigned char *data = realloc(bytes->data, capacity);
    if (data == NULL) {
        return false;
    }
    bytes->data = data;
    bytes->capacity = capacity;
    return true;
}

bool bytes_append(struct bytes *bytes, const void *data, size_t count, size_t limit)
{
    if (count == 0) {
        return true;
    }
    if (count > limit || bytes->length > limit - count || !make_room(bytes, count)) {
        return false;
    }
    memcpy(bytes->data + bytes->start + bytes->length, data, count);
    bytes->length += count;
    return true;
}

unsigned char *bytes_front(const struct bytes *bytes)
{
    return bytes->data == NULL ? NULL : bytes->data + bytes->start;
}

void bytes_consume(struct bytes *bytes, size_t count)
{
    bytes->start += count;
    bytes->length -= count;
    if (bytes->length == 0) {
        bytes_clear(bytes);
    }
}

void bytes_clear(struct bytes *bytes)
{
    bytes->start = 0;
    bytes->length = 0;
    if (bytes->capacity > KEPT_WHEN_EMPTY) {
        bytes_free(bytes);
    }
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    memset(bytes, 0, sizeof *bytes);
}
