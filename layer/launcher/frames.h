/*
 * The frames between launcher and engine, as docs/architecture.md fixes them.
 *
 *   u32 length, little endian     of what follows: at least 1, at most 2 MiB
 *   u8  type
 *   ... payload                   length - 1 bytes
 */
#ifndef DOGSLED_FRAMES_H
#define DOGSLED_FRAMES_H

#include "bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum frame_type {
    FRAME_REGISTERED = 1, /* u8 version, JSON */
    FRAME_EVENT = 2,      /* u64 monotonicNs, body of the /next answer */
    FRAME_TELEMETRY = 3,  /* u64 monotonicNs, body of the post */
    FRAME_HELD = 4,       /* a datagram */
    FRAME_RESTARTED = 5,  /* u64 datagrams dropped, text */
    FRAME_TICK = 6,       /* nothing */
    FRAME_DATAGRAM = 7,   /* a datagram; this one and the next two go through the pipe of the Unix socket */
    FRAME_MARKER = 8,     /* the bytes of FRAME_MARK_UNIX */
    FRAME_LOST = 9,       /* u64 datagrams that no engine read, u64 datagrams that were too long */
    FRAME_READY = 16,     /* nothing */
    FRAME_DONE = 17,      /* request id */
    FRAME_MARK = 18,      /* 8 to 64 bytes */
    FRAME_WAKE = 19,      /* u32 milliseconds */
    FRAME_MARK_UNIX = 20, /* 8 to 64 bytes */
    FRAME_HOLDS = 21      /* u64 samples received and not settled */
};

enum { FRAME_LENGTH_MAX = 2097152, FRAME_KEPT_MAX = 256, FRAME_PREFIX_MAX = 8 };

/* A payload in two pieces: up to eight bytes in front, then the data. */
struct frame {
    enum frame_type type;
    unsigned char prefix[FRAME_PREFIX_MAX];
    size_t prefix_length;
    const void *data;
    size_t length;
};

void frame_prefix_u64(struct frame *frame, uint64_t value);
size_t frame_size(const struct frame *frame);

/* Appends the whole frame or nothing. */
bool frame_append(struct bytes *out, const struct frame *frame, size_t limit);

/*
 * Reads frames from the engine. Payloads are kept up to FRAME_KEPT_MAX bytes, which no frame we know exceeds; a longer
 * one is passed over. Zero-initialised it is ready.
 */
struct frame_reader {
    unsigned char head[5];
    size_t head_length;
    uint32_t left; /* payload bytes still to come */
    size_t kept;
    bool cut;      /* the payload was longer than what is kept */
    unsigned char payload[FRAME_KEPT_MAX];
};

enum frame_progress { FRAME_INCOMPLETE, FRAME_COMPLETE, FRAME_NONSENSE };

/*
 * Takes bytes until one frame is complete and moves *data and *count behind what it took. A complete frame is in
 * reader->head[4] and reader->payload until the next call.
 */
enum frame_progress frame_read(struct frame_reader *reader, const unsigned char **data, size_t *count);

#endif
