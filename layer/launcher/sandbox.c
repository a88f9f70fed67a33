#include "sandbox.h"

#include "clock.h"
#include "event.h"
#include "log.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum {
    DRAIN_STEPS = 16, /* of a few hundred datagrams each */
    SILENT_WAITS_READY = 3,     /* an engine that was ready and says nothing for so many invocations is dead */
    SILENT_WAITS_STARTING = 20, /* one that is still starting may need many short invocations of a small CPU share */
    IDLE_WAITS_STARTING = 3,    /* but then it works: one that spends nothing of it is stopped or stuck */
    EVENT_MAX = 2097152,
    REAP_TRIES = 20 /* of a millisecond each, for a process that has been killed */
};

/*
 * The first /next goes out at once: the platform then sees an extension that is ready within milliseconds, and the JVM
 * starts beside the function's own init. Measured against waits of 100 ms and 1 s, in docs/decisions/013-first-next.md.
 */
#ifndef FIRST_POLL_WAIT_MS /* "make bench-first-next" builds others */
#define FIRST_POLL_WAIT_MS 0
#endif
static const int64_t FIRST_POLL_WAIT_NS = FIRST_POLL_WAIT_MS * NS_PER_MS;
static const int64_t UNHURRIED_POLL_WAIT_NS = 8000 * NS_PER_MS; /* SnapStart, provisioned concurrency */
static const int64_t STARTING_WAIT_NS = 10000 * NS_PER_MS; /* no telemetry: so long an invocation waits for a start */
static const int64_t SILENCE_NS = 100 * NS_PER_MS;         /* shorter waits prove nothing */
static const int64_t WORK_NS = NS_PER_MS; /* of CPU in such a wait; what a JVM that only waits spends is a fraction of it */
static const int64_t DRAIN_PAUSE_NS = 50 * NS_PER_MS;
static const int64_t LOST_DRAIN_PAUSE_NS = 1000 * NS_PER_MS;
static const int64_t HAND_OVER_NS = 1000 * NS_PER_MS; /* so long the UDP socket may keep us, should it never be empty */
static const int64_t TICK_ANSWER_NS = 10000 * NS_PER_MS; /* beyond the budget, which the flush of a tick may take */
static const int64_t STOP_MS = 2000; /* for signals, and when the platform is gone */

bool sandbox_telemetry_works(const struct sandbox *sandbox)
{
    return sandbox->platform.telemetry_status == 200;
}

bool sandbox_restart_planned(const struct sandbox *sandbox)
{
    return sandbox->restarts.due_ns != NEVER;
}

bool sandbox_cpu_is_ours(const struct sandbox *sandbox)
{
    return sandbox->phase == PHASE_STARTING || sandbox->phase == PHASE_INVOKE ||
           (sandbox->phase == PHASE_POLLING && !sandbox->platform.invoke_events);
}

/* While an engine starts at once; without one in between only, because the CPU is the function's. */
bool sandbox_reads_udp(const struct sandbox *sandbox, int64_t now_ns)
{
    bool due = engine_alive(&sandbox->engine) ? sandbox->held.to_fd >= 0 : now_ns >= sandbox->drain_ns;
    return due && relay_reads(&sandbox->held, now_ns);
}

/* ---- polling ---- */

static void poll_next(struct sandbox *sandbox)
{
    bool first = sandbox->phase == PHASE_STARTING;
    sandbox->phase = PHASE_POLLING;
    sandbox->guard.waiting = false;
    poller_start(&sandbox->poller);
    if (first) {
        log_debug("first /next %.2f ms after exec", (double)(clock_mono_ns() - sandbox->exec_ns) / NS_PER_MS);
    }
}

static void on_invoke(struct sandbox *sandbox, const struct event *event, int64_t now_ns)
{
    const struct bytes *body = &sandbox->platform.exchange.answer.body;
    sandbox->phase = PHASE_INVOKE;
    sandbox->event_ns = now_ns;
    sandbox->engine.heard = false;
    bytes_clear(&sandbox->event);
    (void)bytes_append(&sandbox->event, bytes_front(body), body->length, EVENT_MAX);
    guard_invoke(&sandbox->guard, event, now_ns, clock_wall_ms());
    if (engine_alive(&sandbox->engine)) {
        sandbox_send_event(sandbox);
    } else {
        sandbox_on_datagrams(sandbox, now_ns);
    }
}

