/*
 * The life of the sandbox: what happens on each event of the platform, the engine and the clock. The loop waits and
 * calls; everything that is decided is decided here.
 *
 *   STARTING ──► POLLING ◄──► INVOKE        STARTING: registered, before the first /next
 *                   │                       POLLING:  /next is outstanding (or pausing after a failure)
 *                   ▼                       INVOKE:   the engine has the word; no poll is outstanding
 *                STOPPING ──► OVER          STOPPING: after SHUTDOWN, a signal, or when the platform is gone; never polls
 *
 * The CPU is ours to use in STARTING and INVOKE (on Managed Instances always): only then is an engine restarted.
 */
#ifndef DOGSLED_SANDBOX_H
#define DOGSLED_SANDBOX_H

#include "child.h"
#include "engine.h"
#include "guard.h"
#include "holdings.h"
#include "platform.h"
#include "poller.h"
#include "relay.h"
#include "restarts.h"
#include "settings.h"
#include "sockets.h"
#include "telemetry.h"
#include "unix_socket.h"

#include <stdbool.h>
#include <stdint.h>

enum phase { PHASE_STARTING, PHASE_POLLING, PHASE_INVOKE, PHASE_STOPPING, PHASE_OVER };

struct sandbox {
    struct settings settings;
    struct child_command command;
    struct udp udp;
    struct unix_socket unix_socket;
    struct relay relay; /* of the Unix socket's datagrams */
    struct relay held;  /* of the UDP socket's, while no engine reads that itself */
    int null_fd; /* what the engine gets as fd 0 when there is no UDP socket */
    struct platform platform;
    struct telemetry telemetry;
    struct poller poller;
    struct engine engine;
    struct restarts restarts;
    struct holdings holdings;
    struct guard guard;
    enum phase phase;
    int64_t exec_ns;
    int64_t ready_by_ns; /* STARTING: the first poll goes out then at the latest */
    int64_t tick_ns;     /* NEVER when the engine asked for none */
    int64_t answer_by_ns; /* Managed Instances: the engine must have answered a tick by then; NEVER if none waits for that */
    int64_t drain_ns;    /* no engine: the UDP socket is not looked at before */
    int64_t hand_over_ns; /* the engine is ready: it reads the UDP socket itself then at the latest; NEVER before */
    int64_t kill_ns;     /* STOPPING: the engine is killed then */
    int exit_status;
    int silent_waits;    /* invocations in a row that were waited for without a byte from the engine */
    uint64_t drops_before; /* the kernel's count when an engine last finished an invocation */
    struct bytes greeting; /* payload of `registered`, for every engine that is started */
    struct bytes event;    /* payload of the INVOKE that is open */
    int64_t event_ns;
    bool stopped_alone; /* no engine lived when the end came */
    bool ended_well;    /* the last engine left by itself, with status 0, after SHUTDOWN */
    bool said_late, said_malformed;
};

/* Before the loop. */
void sandbox_start_engine(struct sandbox *sandbox, int64_t now_ns);
void sandbox_greet(struct sandbox *sandbox);
void sandbox_begin(struct sandbox *sandbox, int64_t now_ns);

/* What is known about this sandbox. */
bool sandbox_telemetry_works(const struct sandbox *sandbox);
bool sandbox_restart_planned(const struct sandbox *sandbox);
bool sandbox_cpu_is_ours(const struct sandbox *sandbox);
bool sandbox_reads_udp(const struct sandbox *sandbox, int64_t now_ns);

/* To the engine; without one they do nothing. */
void sandbox_send_stamped(struct sandbox *sandbox, enum frame_type type, int64_t at_ns, const void *data, size_t length);
void sandbox_send_plain(struct sandbox *sandbox, enum frame_type type, const void *data, size_t length);
void sandbox_send_event(struct sandbox *sandbox);
void sandbox_restart_if_due(struct sandbox *sandbox, int64_t now_ns);

/* What the loop saw. */
void sandbox_on_next(struct sandbox *sandbox, int64_t now_ns);
void sandbox_on_engine_output(struct sandbox *sandbox);
void sandbox_on_child_end(struct sandbox *sandbox, pid_t pid, int status, int64_t now_ns);
void sandbox_on_signal(struct sandbox *sandbox, const char *name, int64_t now_ns);
void sandbox_on_datagrams(struct sandbox *sandbox, int64_t now_ns);
void sandbox_on_thaw(struct sandbox *sandbox, int64_t gap_ns, int64_t now_ns);
void sandbox_on_batch(void *sandbox, const void *body, size_t length);

/* Everything that is due; to be called before each wait. */
void sandbox_on_time(struct sandbox *sandbox, int64_t now_ns);

/* After the loop: the datagrams that no engine will report. */
void sandbox_report_lost(struct sandbox *sandbox);

/* When something is due next; NEVER if only events can bring news. */
int64_t sandbox_due_ns(const struct sandbox *sandbox);

#endif
