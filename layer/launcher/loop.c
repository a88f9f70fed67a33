#include "loop.h"

#include "clock.h"
#include "log.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* The places in the poll set; a place that is not watched has fd -1. */
enum place {
    PLACE_SIGNALS,
    PLACE_NEXT,
    PLACE_ENGINE_OUTPUT,
    PLACE_ENGINE_INPUT,
    PLACE_DATAGRAMS, /* the UDP socket */
    PLACE_HELD,      /* the pipe that its datagrams go into */
    PLACE_UNIX,      /* the Unix socket */
    PLACE_RELAY,     /* likewise */
    PLACE_LISTENER,
    PLACE_CONNECTIONS,
    PLACES = PLACE_CONNECTIONS + TELEMETRY_CONNECTIONS
};

enum {
    LONGEST_WAIT_MS = 3600000,
    BUDGET_SLICE_MS = 50, /* while the budget runs we look up so often that standing still is noticed */
    STOOD_STILL_MS = 150  /* later than asked by more than this; a CPU share of 1/14 core is up to 93 ms late */
};

int loop_open_signals(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGCHLD);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) {
        return -1;
    }
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void watch(struct pollfd *place, int fd, short events)
{
    place->fd = events == 0 ? -1 : fd;
    place->events = events;
    place->revents = 0;
}

static void watch_all(const struct sandbox *sandbox, struct pollfd *places, int signal_fd, int64_t now_ns)
{
    const struct engine *engine = &sandbox->engine;
    const struct exchange *exchange = &sandbox->platform.exchange;
    bool polling = sandbox->phase == PHASE_POLLING && sandbox->poller.retry_ns == NEVER;
    watch(&places[PLACE_SIGNALS], signal_fd, POLLIN);
    watch(&places[PLACE_NEXT], exchange->fd, polling ? exchange_events(exchange) : 0);
    watch(&places[PLACE_ENGINE_OUTPUT], engine->from_fd, POLLIN);
    watch(&places[PLACE_ENGINE_INPUT], engine->to_fd, engine->queue.length > 0 ? POLLOUT : 0);
    watch(&places[PLACE_DATAGRAMS], sandbox->udp.fd, sandbox_reads_udp(sandbox, now_ns) ? POLLIN : 0);
    watch(&places[PLACE_HELD], sandbox->held.to_fd, relay_writes(&sandbox->held) ? POLLOUT : 0);
    watch(&places[PLACE_UNIX], sandbox->relay.socket_fd, relay_reads(&sandbox->relay, now_ns) ? POLLIN : 0);
    watch(&places[PLACE_RELAY], sandbox->relay.to_fd, relay_writes(&sandbox->relay) ? POLLOUT : 0);
    watch(&places[PLACE_LISTENER], sandbox->telemetry.listen_fd, POLLIN);
    for (size_t i = 0; i < TELEMETRY_CONNECTIONS; i++) {
        watch(&places[PLACE_CONNECTIONS + i], sandbox->telemetry.connections[i].fd, POLLIN);
    }
}

static int wait_ms(const struct sandbox *sandbox, int64_t now_ns)
{
    int64_t due_ns = sandbox_due_ns(sandbox), relay_ns = relay_due_ns(&sandbox->relay, now_ns);
    due_ns = relay_ns < due_ns ? relay_ns : due_ns;
    if (!engine_alive(&sandbox->engine) && sandbox->drain_ns > now_ns && sandbox->drain_ns < due_ns) {
        due_ns = sandbox->drain_ns;
    }
    if (due_ns == NEVER) {
        return -1;
    }
    bool budget_runs = sandbox->guard.waiting && sandbox->guard.budget_until_ns != NEVER;
    return clock_poll_ms(due_ns, now_ns, budget_runs ? BUDGET_SLICE_MS : LONGEST_WAIT_MS);
}

static void reap(struct sandbox *sandbox, int64_t now_ns)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (pid == sandbox->engine.pid) {
            sandbox_on_engine_output(sandbox); /* its last words, a `done` among them */
        }
        sandbox_on_child_end(sandbox, pid, status, now_ns);
    }
}

