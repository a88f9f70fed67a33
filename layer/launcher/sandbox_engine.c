/* The engine's side of the sandbox: its start, its successors, its end, and what it says. */
#include "sandbox.h"

#include "clock.h"
#include "greeting.h"
#include "lives.h"
#include "log.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- to the engine ---- */

void sandbox_send_stamped(struct sandbox *sandbox, enum frame_type type, int64_t at_ns, const void *data, size_t length)
{
    struct frame frame = {.type = type, .data = data, .length = length};
    frame_prefix_u64(&frame, (uint64_t)at_ns);
    engine_send(&sandbox->engine, &frame);
}

void sandbox_send_plain(struct sandbox *sandbox, enum frame_type type, const void *data, size_t length)
{
    struct frame frame = {.type = type, .data = data, .length = length};
    engine_send(&sandbox->engine, &frame);
}

void sandbox_send_event(struct sandbox *sandbox)
{
    sandbox_send_stamped(sandbox, FRAME_EVENT, sandbox->event_ns, bytes_front(&sandbox->event), sandbox->event.length);
}

/* What a successor has to know: why and what was lost, the greeting, and the invocation that is open. */
static void brief_successor(struct sandbox *sandbox)
{
    struct frame frame = {
        .type = FRAME_RESTARTED, .data = sandbox->restarts.reason, .length = strlen(sandbox->restarts.reason)};
    frame_prefix_u64(&frame, relay_tell(&sandbox->held) + holdings_tell(&sandbox->holdings));
    engine_send(&sandbox->engine, &frame);
    if (sandbox->greeting.length > 0) {
        sandbox_send_plain(sandbox, FRAME_REGISTERED, bytes_front(&sandbox->greeting), sandbox->greeting.length);
    }
    if (sandbox->phase == PHASE_INVOKE && sandbox->guard.waiting) {
        sandbox_send_event(sandbox);
    }
}

/* ---- the engine's life ---- */

/* One line, and the plan of what comes next. One that never was ready has not read anything, so there is nothing to mourn. */
static void on_engine_gone(struct sandbox *sandbox, int64_t now_ns, int64_t lived_ns, bool was_ready)
{
    char mourned[192] = "";
    if (was_ready) {
        (void)snprintf(mourned, sizeof mourned, "what the engine held is lost (%llu samples at its last word, and what it received since, which nobody counted), and ",
                       (unsigned long long)sandbox->holdings.word);
    }
    bool again = sandbox->phase < PHASE_STOPPING && restarts_plan(&sandbox->restarts, now_ns, lived_ns);
    sandbox->tick_ns = NEVER;
    sandbox->answer_by_ns = NEVER;
    sandbox->drain_ns = now_ns;
    sandbox->silent_waits = 0;
    relay_bereave(&sandbox->held);
    holdings_bereave(&sandbox->holdings, was_ready);
    relay_close(&sandbox->relay);
    if (!again) {
        relay_give_up(&sandbox->held);
        relay_give_up(&sandbox->relay);
    }
    if (sandbox->phase < PHASE_STOPPING) {
        log_line("engine: %s; the function goes on, %s%s", sandbox->restarts.reason, mourned,
                 again ? "a new one starts with the next invocation"
                       : "metrics are dropped from now on until this sandbox ends");
    }
}

static void close_ours(int fd)
{
    if (fd >= 0) {
        (void)close(fd);
    }
}

void sandbox_start_engine(struct sandbox *sandbox, int64_t now_ns)
{
    bool successor = sandbox->restarts.reason[0] != '\0';
    struct child_files files = {.stdin_fd = sandbox->udp.fd >= 0 ? sandbox->udp.fd : sandbox->null_fd};
    files.relay_fd = relay_open(&sandbox->relay);
    files.held_fd = relay_open(&sandbox->held);
    sandbox->hand_over_ns = NEVER;
    child_command_udp(&sandbox->command, sandbox->udp.fd >= 0 ? sandbox->udp.port : 0);
    child_command_begin(&sandbox->command, lives_begin_s(LIVES_FILE, sandbox->settings.runtime_api, clock_wall_ms()));
    child_command_more(&sandbox->command, &files, successor);
    bool started = engine_start(&sandbox->engine, &sandbox->command, files, now_ns);
    int error = errno;
    close_ours(files.relay_fd);
    close_ours(files.held_fd);
    if (!started) {
        (void)snprintf(sandbox->restarts.reason, REASON_MAX, "cannot start %.200s: %s", sandbox->command.program,
                       strerror(error));
        if (error != EAGAIN && error != ENOMEM) {
            restarts_give_up(&sandbox->restarts); /* it will be missing or broken the next time, too */
        }
        on_engine_gone(sandbox, now_ns, 0, false);
        return;
    }
    if (successor) {
        brief_successor(sandbox);
    }
    sandbox_on_datagrams(sandbox, now_ns);
    relay_step(&sandbox->relay, now_ns);
}

void sandbox_restart_if_due(struct sandbox *sandbox, int64_t now_ns)
{
    if (sandbox_restart_planned(sandbox) && now_ns >= sandbox->restarts.due_ns && sandbox_cpu_is_ours(sandbox)) {
        restarts_use(&sandbox->restarts);
        sandbox_start_engine(sandbox, now_ns);
    }
}

