#include "engine.h"

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { TELEMETRY_QUEUE_MAX = 1048576, READ_SIZE = 16384, OUTPUT_MAX = 1048576 };

static const int64_t OUTPUT_PERIOD_NS = 1000 * NS_PER_MS;

void engine_init(struct engine *engine)
{
    memset(engine, 0, sizeof *engine);
    engine->to_fd = -1;
    engine->from_fd = -1;
}

bool engine_alive(const struct engine *engine)
{
    return engine->pid > 0;
}

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

/* Only our ends are non-blocking: the engine's are descriptions of their own. */
static bool open_pipes(int to[2], int from[2])
{
    to[0] = to[1] = from[0] = from[1] = -1;
    return pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0 && fcntl(to[1], F_SETFL, O_NONBLOCK) == 0 &&
           fcntl(from[0], F_SETFL, O_NONBLOCK) == 0;
}

bool engine_start(struct engine *engine, const struct child_command *command, struct child_files files, int64_t now_ns)
{
    int to[2], from[2];
    bool piped = open_pipes(to, from);
    files.read_fd = to[0];
    files.write_fd = from[1];
    pid_t pid = piped ? child_start(command, &files) : -1;
    int error = errno;
    close_fd(&to[0]);
    close_fd(&from[1]);
    if (pid < 0) {
        close_fd(&to[1]);
        close_fd(&from[0]);
        errno = error;
        return false;
    }
    engine->pid = pid;
    engine->to_fd = to[1];
    engine->from_fd = from[0];
    engine->started_ns = now_ns;
    engine->ready = false;
    engine->heard = false;
    engine->said_unready = false;
    engine->idle_waits = 0;
    engine->waited_cpu_ns = 0;
    engine->killed_because = NULL;
    memset(&engine->reader, 0, sizeof engine->reader);
    engine->counted_ns = now_ns;
    engine->output_bytes = 0;
    return true;
}

void engine_send(struct engine *engine, const struct frame *frame)
{
    if (engine->to_fd < 0) {
        return;
    }
    /* An empty queue takes a batch of any size, or one beyond the limit could never be handed over. */
    bool bounded = frame->type == FRAME_TELEMETRY && engine->queue.length > 0;
    if (!frame_append(&engine->queue, frame, bounded ? TELEMETRY_QUEUE_MAX : SIZE_MAX)) {
        engine->telemetry_dropped += frame->type == FRAME_TELEMETRY;
        return;
    }
    engine_flush(engine);
}

void engine_flush(struct engine *engine)
{
    while (engine->to_fd >= 0 && engine->queue.length > 0) {
        ssize_t written = write(engine->to_fd, bytes_front(&engine->queue), engine->queue.length);
        if (written >= 0) {
            bytes_consume(&engine->queue, (size_t)written);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;
        } else if (errno != EINTR) {
            close_fd(&engine->to_fd); /* it closed its end; if it lives on, the guard sees it silent */
            bytes_free(&engine->queue);
        }
    }
}

/* False if it talks without end: reading it would cost the function its CPU. */
static bool is_brief(struct engine *engine, size_t count, int64_t now_ns)
{
    if (now_ns - engine->counted_ns >= OUTPUT_PERIOD_NS) {
        engine->counted_ns = now_ns;
        engine->output_bytes = 0;
    }
    engine->output_bytes += count;
    return engine->output_bytes <= OUTPUT_MAX;
}

/* False if it is no frame. */
static bool take_frames(struct engine *engine, const unsigned char *data, size_t count, engine_frame_handler *on_frame, void *context)
{
    while (count > 0) {
        enum frame_progress progress = frame_read(&engine->reader, &data, &count);
        if (progress == FRAME_NONSENSE) {
            return false;
        }
        if (progress == FRAME_COMPLETE) {
            unsigned char type = engine->reader.head[4];
            bool known = type >= FRAME_READY && type <= FRAME_HOLDS && !engine->reader.cut;
            engine->frames_skipped += !known;
            if (known) {
                on_frame(context, (enum frame_type)type, engine->reader.payload, engine->reader.kept);
            }
        }
    }
    return true;
}

bool engine_read(struct engine *engine, engine_frame_handler *on_frame, void *context, int64_t now_ns)
{
    unsigned char buffer[READ_SIZE];
    ssize_t got = engine->from_fd < 0 ? 0 : read(engine->from_fd, buffer, sizeof buffer);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        return true;
    }
    if (got <= 0) {
        close_fd(&engine->from_fd);
        return true;
    }
    engine->heard = true;
    if (is_brief(engine, (size_t)got, now_ns) && take_frames(engine, buffer, (size_t)got, on_frame, context)) {
        return true;
    }
    close_fd(&engine->from_fd);
    return false;
}

void engine_kill(struct engine *engine, const char *because)
{
    if (engine_alive(engine)) {
        engine->killed_because = because;
        (void)kill(engine->pid, SIGKILL);
    }
}

void engine_forget(struct engine *engine)
{
    close_fd(&engine->to_fd);
    close_fd(&engine->from_fd);
    bytes_free(&engine->queue);
    engine->pid = 0;
    engine->ready = false;
}