static void read_signals(struct sandbox *sandbox, int signal_fd, int64_t now_ns)
{
    struct signalfd_siginfo info;
    while (read(signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGCHLD) {
            reap(sandbox, now_ns);
        } else {
            sandbox_on_signal(sandbox, info.ssi_signo == SIGTERM ? "SIGTERM" : "SIGINT", now_ns);
        }
    }
}

/* /next before telemetry: a batch may speak of the request that the event beside it brings. */
static void dispatch(struct sandbox *sandbox, const struct pollfd *places, int signal_fd, int64_t now_ns)
{
    bool retry_due = sandbox->phase == PHASE_POLLING && now_ns >= poller_due_ns(&sandbox->poller);
    if (places[PLACE_ENGINE_OUTPUT].revents != 0) {
        sandbox_on_engine_output(sandbox);
    }
    if (places[PLACE_ENGINE_INPUT].revents != 0) {
        engine_flush(&sandbox->engine);
    }
    if (places[PLACE_NEXT].revents != 0 || retry_due) {
        sandbox_on_next(sandbox, now_ns);
    }
    for (size_t i = 0; i < TELEMETRY_CONNECTIONS; i++) {
        if (places[PLACE_CONNECTIONS + i].revents != 0) {
            telemetry_read(&sandbox->telemetry, i, now_ns);
        }
    }
    if (places[PLACE_LISTENER].revents != 0) {
        telemetry_accept(&sandbox->telemetry, now_ns);
    }
    if (places[PLACE_DATAGRAMS].revents != 0 || places[PLACE_HELD].revents != 0) {
        sandbox_on_datagrams(sandbox, now_ns);
    }
    if (places[PLACE_UNIX].revents != 0 || places[PLACE_RELAY].revents != 0) {
        relay_step(&sandbox->relay, now_ns);
    }
    if (places[PLACE_SIGNALS].revents != 0) {
        read_signals(sandbox, signal_fd, now_ns);
    }
}

/* Time that passed without us: stopped by a signal, frozen, or starved. Work never takes as long as this. */
static void notice_gap(struct sandbox *sandbox, int64_t passed_ns, int64_t now_ns)
{
    if (passed_ns > STOOD_STILL_MS * NS_PER_MS) {
        sandbox_on_thaw(sandbox, passed_ns, now_ns);
    }
}

/* Only what is watched: poll(2) refuses a set that is larger than RLIMIT_NOFILE, used or not. */
static int poll_watched(struct pollfd *places, int ms)
{
    struct pollfd watched[PLACES];
    nfds_t count = 0;
    for (size_t i = 0; i < PLACES; i++) {
        if (places[i].fd >= 0) {
            watched[count++] = places[i];
        }
    }
    int ready = poll(watched, count, ms);
    for (size_t i = PLACES; i > 0 && ready >= 0; i--) {
        if (places[i - 1].fd >= 0) {
            places[i - 1].revents = watched[--count].revents;
        }
    }
    return ready;
}

void loop_run(struct sandbox *sandbox, int signal_fd)
{
    struct pollfd places[PLACES];
    memset(places, 0, sizeof places);
    for (int64_t now_ns = clock_mono_ns();;) {
        int64_t before_ns = clock_mono_ns();
        notice_gap(sandbox, before_ns - now_ns, before_ns);
        sandbox_on_time(sandbox, before_ns);
        if (sandbox->phase == PHASE_OVER) {
            return;
        }
        watch_all(sandbox, places, signal_fd, before_ns);
        int ms = wait_ms(sandbox, before_ns);
        int ready = poll_watched(places, ms);
        now_ns = clock_mono_ns();
        notice_gap(sandbox, ms < 0 ? 0 : now_ns - before_ns - ms * NS_PER_MS, now_ns);
        if (ready < 0 && errno != EINTR) {
            log_line("poll: %s; trying again", strerror(errno));
            (void)usleep(100000); /* out of memory: do not spin */
        }
        if (ready >= 0) {
            dispatch(sandbox, places, signal_fd, now_ns);
        }
    }
}