static void describe_end(struct sandbox *sandbox, int status)
{
    char *reason = sandbox->restarts.reason;
    if (sandbox->engine.killed_because != NULL) {
        (void)snprintf(reason, REASON_MAX, "stopped by the launcher, because %s", sandbox->engine.killed_because);
    } else if (WIFSIGNALED(status)) {
        (void)snprintf(reason, REASON_MAX, "killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    } else {
        (void)snprintf(reason, REASON_MAX, "it exited with status %d", WEXITSTATUS(status));
    }
}

/* A broken cache ends a JVM by a signal of its own, or by exit; one that was killed from outside proves nothing. */
static void doubt_cache(struct sandbox *sandbox, int status)
{
    bool killed = WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGTERM);
    if (!sandbox->engine.ready && sandbox->phase < PHASE_STOPPING && !killed && child_command_without_cache(&sandbox->command)) {
        log_line("engine: ended before it was ready; those after it start without the AOT cache, should that be broken");
    }
}

void sandbox_on_child_end(struct sandbox *sandbox, pid_t pid, int status, int64_t now_ns)
{
    if (pid != sandbox->engine.pid) {
        return; /* one whose exec failed */
    }
    sandbox->ended_well = sandbox->phase == PHASE_STOPPING && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    describe_end(sandbox, status);
    doubt_cache(sandbox, status);
    int64_t lived_ns = now_ns - sandbox->engine.started_ns;
    bool was_ready = sandbox->engine.ready;
    engine_forget(&sandbox->engine);
    on_engine_gone(sandbox, now_ns, lived_ns, was_ready);
    if (sandbox->phase == PHASE_STOPPING) {
        sandbox->phase = PHASE_OVER;
    }
}

/*
 * An engine that leaves in good order has read the socket to its end and reports what was lost; all others leave that to
 * us: what is still in the socket, what the kernel dropped, and what was kept or handed over in vain.
 */
void sandbox_report_lost(struct sandbox *sandbox)
{
    if (sandbox->ended_well) {
        return;
    }
    uint64_t lost = relay_lost(&sandbox->held) + udp_kernel_drops(&sandbox->udp) - sandbox->drops_before + relay_lost(&sandbox->relay);
    char samples[64] = "";
    if (sandbox->holdings.lost > 0) {
        (void)snprintf(samples, sizeof samples, ", and %llu samples that the engine held", (unsigned long long)sandbox->holdings.lost);
    }
    log_line("engine: %s%s; %llu datagrams received and lost%s%s", sandbox->restarts.reason,
             sandbox->stopped_alone ? "" : " during shutdown; what it held is lost", (unsigned long long)lost, samples,
             sandbox->holdings.uncounted ? ", and what it received after its last word, which nobody counted" : "");
}

/* ---- frames from the engine ---- */

/* It has worked on everything it had been given before, and from now on answers for it. */
static void on_done(struct sandbox *sandbox, const unsigned char *payload, size_t length)
{
    char request_id[FRAME_KEPT_MAX + 1];
    memcpy(request_id, payload, length);
    request_id[length] = '\0';
    (void)guard_done(&sandbox->guard, request_id);
    relay_settle(&sandbox->held);
    holdings_settle(&sandbox->holdings);
    sandbox->drops_before = udp_kernel_drops(&sandbox->udp);
}

static void on_wake(struct sandbox *sandbox, const unsigned char *payload)
{
    sandbox->answer_by_ns = NEVER;
    uint32_t ms = (uint32_t)payload[0] | (uint32_t)payload[1] << 8 | (uint32_t)payload[2] << 16 | (uint32_t)payload[3] << 24;
    sandbox->tick_ns = ms == 0 ? NEVER : clock_mono_ns() + (int64_t)ms * NS_PER_MS;
}

/* It has to come behind everything that was sent before it. The engine has a fallback when it does not come. */
static void on_mark(struct sandbox *sandbox, const unsigned char *payload, size_t length)
{
    if (sandbox->held.to_fd >= 0) {
        relay_mark(&sandbox->held, payload, length, clock_mono_ns());
    } else {
        (void)udp_send_to_self(&sandbox->udp, payload, length);
    }
}

static void on_frame(void *context, enum frame_type type, const unsigned char *payload, size_t length)
{
    struct sandbox *sandbox = context;
    if (type == FRAME_READY) {
        sandbox->engine.ready = true;
        log_debug("engine ready %.2f ms after exec, %.2f ms of CPU",
                  (double)(clock_mono_ns() - sandbox->exec_ns) / NS_PER_MS,
                  (double)clock_cpu_ns(sandbox->engine.pid) / NS_PER_MS);
    } else if (type == FRAME_DONE) {
        on_done(sandbox, payload, length);
    } else if (type == FRAME_MARK && length >= 8 && length <= RELAY_MARK_MAX) {
        on_mark(sandbox, payload, length);
    } else if (type == FRAME_MARK_UNIX && length >= 8 && length <= RELAY_MARK_MAX) {
        relay_mark(&sandbox->relay, payload, length, clock_mono_ns());
    } else if (type == FRAME_WAKE && length == 4) {
        on_wake(sandbox, payload);
    } else if (type == FRAME_HOLDS && length == 8) {
        holdings_on_word(&sandbox->holdings, payload);
    }
}

void sandbox_on_engine_output(struct sandbox *sandbox)
{
    if (!engine_read(&sandbox->engine, on_frame, sandbox, clock_mono_ns())) {
        engine_kill(&sandbox->engine, "it wrote nonsense into the pipe; is something printing to fd 4?");
    }
    relay_look(&sandbox->held);
    if (sandbox->engine.heard) {
        sandbox->silent_waits = 0;
    }
}

void sandbox_greet(struct sandbox *sandbox)
{
    greeting_write(&sandbox->greeting, &sandbox->platform, &sandbox->udp, &sandbox->unix_socket, sandbox->exec_ns);
    sandbox_send_plain(sandbox, FRAME_REGISTERED, bytes_front(&sandbox->greeting), sandbox->greeting.length);
}
