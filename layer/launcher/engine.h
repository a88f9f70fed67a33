/*
 * The engine as the launcher sees it: a process, a pipe of frames to it and one from it. Nothing here blocks. What the
 * pipe does not take is queued: telemetry up to 1 MiB beyond the pipe, everything else without a bound, because it is
 * little and bounded elsewhere (one event an invocation, and a silent engine is killed after a few of them).
 */
#ifndef DOGSLED_ENGINE_H
#define DOGSLED_ENGINE_H

#include "child.h"
#include "frames.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct engine {
    pid_t pid;         /* 0 when none lives */
    int to_fd;         /* -1 once the engine does not read any more */
    int from_fd;       /* -1 once it has closed its side */
    int64_t started_ns;
    bool ready;
    bool heard;        /* any byte came from it since the caller last cleared this */
    bool said_unready; /* the caller has told the log that it takes its time to start */
    int idle_waits;    /* not ready: waits in a row in which it spent next to no CPU */
    int64_t waited_cpu_ns; /* what it had spent at the end of the last one */
    const char *killed_because; /* set when the launcher ended it; NULL otherwise */
    struct bytes queue;
    struct frame_reader reader;
    int64_t counted_ns; /* since when output_bytes counts */
    size_t output_bytes;
    uint64_t telemetry_dropped;
    uint64_t frames_skipped;
};

void engine_init(struct engine *engine);
bool engine_alive(const struct engine *engine);

/* False and errno if it could not be started. The descriptors stay open; those of its two pipes are made here. */
bool engine_start(struct engine *engine, const struct child_command *command, struct child_files files, int64_t now_ns);

/* Queues a frame and writes what the pipe takes. Does nothing without an engine. */
void engine_send(struct engine *engine, const struct frame *frame);

/* Writes on after poll(2) said so. */
void engine_flush(struct engine *engine);

/*
 * Reads what is there (bounded) and calls on_frame for each known frame. False if it was nonsense: no frames, or more
 * than a megabyte of them in a second, where an engine in its senses says a few hundred bytes. Then nothing more is read.
 */
typedef void engine_frame_handler(void *context, enum frame_type type, const unsigned char *payload, size_t length);
bool engine_read(struct engine *engine, engine_frame_handler *on_frame, void *context, int64_t now_ns);

void engine_kill(struct engine *engine, const char *because);

/* Its process has been reaped. */
void engine_forget(struct engine *engine);

#endif
