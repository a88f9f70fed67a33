/* What the process tests share: how the launcher is started, and the usual invocation and end. */
#ifndef DOGSLED_PROCESS_H
#define DOGSLED_PROCESS_H

#include "fake_platform.h"

#define NEXT "GET /2020-01-01/extension/event/next "
#define REQUIRE(condition, ...)                                                                                        \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            platform_fail(p, __VA_ARGS__);                                                                             \
        }                                                                                                              \
    } while (0)

/* Added to what is promised, because the machine may be busy; guard_test.c has the exact times. */
enum { BUSY_MS = 400 };

/* The launcher with a fake engine of this kind and a budget of 200 ms; more is one further variable or NULL. */
void launch(struct fake_platform *p, const char *engine, const char *more);
void launch_without_engine(struct fake_platform *p);
void launch_with(struct fake_platform *p, const char *variable);

/* With these variables and no others, but what every launcher needs; the list ends in NULL. */
void launch_list(struct fake_platform *p, bool with_engine, const char *const *variables);

/* The same with a launcher whose wall clock is ahead by what the file of FAKE_CLOCK says. */
void launch_clock(struct fake_platform *p, const char *const *variables);

/* The same, up to the first /next; with start_ready the engine is ready then. */
void start(struct fake_platform *p, const char *engine, int telemetry_status);
void start_ready(struct fake_platform *p, const char *engine, int telemetry_status);

/* Answers the open poll with SHUTDOWN and expects the exit status 0. */
void shut_down(struct fake_platform *p);

/* Lines of the launcher itself, without those of DD_LOG_LEVEL=debug. */
int lines_for_people(struct fake_platform *p);

/* INVOKE, the engine has it, the function ends; then the next poll is awaited. Returns how long that took. */
int64_t invoke(struct fake_platform *p, const char *id);

typedef void process_test(struct fake_platform *p);
process_test a_platform_that_is_gone_ends_it;
process_test a_life_from_register_to_shutdown;
process_test done_follows_the_report_of_this_request_only;
process_test a_missing_engine_costs_nothing;
process_test an_engine_that_dies_gets_a_successor;
process_test datagrams_sent_while_no_engine_lives_are_kept;
process_test datagrams_sent_while_the_engine_starts_are_kept;
process_test datagrams_handed_over_and_never_read_are_the_successors;
process_test datagrams_kept_until_shutdown_are_handed_over_then;
process_test an_engine_that_always_dies_is_given_up;
process_test an_engine_that_cannot_start_is_given_up;
process_test a_silent_engine_costs_the_budget_and_is_replaced;
process_test without_telemetry_a_silent_engine_loses_its_credit;
process_test an_engine_that_is_stuck_in_its_start_is_replaced;
process_test an_engine_that_works_has_more_time_to_start;
process_test a_stopped_engine_is_killed_before_the_deadline;
process_test a_stubborn_engine_is_killed_before_the_deadline;
process_test what_a_hanging_engine_did_not_read_is_counted;
process_test what_dying_engines_were_given_is_counted;
process_test our_own_markers_are_not_counted_as_lost;
process_test what_a_successor_finished_is_not_counted_as_lost;
process_test an_engine_that_writes_nonsense_is_replaced;
process_test an_engine_that_talks_without_end_is_replaced;
process_test what_a_dead_engine_held_is_told_to_its_successor;
process_test what_the_engine_left_behind_harms_nobody;
process_test an_engine_that_does_not_read_blocks_nobody;
process_test the_guard_knows_a_freeze;
process_test a_stepped_clock_ends_no_wait_and_lengthens_none;
process_test a_wrong_clock_costs_neither_the_engine_nor_the_function;
process_test a_clock_ahead_leaves_time_for_the_last_flush;
process_test a_clock_behind_does_not_let_the_shutdown_run_into_the_kill;
process_test a_freeze_between_events_is_no_silence;
process_test the_deadline_is_kept_without_a_report;
process_test markers_and_ticks_come_back;
process_test a_taken_port_is_told_and_survived;
process_test telemetry_is_taken_whatever_it_is;
process_test telemetry_connections_are_used_in_every_way;
process_test a_hanging_subscription_is_given_up;
process_test a_refused_registration_ends_it;
process_test a_broken_platform_ends_it;
process_test a_missing_or_malformed_address_ends_it;
process_test managed_instances_are_asked_for_shutdown_only;
process_test a_stopped_engine_of_managed_instances_is_replaced;
process_test refused_invoke_events_are_given_up_once;
process_test a_late_socket_is_waited_for;
process_test other_addresses_are_used_as_they_are;
process_test answers_of_every_shape_are_read;
process_test failures_of_next_are_retried_with_pauses;
process_test answers_without_sense_are_asked_for_again;
process_test an_unknown_identifier_ends_it_after_a_last_flush;
process_test a_signal_is_a_shutdown;
process_test other_signals_are_ignored;
process_test snap_start_waits_for_the_engine;
process_test no_engine_survives_its_launcher;
process_test a_burst_is_in_the_flush_of_its_invocation;
process_test a_flood_ends_no_invocation_late;
process_test an_engine_that_does_not_read_holds_no_sender;
process_test unix_datagrams_outlive_an_engine;
process_test without_an_engine_unix_datagrams_are_counted;
process_test what_a_stubborn_engine_left_of_the_unix_socket_is_counted;
process_test what_is_inherited_does_not_reach_the_engine;
process_test missing_standard_descriptors_are_made_up_for;
process_test no_folder_no_files_no_name_is_no_matter;
process_test without_descriptors_the_function_goes_on;
process_test long_names_and_a_large_environment_are_survived;
process_test malformed_answers_hold_nobody;
process_test an_answer_cut_anywhere_is_asked_for_again;
process_test endless_answers_are_cut_short;
process_test a_malformed_subscription_is_as_good_as_none;
process_test a_malformed_registration_is_tried_again;
process_test malformed_posts_are_answered_and_forgotten;
process_test a_post_of_ten_megabytes_is_read_and_thrown_away;
process_test slow_senders_keep_nobody_waiting;
process_test a_unix_socket_is_enough;
process_test long_unix_datagrams_come_whole_or_are_counted;
process_test an_unusable_path_is_told_and_left_alone;

#endif
