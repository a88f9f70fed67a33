/* The guard's arithmetic and the plan of restarts, with clocks moved by hand. */
#include "check.h"

#include "../clock.h"
#include "../guard.h"
#include "../restarts.h"

#define MS(n) ((int64_t)(n)*NS_PER_MS)

enum { WALL_MS = 1700000000 };

static const int64_t T0 = 987654321987654;

/* An INVOKE of request "r" at T0 whose deadline is this far ahead. */
static struct guard invoked(int64_t deadline_in_ms)
{
    struct guard guard;
    struct event event = {.kind = EVENT_INVOKE, .deadline_ms = WALL_MS + deadline_in_ms, .request_id = "r"};
    guard_init(&guard, MS(250));
    guard_invoke(&guard, &event, T0, WALL_MS);
    return guard;
}

static int64_t over_ms(const struct guard *guard)
{
    return (guard_over_ns(guard) - T0) / NS_PER_MS;
}

static void without_runtime_done_only_the_deadline_counts(void)
{
    struct guard guard = invoked(3000);
    CHECK(over_ms(&guard) == 2950, "%lld", (long long)over_ms(&guard));
}

static void the_budget_runs_from_runtime_done(void)
{
    struct guard guard = invoked(3000);
    guard_runtime_done(&guard, "r", T0 + MS(100));
    int64_t over = over_ms(&guard);
    CHECK(over >= 350 && over <= 400, "budget 250 + at most 50 after 100: %lld", (long long)over);
    guard_runtime_done(&guard, "r", T0 + MS(200));
    CHECK(over_ms(&guard) == over, "the second report of the same end moved it to %lld", (long long)over_ms(&guard));
}

static void the_deadline_cuts_the_budget(void)
{
    struct guard guard = invoked(300);
    guard_runtime_done(&guard, "r", T0 + MS(100));
    CHECK(over_ms(&guard) == 250, "%lld", (long long)over_ms(&guard));
}

static void a_deadline_that_is_over_leaves_no_time(void)
{
    static const int64_t deadlines_ms[] = {-5, 0, 20, 50, 1 - WALL_MS};
    for (size_t i = 0; i < sizeof deadlines_ms / sizeof deadlines_ms[0]; i++) {
        struct guard guard = invoked(deadlines_ms[i]);
        CHECK(over_ms(&guard) == 0, "deadline in %lld: %lld", (long long)deadlines_ms[i], (long long)over_ms(&guard));
    }
}

static void without_a_deadline_the_report_ends_it(void)
{
    static const int64_t deadlines_ms[] = {-WALL_MS, -WALL_MS - 1};
    for (size_t i = 0; i < sizeof deadlines_ms / sizeof deadlines_ms[0]; i++) {
        struct guard guard = invoked(deadlines_ms[i]);
        CHECK(over_ms(&guard) == 900000, "the longest there is: %lld", (long long)over_ms(&guard));
        guard_runtime_done(&guard, "r", T0 + MS(10));
        CHECK(over_ms(&guard) < 1000, "the budget: %lld", (long long)over_ms(&guard));
    }
}

static void a_deadline_beyond_every_function_timeout_is_cut(void)
{
    struct guard guard = invoked(7200000); /* the wall clock was two hours behind when the event came */
    CHECK(over_ms(&guard) == 900000, "%lld", (long long)over_ms(&guard));
    CHECK(guard_deadline_ns(INT64_MAX, T0, WALL_MS) == T0 + MS(900000), "largest");
    CHECK(guard_deadline_ns(INT64_MIN, T0, WALL_MS) == T0, "smallest");
}

static int64_t stop_ms(int64_t deadline_in_ms)
{
    return (guard_stop_ns(WALL_MS + deadline_in_ms, T0, WALL_MS) - T0) / NS_PER_MS;
}

static void a_wrong_clock_neither_ends_the_last_flush_nor_lets_it_run_into_the_kill(void)
{
    CHECK(stop_ms(1700) == 1650 && stop_ms(2000) == 1950, "as the platform says: %lld", (long long)stop_ms(1700));
    CHECK(stop_ms(60000) == 59950, "a patient platform: %lld", (long long)stop_ms(60000));
    CHECK(stop_ms(7200000) == 1950, "two hours behind: %lld", (long long)stop_ms(7200000));
    CHECK(stop_ms(-7200000) == 950, "two hours ahead: %lld", (long long)stop_ms(-7200000));
    CHECK(stop_ms(0) == 950 && stop_ms(30) == 0, "at the deadline: %lld", (long long)stop_ms(0));
    CHECK((guard_stop_ns(INT64_MAX, T0, WALL_MS) - T0) / NS_PER_MS == 1950, "largest");
    CHECK((guard_stop_ns(INT64_MIN, T0, WALL_MS) - T0) / NS_PER_MS == 950, "smallest");
}

