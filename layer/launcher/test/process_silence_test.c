/* Engines that say nothing: how long they are waited for, and when they are replaced. */
#include "process.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

void a_silent_engine_costs_the_budget_and_is_replaced(struct fake_platform *p)
{
    start_ready(p, "silent", 200);
    for (int i = 0; i < 3; i++) {
        int64_t ms = invoke(p, "r");
        REQUIRE(ms >= 195 && ms < 250 + BUSY_MS, "invocation %d: %d ms after runtimeDone", i, (int)ms);
    }
    platform_wait_log(p, "stopped by the launcher, because it said nothing during three invocations", 1);
    REQUIRE(platform_count_log(p, "not finished 200 ms after the function") == 1, "one line for slowness");
    (void)poll(NULL, 0, 150);
    platform_answer_invoke(p, "r", 5000);
    platform_wait_log(p, "engine: restarted", 1);
    platform_runtime_done(p, "r");
    platform_expect(p, NEXT);
    platform_answer_shutdown(p, 2000);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
}

void without_telemetry_a_silent_engine_loses_its_credit(struct fake_platform *p)
{
    start_ready(p, "silent", 202);
    platform_answer_invoke(p, "r-1", 900);
    int64_t from_ms = platform_now_ms();
    platform_expect(p, NEXT);
    REQUIRE(platform_now_ms() - from_ms < 900 + BUSY_MS, "beyond the deadline");
    platform_answer_invoke(p, "r-2", 60000);
    from_ms = platform_now_ms();
    platform_expect(p, NEXT);
    REQUIRE(platform_now_ms() - from_ms < 250 + BUSY_MS, "more than the budget");
    shut_down(p);
}

static void is_replaced(struct fake_platform *p)
{
    (void)poll(NULL, 0, 150); /* the pause before a restart */
    platform_answer_invoke(p, "r", 5000);
    platform_wait_log(p, "engine: arguments", 2);
    platform_runtime_done(p, "r");
    platform_expect(p, NEXT);
    platform_answer_shutdown(p, 400);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
}

void an_engine_that_is_stuck_in_its_start_is_replaced(struct fake_platform *p)
{
    start(p, "hangs", 200);
    for (int i = 0; i < 4 && platform_count_log(p, "stopped by the launcher") == 0; i++) { /* the start itself may count as work */
        int64_t ms = invoke(p, "r");
        REQUIRE(ms < 250 + BUSY_MS, "invocation %d: %d ms after runtimeDone", i, (int)ms);
        (void)poll(NULL, 0, 50); /* so long its death may take to be told */
    }
    platform_wait_log(p, "because it was not ready, and did nothing during three invocations", 1);
    is_replaced(p);
}

void an_engine_that_works_has_more_time_to_start(struct fake_platform *p)
{
    launch(p, "spins", "DD_DOGSLED_FLUSH_BUDGET_MS=100");
    platform_init_phase(p, 200);
    for (int i = 0; i < 6; i++) {
        (void)invoke(p, "r");
    }
    REQUIRE(platform_count_log(p, "the engine has not started after ") == 1, "one line");
    for (int i = 6; i < 20; i++) {
        REQUIRE(platform_count_log(p, "stopped by the launcher") == 0, "killed in spite of its work, invocation %d", i);
        (void)invoke(p, "r");
    }
    platform_wait_log(p, "stopped by the launcher, because it did not start", 1);
    is_replaced(p);
}