/* The CPU is ours until the deadline: a successor that was planned may still deliver what was kept for it. */
static void start_last_engine(struct sandbox *sandbox, int64_t now_ns)
{
    if (engine_alive(&sandbox->engine) || !sandbox_restart_planned(sandbox)) {
        return;
    }
    sandbox_on_datagrams(sandbox, now_ns);
    relay_step(&sandbox->relay, now_ns);
    if (relay_holds(&sandbox->held) || relay_holds(&sandbox->relay)) {
        restarts_use(&sandbox->restarts);
        sandbox_start_engine(sandbox, now_ns);
    }
}

/* No further poll; the engine has until the deadline to deliver and to exit. */
static void stop(struct sandbox *sandbox, const void *event, size_t length, int64_t deadline_ms)
{
    int64_t now_ns = clock_mono_ns(), wall_ms = clock_wall_ms();
    start_last_engine(sandbox, now_ns);
    sandbox->stopped_alone = !engine_alive(&sandbox->engine);
    sandbox->phase = sandbox->stopped_alone ? PHASE_OVER : PHASE_STOPPING;
    sandbox->kill_ns = guard_stop_ns(deadline_ms > 0 ? deadline_ms : wall_ms + STOP_MS, now_ns, wall_ms);
    sandbox_send_stamped(sandbox, FRAME_EVENT, now_ns, event, length);
}

static void stop_on_our_own(struct sandbox *sandbox, const char *reason)
{
    char event[160];
    int64_t deadline_ms = clock_wall_ms() + STOP_MS;
    int length = snprintf(event, sizeof event, "{\"eventType\":\"SHUTDOWN\",\"shutdownReason\":\"%s\",\"deadlineMs\":%lld}",
                          reason, (long long)deadline_ms);
    stop(sandbox, event, (size_t)length, deadline_ms);
}

void sandbox_on_signal(struct sandbox *sandbox, const char *name, int64_t now_ns)
{
    (void)now_ns;
    if (sandbox->phase < PHASE_STOPPING) {
        stop_on_our_own(sandbox, name);
    }
}

static void on_answer(struct sandbox *sandbox, int64_t now_ns)
{
    const struct bytes *body = &sandbox->platform.exchange.answer.body;
    struct event event;
    event_read(&event, bytes_front(body), body->length);
    if (event.kind == EVENT_INVOKE) {
        poller_accept(&sandbox->poller);
        on_invoke(sandbox, &event, now_ns);
    } else if (event.kind == EVENT_SHUTDOWN) {
        stop(sandbox, bytes_front(body), body->length, event.deadline_ms);
    } else {
        if (!sandbox->said_malformed) {
            sandbox->said_malformed = true;
            log_line("/next brought %s; asking again", event.kind == EVENT_MALFORMED ? "no JSON object" : "an unknown event");
        }
        poller_reject(&sandbox->poller, now_ns);
    }
}

void sandbox_on_next(struct sandbox *sandbox, int64_t now_ns)
{
    enum poll_outcome outcome = poller_step(&sandbox->poller, now_ns);
    if (outcome == POLL_ANSWER) {
        on_answer(sandbox, now_ns);
    } else if (outcome == POLL_GONE) {
        log_line("the platform is gone: %s; a last flush, then the end", sandbox->poller.reason);
        sandbox->exit_status = 1;
        stop_on_our_own(sandbox, "failure");
    }
}

/* ---- telemetry, datagrams, thaw ---- */

static void on_runtime_done(void *context, const char *request_id)
{
    struct sandbox *sandbox = context;
    guard_runtime_done(&sandbox->guard, request_id, clock_mono_ns());
}

void sandbox_on_batch(void *context, const void *body, size_t length)
{
    struct sandbox *sandbox = context;
    sandbox_send_stamped(sandbox, FRAME_TELEMETRY, clock_mono_ns(), body, length);
    (void)telemetry_runtime_done(body, length, on_runtime_done, sandbox); /* the engine counts the malformed ones */
}

void sandbox_on_datagrams(struct sandbox *sandbox, int64_t now_ns)
{
    struct relay *held = &sandbox->held;
    if (engine_alive(&sandbox->engine)) {
        if (held->to_fd >= 0) { /* otherwise the socket is the engine's */
            relay_step(held, now_ns);
        }
        return;
    }
    relay_step(held, now_ns);
    for (int i = 1; i < DRAIN_STEPS && relay_reads(held, now_ns) && !held->empty; i++) {
        relay_step(held, now_ns);
    }
    sandbox->drain_ns = now_ns + (sandbox_restart_planned(sandbox) ? DRAIN_PAUSE_NS : LOST_DRAIN_PAUSE_NS);
}

