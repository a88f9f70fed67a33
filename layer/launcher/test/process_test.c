/*
 * The launcher as a process, between a scripted platform and a fake engine. Each test runs in a process of its own, a
 * few side by side. Usage: process_test <folder with layer/ and layer-without-engine/> [part of a test's name [tests to leave out]]
 *
 * Times are checked only where the launcher promises them to the function, with room for a busy machine.
 */
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIDE_BY_SIDE = 4 };

static char layer[512], layer_without_engine[512], layer_with_clock[512];

void launch(struct fake_platform *p, const char *engine, const char *more)
{
    char mode[64];
    (void)snprintf(mode, sizeof mode, "FAKE_ENGINE=%s", engine);
    /* The first of two with the same name counts. */
    const char *variables[] = {more == NULL ? mode : more, mode, "DD_DOGSLED_FLUSH_BUDGET_MS=200", NULL};
    platform_launch(p, layer, variables);
}

void launch_without_engine(struct fake_platform *p)
{
    platform_launch(p, layer_without_engine, (const char *const[]){NULL});
}

void launch_with(struct fake_platform *p, const char *variable)
{
    platform_launch(p, layer, (const char *const[]){variable, NULL});
}

void launch_clock(struct fake_platform *p, const char *const *variables)
{
    platform_launch(p, layer_with_clock, variables);
}

void launch_list(struct fake_platform *p, bool with_engine, const char *const *variables)
{
    platform_launch(p, with_engine ? layer : layer_without_engine, variables);
}

void start(struct fake_platform *p, const char *engine, int telemetry_status)
{
    launch(p, engine, NULL);
    platform_init_phase(p, telemetry_status);
}

void start_ready(struct fake_platform *p, const char *engine, int telemetry_status)
{
    start(p, engine, telemetry_status);
    platform_wait_log(p, "engine ready", 1);
}

void shut_down(struct fake_platform *p)
{
    platform_answer_shutdown(p, 2000);
    REQUIRE(platform_wait_end(p) == 0, "exit status %d", p->status);
}

int lines_for_people(struct fake_platform *p)
{
    static const char *const debug[] = {"dogsled: UDP port",     "dogsled: registered", "dogsled: first /next",
                                        "dogsled: engine ready", "dogsled: stood still", "dogsled: telemetry:"};
    int count = platform_count_log(p, "dogsled: ");
    for (size_t i = 0; i < sizeof debug / sizeof debug[0]; i++) {
        count -= platform_count_log(p, debug[i]);
    }
    return count;
}

int64_t invoke(struct fake_platform *p, const char *id)
{
    platform_answer_invoke(p, id, 5000);
    platform_runtime_done(p, id);
    int64_t from_ms = platform_now_ms();
    platform_expect(p, NEXT);
    return platform_now_ms() - from_ms;
}