static void reports_of_other_requests_change_nothing(void)
{
    struct guard guard = invoked(3000);
    guard_runtime_done(&guard, "older", T0 + MS(1));
    CHECK(over_ms(&guard) == 2950, "%lld", (long long)over_ms(&guard));
    CHECK(!guard_done(&guard, "older") && guard.waiting, "done for another request");
    CHECK(guard_done(&guard, "r") && !guard.waiting, "done");
    CHECK(!guard_done(&guard, "r"), "done twice");
    CHECK(guard_over_ns(&guard) == NEVER, "nothing waits any more");
}

static void a_report_that_overtakes_its_event_counts(void)
{
    struct guard guard;
    struct event event = {.kind = EVENT_INVOKE, .deadline_ms = WALL_MS + 3000, .request_id = "r"};
    guard_init(&guard, MS(250));
    guard_runtime_done(&guard, "r", T0 - MS(5));
    guard_invoke(&guard, &event, T0, WALL_MS);
    CHECK(guard.runtime_done && over_ms(&guard) <= 300, "%lld", (long long)over_ms(&guard));
}

static void standing_still_moves_the_budget_but_not_the_deadline(void)
{
    struct guard guard = invoked(600000);
    guard_thaw(&guard, MS(60000), T0 + MS(60000));
    CHECK(over_ms(&guard) == 599950, "before runtimeDone: %lld", (long long)over_ms(&guard));
    guard_runtime_done(&guard, "r", T0 + MS(60000));
    int64_t over = over_ms(&guard);
    guard_thaw(&guard, MS(1000), T0 + MS(61100)); /* 100 ms of the budget had been used */
    CHECK(over_ms(&guard) == over + 1000, "%lld", (long long)over_ms(&guard));
    guard_thaw(&guard, MS(1000000), T0 + MS(61200));
    CHECK(over_ms(&guard) <= 61200 + 300, "more than a whole budget after a thaw: %lld", (long long)over_ms(&guard));
    over = over_ms(&guard);
    guard_thaw(&guard, MS(500), T0 + MS(61100));
    CHECK(over_ms(&guard) == over, "a thaw took time away: %lld", (long long)over_ms(&guard));
    guard_thaw(&guard, MS(600000), T0 + MS(599900));
    CHECK(over_ms(&guard) == 599950, "beyond the deadline: %lld", (long long)over_ms(&guard));
}

static void an_engine_without_trust_gets_the_budget_from_the_event_on(void)
{
    struct guard guard = invoked(3000);
    guard_limit_to_budget(&guard);
    CHECK(over_ms(&guard) >= 250 && over_ms(&guard) <= 300, "%lld", (long long)over_ms(&guard));
    guard_limit_to_budget(&guard);
    CHECK(over_ms(&guard) <= 300, "%lld", (long long)over_ms(&guard));
}

static void restarts_are_few_and_further_and_further_apart(void)
{
    struct restarts restarts;
    static const int64_t pauses_ms[] = {100, 1000, 10000};
    restarts_init(&restarts);
    CHECK(restarts.due_ns == NEVER, "none is planned at the start");
    for (size_t i = 0; i < 3; i++) {
        CHECK(restarts_plan(&restarts, T0, MS(50)) && restarts.due_ns == T0 + MS(pauses_ms[i]), "restart %zu", i);
        restarts_use(&restarts);
        CHECK(restarts.due_ns == NEVER, "used");
    }
    CHECK(!restarts_plan(&restarts, T0, MS(50)) && restarts.due_ns == NEVER, "a fourth one");
    CHECK(restarts_plan(&restarts, T0, MS(600000)) && restarts.due_ns == T0 + MS(100), "after ten good minutes");
    restarts_give_up(&restarts);
    CHECK(!restarts_plan(&restarts, T0, MS(600000)), "given up is given up");
}

static void waits_for_poll_round_up_and_are_bounded(void)
{
    CHECK(clock_poll_ms(T0, T0, 1000) == 0 && clock_poll_ms(T0 - 1, T0, 1000) == 0, "due");
    CHECK(clock_poll_ms(T0 + 1, T0, 1000) == 1 && clock_poll_ms(T0 + MS(7), T0, 1000) == 7, "rounded up");
    CHECK(clock_poll_ms(T0 + MS(5000), T0, 1000) == 1000 && clock_poll_ms(NEVER, T0, 50) == 50, "bounded");
}

void guard_tests(void)
{
    without_runtime_done_only_the_deadline_counts();
    the_budget_runs_from_runtime_done();
    the_deadline_cuts_the_budget();
    a_deadline_that_is_over_leaves_no_time();
    without_a_deadline_the_report_ends_it();
    a_deadline_beyond_every_function_timeout_is_cut();
    a_wrong_clock_neither_ends_the_last_flush_nor_lets_it_run_into_the_kill();
    reports_of_other_requests_change_nothing();
    a_report_that_overtakes_its_event_counts();
    standing_still_moves_the_budget_but_not_the_deadline();
    an_engine_without_trust_gets_the_budget_from_the_event_on();
    restarts_are_few_and_further_and_further_apart();
    waits_for_poll_round_up_and_are_bounded();
}