/* An engine that is ready and has caught up reads the UDP socket itself from now on. */
static void hand_over(struct sandbox *sandbox, int64_t now_ns)
{
    if (!sandbox->engine.ready || sandbox->held.to_fd < 0) {
        return;
    }
    if (sandbox->hand_over_ns == NEVER) {
        sandbox->hand_over_ns = now_ns + HAND_OVER_NS;
        relay_release(&sandbox->held, now_ns);
    }
    (void)relay_hand_over(&sandbox->held, now_ns >= sandbox->hand_over_ns);
}

void sandbox_on_thaw(struct sandbox *sandbox, int64_t gap_ns, int64_t now_ns)
{
    log_debug("stood still for %lld ms", (long long)(gap_ns / NS_PER_MS));
    guard_thaw(&sandbox->guard, gap_ns, now_ns);
    relay_thaw(&sandbox->relay, gap_ns);
    if (sandbox->answer_by_ns != NEVER) {
        sandbox->answer_by_ns += gap_ns;
    }
}

/* ---- time ---- */

/* Once for the sandbox: late with an invocation. Once for each engine: not even started. */
static void say_slow(struct sandbox *sandbox, int64_t now_ns)
{
    struct engine *engine = &sandbox->engine;
    if (engine->ready && !sandbox->said_late) {
        sandbox->said_late = true;
        log_line("engine: not finished %lld ms after the function; the function goes on without waiting. "
                 "DD_DOGSLED_FLUSH_BUDGET_MS sets how long it may take",
                 (long long)(sandbox->settings.budget_ns / NS_PER_MS));
    } else if (!engine->ready && !engine->said_unready) {
        engine->said_unready = true;
        log_line("the engine has not started after %lld ms; the invocation goes on without it",
                 (long long)((now_ns - engine->started_ns) / NS_PER_MS));
    }
}

/* It was waited for without a byte from it. Returns why it is not worth a further wait; NULL if it is. */
static const char *after_silence(struct sandbox *sandbox)
{
    struct engine *engine = &sandbox->engine;
    sandbox->silent_waits++;
    if (engine->ready) {
        return sandbox->silent_waits >= SILENT_WAITS_READY ? "it said nothing during three invocations" : NULL;
    }
    int64_t cpu_ns = clock_cpu_ns(engine->pid);
    engine->idle_waits = cpu_ns - engine->waited_cpu_ns < WORK_NS ? engine->idle_waits + 1 : 0;
    engine->waited_cpu_ns = cpu_ns;
    if (engine->idle_waits >= IDLE_WAITS_STARTING) {
        return "it was not ready, and did nothing during three invocations";
    }
    return sandbox->silent_waits >= SILENT_WAITS_STARTING ? "it did not start" : NULL;
}

/* The wait ended without a word from the engine. */
static void on_over(struct sandbox *sandbox, int64_t now_ns)
{
    struct engine *engine = &sandbox->engine;
    bool function_ended = sandbox->guard.budget_until_ns <= now_ns || !sandbox_telemetry_works(sandbox);
    if (!engine_alive(engine) || !function_ended) {
        return; /* the function itself ran up to its deadline: the engine is not to blame */
    }
    say_slow(sandbox, now_ns);
    if (!engine->heard && now_ns - sandbox->guard.invoke_ns >= SILENCE_NS) {
        const char *because = after_silence(sandbox);
        if (because != NULL) {
            engine_kill(engine, because);
        }
    }
}

/* Whether the invocation that is open still waits for the engine. */
static bool must_wait(struct sandbox *sandbox, int64_t now_ns)
{
    struct guard *guard = &sandbox->guard;
    if (!guard->waiting) {
        return false;
    }
    if (!engine_alive(&sandbox->engine)) { /* a successor may start while the function runs, and no longer */
        return sandbox_restart_planned(sandbox) && sandbox_telemetry_works(sandbox) && !guard->runtime_done && now_ns < guard_over_ns(guard);
    }
    if (!sandbox_telemetry_works(sandbox)) {
        bool too_slow = !sandbox->engine.ready && now_ns >= guard->invoke_ns + STARTING_WAIT_NS;
        if (sandbox->silent_waits > 0 || too_slow) {
            guard_limit_to_budget(guard);
        }
    }
    if (now_ns < guard_over_ns(guard)) {
        return true;
    }
    on_over(sandbox, now_ns);
    return false;
}