#define TEST(name) {#name, name}
static const struct {
    const char *name;
    process_test *run;
} TESTS[] = {
    TEST(a_platform_that_is_gone_ends_it),
    TEST(a_life_from_register_to_shutdown),
    TEST(done_follows_the_report_of_this_request_only),
    TEST(a_missing_engine_costs_nothing),
    TEST(an_engine_that_dies_gets_a_successor),
    TEST(datagrams_sent_while_no_engine_lives_are_kept),
    TEST(datagrams_sent_while_the_engine_starts_are_kept),
    TEST(datagrams_handed_over_and_never_read_are_the_successors),
    TEST(datagrams_kept_until_shutdown_are_handed_over_then),
    TEST(an_engine_that_always_dies_is_given_up),
    TEST(an_engine_that_cannot_start_is_given_up),
    TEST(a_silent_engine_costs_the_budget_and_is_replaced),
    TEST(without_telemetry_a_silent_engine_loses_its_credit),
    TEST(an_engine_that_is_stuck_in_its_start_is_replaced),
    TEST(an_engine_that_works_has_more_time_to_start),
    TEST(a_stopped_engine_is_killed_before_the_deadline),
    TEST(a_stubborn_engine_is_killed_before_the_deadline),
    TEST(what_a_hanging_engine_did_not_read_is_counted),
    TEST(what_dying_engines_were_given_is_counted),
    TEST(our_own_markers_are_not_counted_as_lost),
    TEST(what_a_successor_finished_is_not_counted_as_lost),
    TEST(an_engine_that_writes_nonsense_is_replaced),
    TEST(an_engine_that_talks_without_end_is_replaced),
    TEST(what_a_dead_engine_held_is_told_to_its_successor),
    TEST(what_the_engine_left_behind_harms_nobody),
    TEST(an_engine_that_does_not_read_blocks_nobody),
    TEST(the_guard_knows_a_freeze),
    TEST(a_stepped_clock_ends_no_wait_and_lengthens_none),
    TEST(a_wrong_clock_costs_neither_the_engine_nor_the_function),
    TEST(a_clock_ahead_leaves_time_for_the_last_flush),
    TEST(a_clock_behind_does_not_let_the_shutdown_run_into_the_kill),
    TEST(a_freeze_between_events_is_no_silence),
    TEST(the_deadline_is_kept_without_a_report),
    TEST(markers_and_ticks_come_back),
    TEST(a_taken_port_is_told_and_survived),
    TEST(telemetry_is_taken_whatever_it_is),
    TEST(telemetry_connections_are_used_in_every_way),
    TEST(a_hanging_subscription_is_given_up),
    TEST(a_refused_registration_ends_it),
    TEST(a_broken_platform_ends_it),
    TEST(a_missing_or_malformed_address_ends_it),
    TEST(managed_instances_are_asked_for_shutdown_only),
    TEST(a_stopped_engine_of_managed_instances_is_replaced),
    TEST(refused_invoke_events_are_given_up_once),
    TEST(a_late_socket_is_waited_for),
    TEST(other_addresses_are_used_as_they_are),
    TEST(answers_of_every_shape_are_read),
    TEST(failures_of_next_are_retried_with_pauses),
    TEST(answers_without_sense_are_asked_for_again),
    TEST(an_unknown_identifier_ends_it_after_a_last_flush),
    TEST(a_signal_is_a_shutdown),
    TEST(other_signals_are_ignored),
    TEST(snap_start_waits_for_the_engine),
    TEST(no_engine_survives_its_launcher),
    TEST(a_burst_is_in_the_flush_of_its_invocation),
    TEST(a_flood_ends_no_invocation_late),
    TEST(an_engine_that_does_not_read_holds_no_sender),
    TEST(unix_datagrams_outlive_an_engine),
    TEST(without_an_engine_unix_datagrams_are_counted),
    TEST(what_a_stubborn_engine_left_of_the_unix_socket_is_counted),
    TEST(what_is_inherited_does_not_reach_the_engine),
    TEST(missing_standard_descriptors_are_made_up_for),
    TEST(no_folder_no_files_no_name_is_no_matter),
    TEST(without_descriptors_the_function_goes_on),
    TEST(long_names_and_a_large_environment_are_survived),
    TEST(malformed_answers_hold_nobody),
    TEST(an_answer_cut_anywhere_is_asked_for_again),
    TEST(endless_answers_are_cut_short),
    TEST(a_malformed_subscription_is_as_good_as_none),
    TEST(a_malformed_registration_is_tried_again),
    TEST(malformed_posts_are_answered_and_forgotten),
    TEST(a_post_of_ten_megabytes_is_read_and_thrown_away),
    TEST(slow_senders_keep_nobody_waiting),
    TEST(a_unix_socket_is_enough),
    TEST(long_unix_datagrams_come_whole_or_are_counted),
    TEST(an_unusable_path_is_told_and_left_alone),
};

/* In a process of its own. Ends the group it started even when a check failed. */
static void run(size_t test)
{
    static struct fake_platform platform;
    (void)alarm(40);
    platform_open(&platform, "127.0.0.1");
    TESTS[test].run(&platform);
    if (strstr(platform.log, "ERROR: ") != NULL || strstr(platform.log, "runtime error") != NULL) {
        platform_fail(&platform, "a sanitizer complains");
    }
    exit(0);
}

/* Waits for one of them; returns 1 if it failed. */
static int collect(pid_t *running)
{
    int status;
    pid_t pid = wait(&status);
    for (size_t i = 0; i < sizeof TESTS / sizeof TESTS[0]; i++) {
        if (pid > 0 && running[i] == pid) {
            if (status != 0) {
                fprintf(stderr, "  FAILED: %s\n", TESTS[i].name);
            }
            return status != 0;
        }
    }
    return 0;
}

static bool is_left_out(const char *name, int argc, char **argv)
{
    for (int i = 3; i < argc; i++) {
        if (strcmp(name, argv[i]) == 0) {
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    pid_t running[sizeof TESTS / sizeof TESTS[0]] = {0};
    int started = 0, ended = 0, failed = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: process_test <folder of the layers> [part of a name [tests to leave out]]\n");
        return 2;
    }
    (void)snprintf(layer, sizeof layer, "%s/layer", argv[1]);
    (void)snprintf(layer_with_clock, sizeof layer_with_clock, "%s/layer-with-clock", argv[1]);
    (void)snprintf(layer_without_engine, sizeof layer_without_engine, "%s/layer-without-engine", argv[1]);
    for (size_t i = 0; i < sizeof TESTS / sizeof TESTS[0]; i++) {
        if ((argc > 2 && strstr(TESTS[i].name, argv[2]) == NULL) || is_left_out(TESTS[i].name, argc, argv)) {
            continue;
        }
        for (; started - ended >= SIDE_BY_SIDE; ended++) {
            failed += collect(running);
        }
        running[i] = fork();
        if (running[i] == 0) {
            run(i);
        }
        started++;
    }
    for (; ended < started; ended++) {
        failed += collect(running);
    }
    printf("launcher process tests: %d run, %d failed\n", started, failed);
    return failed == 0 ? 0 : 1;
}
