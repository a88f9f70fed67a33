/* The launcher with a wall clock that is stepped: forward and backward by hours, at every moment at which it could matter. */
#include "process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HOURS_MS = 3 * 3600000 };

static char clock_file[64];

static void step_clock(struct fake_platform *p, int64_t ahead_ms)
{
    int fd = open(clock_file, O_WRONLY | O_CLOEXEC);
    REQUIRE(fd >= 0 && pwrite(fd, &ahead_ms, sizeof ahead_ms, 0) == (ssize_t)sizeof ahead_ms, "cannot step the clock");
    (void)close(fd);
}

/* The file goes with the test's process: it is open in the launcher for a moment only, so its name has to stay. */
static void start_with_clock(struct fake_platform *p, const char *engine)
{
    char variable[96], mode[64];
    (void)snprintf(clock_file, sizeof clock_file, "/tmp/dogsled-clock-XXXXXX");
    int fd = mkstemp(clock_file);
    REQUIRE(fd >= 0, "mkstemp");
    (void)close(fd);
    step_clock(p, 0);
    (void)snprintf(variable, sizeof variable, "FAKE_CLOCK=%s", clock_file);
    (void)snprintf(mode, sizeof mode, "FAKE_ENGINE=%s", engine);
    launch_clock(p, (const char *const[]){variable, mode, "DD_DOGSLED_FLUSH_BUDGET_MS=200", NULL});
    platform_init_phase(p, 200);
    platform_wait_log(p, "engine ready", 1);
}

static void end_with_clock(struct fake_platform *p)
{
    shut_down(p);
    (void)unlink(clock_file);
}

/* An engine that takes 120 ms of its budget of 200; the clock is stepped before the function's end and after it. */
void a_stepped_clock_ends_no_wait_and_lengthens_none(struct fake_platform *p)
{
    static const int64_t steps_ms[] = {HOURS_MS, -HOURS_MS, 0};
    start_with_clock(p, "late");
    for (size_t i = 0; i < sizeof steps_ms / sizeof steps_ms[0]; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "r-%zu", i);
        step_clock(p, 0);
        platform_answer_invoke(p, id, 5000);
        platform_wait_log(p, "engine: invoke r-", (int)i + 1);
        step_clock(p, steps_ms[i]);
        REQUIRE(!platform_request_within(p, 100), "step %zu: the function's time was cut", i);
        platform_runtime_done(p, id);
        step_clock(p, -steps_ms[i]);
        int64_t from_ms = platform_now_ms();
        platform_expect(p, NEXT);
        int64_t ms = platform_now_ms() - from_ms;
        REQUIRE(ms >= 60 && ms < 250 + BUSY_MS, "step %zu: %d ms after runtimeDone", i, (int)ms);
    }
    step_clock(p, 0);
    REQUIRE(lines_for_people(p) == 0, "the engine was not late");
    end_with_clock(p);
}

/* Between events, so that deadlines arrive while the clock is wrong. */
void a_wrong_clock_costs_neither_the_engine_nor_the_function(struct fake_platform *p)
{
    static const int64_t steps_ms[] = {HOURS_MS, -HOURS_MS};
    start_with_clock(p, "good");
    for (size_t i = 0; i < 8; i++) {
        step_clock(p, steps_ms[i % 2]);
        char id[16];
        (void)snprintf(id, sizeof id, "r-%zu", i);
        REQUIRE(invoke(p, id) < BUSY_MS, "invocation %zu was held", i);
    }
    REQUIRE(platform_count_log(p, "engine: arguments") == 1 && lines_for_people(p) == 0, "the engine is not to blame");
    step_clock(p, 0);
    end_with_clock(p);
}

void a_clock_ahead_leaves_time_for_the_last_flush(struct fake_platform *p)
{
    start_with_clock(p, "good");
    platform_send_datagram(p, "m:1|c");
    step_clock(p, HOURS_MS);
    end_with_clock(p);
    REQUIRE(platform_count_log(p, "engine: datagrams ") == 1, "it was killed before it could leave");
    REQUIRE(lines_for_people(p) == 0, "nothing was lost");
}

void a_clock_behind_does_not_let_the_shutdown_run_into_the_kill(struct fake_platform *p)
{
    start_with_clock(p, "stubborn");
    step_clock(p, -HOURS_MS);
    int64_t from_ms = platform_now_ms();
    platform_answer_shutdown(p, 2000);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    int64_t ms = platform_now_ms() - from_ms;
    REQUIRE(ms >= 1800 && ms < 2000 + BUSY_MS, "ended after %d ms", (int)ms);
    (void)unlink(clock_file);
}

/* Stopped with its engine, longer than the guard's time, while nobody is invoked; and the clock is ahead by that time. */
void a_freeze_between_events_is_no_silence(struct fake_platform *p)
{
    start_with_clock(p, "good");
    for (int i = 1; i <= 4; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "r-%d", i);
        REQUIRE(invoke(p, id) < BUSY_MS, "invocation %d was held", i);
        (void)kill(-p->launcher, SIGSTOP);
        (void)poll(NULL, 0, 350);
        step_clock(p, i * HOURS_MS / 4);
        (void)kill(-p->launcher, SIGCONT);
    }
    REQUIRE(platform_count_log(p, "engine: arguments") == 1 && lines_for_people(p) == 0, "the freeze was taken for silence");
    step_clock(p, 0);
    end_with_clock(p);
}