static void on_stop_time(struct sandbox *sandbox, int64_t now_ns)
{
    if (now_ns < sandbox->kill_ns) {
        return;
    }
    engine_kill(&sandbox->engine, "the time for the shutdown was over");
    int status = SIGKILL; /* as waitpid would tell it */
    for (int i = 0; i < REAP_TRIES && waitpid(sandbox->engine.pid, &status, WNOHANG) == 0; i++) {
        (void)poll(NULL, 0, 1);
    }
    sandbox_on_child_end(sandbox, sandbox->engine.pid, status, now_ns);
}

/*
 * Without invocations nobody else notices an engine that is stopped or stuck. It asks for its next tick at the end of each, so one
 * that is not answered at all is its end. Where the platform freezes, its silence would prove nothing.
 */
static void watch_ticks(struct sandbox *sandbox, int64_t now_ns)
{
    if (now_ns >= sandbox->tick_ns) {
        sandbox->tick_ns = NEVER;
        sandbox_send_plain(sandbox, FRAME_TICK, NULL, 0);
        if (!sandbox->platform.invoke_events && sandbox->phase == PHASE_POLLING) {
            sandbox->answer_by_ns = now_ns + sandbox->settings.budget_ns + TICK_ANSWER_NS;
        }
    }
    if (now_ns >= sandbox->answer_by_ns) {
        sandbox->answer_by_ns = NEVER;
        engine_kill(&sandbox->engine, "it did not answer a tick for ten seconds");
    }
}

void sandbox_on_time(struct sandbox *sandbox, int64_t now_ns)
{
    sandbox_restart_if_due(sandbox, now_ns);
    hand_over(sandbox, now_ns);
    watch_ticks(sandbox, now_ns);
    if (sandbox->phase == PHASE_STARTING) {
        bool hopeless = !engine_alive(&sandbox->engine) && !sandbox_restart_planned(sandbox);
        if (sandbox->engine.ready || hopeless || now_ns >= sandbox->ready_by_ns) {
            poll_next(sandbox);
        }
    } else if (sandbox->phase == PHASE_INVOKE && !must_wait(sandbox, now_ns)) {
        poll_next(sandbox);
    } else if (sandbox->phase == PHASE_STOPPING) {
        on_stop_time(sandbox, now_ns);
    }
}

static int64_t earlier(int64_t a_ns, int64_t b_ns)
{
    return a_ns < b_ns ? a_ns : b_ns;
}

int64_t sandbox_due_ns(const struct sandbox *sandbox)
{
    int64_t due_ns = sandbox->held.to_fd >= 0 && !sandbox->held.closing ? sandbox->hand_over_ns : NEVER;
    due_ns = earlier(due_ns, earlier(sandbox->tick_ns, sandbox->answer_by_ns));
    if (sandbox->phase == PHASE_POLLING) {
        due_ns = earlier(due_ns, poller_due_ns(&sandbox->poller));
    }
    if (sandbox_cpu_is_ours(sandbox)) {
        due_ns = earlier(due_ns, sandbox->restarts.due_ns);
    }
    if (sandbox->phase == PHASE_STARTING) {
        return earlier(due_ns, sandbox->ready_by_ns);
    }
    if (sandbox->phase == PHASE_INVOKE) {
        due_ns = earlier(due_ns, guard_over_ns(&sandbox->guard));
        bool starting = engine_alive(&sandbox->engine) && !sandbox->engine.ready && !sandbox_telemetry_works(sandbox);
        return starting ? earlier(due_ns, sandbox->guard.invoke_ns + STARTING_WAIT_NS) : due_ns;
    }
    return sandbox->phase == PHASE_STOPPING ? earlier(due_ns, sandbox->kill_ns) : due_ns;
}

void sandbox_begin(struct sandbox *sandbox, int64_t now_ns)
{
    sandbox->phase = PHASE_STARTING;
    sandbox->ready_by_ns = now_ns + (sandbox->settings.waits_for_ready ? UNHURRIED_POLL_WAIT_NS : FIRST_POLL_WAIT_NS);
}
