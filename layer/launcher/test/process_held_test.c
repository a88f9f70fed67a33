/* What becomes of the datagrams that come to the UDP socket while no engine reads it. */
#include "process.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void datagrams_sent_while_no_engine_lives_are_kept(struct fake_platform *p)
{
    start_ready(p, "dies", 202);
    platform_answer_invoke(p, "r-1", 5000);
    REQUIRE(platform_request_within(p, BUSY_MS), "without telemetry nobody waits for a successor");
    platform_send_datagram(p, "first:1|c");
    platform_send_datagram(p, "second:2|c");
    (void)poll(NULL, 0, 150); /* the pause before a restart */
    platform_answer_invoke(p, "r-2", 5000);
    platform_expect(p, NEXT);
    const char *first = strstr(p->log, "engine: held first:1|c"), *second = strstr(p->log, "engine: held second:2|c");
    const char *invoked = strstr(p->log, "engine: invoke r-2");
    REQUIRE(first != NULL && second != NULL && invoked != NULL, "something is missing");
    REQUIRE(first < second && second < invoked, "order");
    REQUIRE(platform_count_log(p, "engine: restarted") == 1, "told");
    shut_down(p);
}

/* More than the kernel's default buffer holds, which is asked for. */
void datagrams_sent_while_the_engine_starts_are_kept(struct fake_platform *p)
{
    enum { COUNT = 3000, TWICE_THE_BUFFER = 600 }; /* all of them where the launcher gets its turn in time */
    launch_list(p, true, (const char *const[]){"FAKE_ENGINE=slow", "DD_DOGSTATSD_SO_RCVBUF=106496", NULL});
    platform_init_phase(p, 200);
    platform_wait_log(p, "engine: starting", 1);
    for (int i = 0; i < COUNT; i++) {
        char text[24];
        (void)snprintf(text, sizeof text, "m:%d|c", i);
        platform_send_datagram(p, text);
        if (i % 100 == 99) {
            (void)poll(NULL, 0, 5); /* the launcher gets its turn even on a busy machine */
        }
    }
    platform_wait_log(p, "engine: held in all", 1);
    platform_send_datagram(p, "later:1|c");
    const char *first = strstr(p->log, "engine: held m:0|c\nengine: held m:1|c\n");
    int kept = atoi(strstr(p->log, "engine: held in all ") + 20);
    REQUIRE(first != NULL && kept > TWICE_THE_BUFFER, "not in order, or lost: %d of %d", kept, COUNT);
    shut_down(p);
    REQUIRE(platform_count_log(p, "engine: datagrams 1\n") == 1, "what comes later is in the socket");
}

/* It was ready, so they are in its pipe, which has ended; it dies before it reads it. */
void datagrams_handed_over_and_never_read_are_the_successors(struct fake_platform *p)
{
    start(p, "unread", 200);
    platform_wait_log(p, "engine: starting", 1);
    platform_send_datagram(p, "first:1|c");
    platform_send_datagram(p, "second:2|c");
    platform_wait_log(p, "it exited with status 7", 1);
    platform_send_datagram(p, "third:3|c");
    platform_answer_invoke(p, "r-1", 5000);
    platform_wait_log(p, "engine: invoke r-1", 1);
    platform_runtime_done(p, "r-1");
    platform_expect(p, NEXT);
    REQUIRE(strstr(p->log, "engine: held first:1|c\nengine: held second:2|c\nengine: held third:3|c\n") != NULL, "all, in order");
    REQUIRE(platform_count_log(p, "engine: restarted after 0 dropped: it exited with status 7") == 1, "nothing is lost");
    shut_down(p);
}

void datagrams_kept_until_shutdown_are_handed_over_then(struct fake_platform *p)
{
    start_ready(p, "dies", 202);
    platform_answer_invoke(p, "r-1", 5000);
    platform_expect(p, NEXT);
    platform_wait_log(p, "it exited with status 7", 1);
    platform_send_datagram(p, "last:1|c");
    shut_down(p);
    const char *held = strstr(p->log, "engine: held last:1|c"), *end = strstr(p->log, "engine: shutdown");
    REQUIRE(held != NULL && end != NULL && held < end, "handed over before SHUTDOWN");
}

void what_a_dead_engine_held_is_told_to_its_successor(struct fake_platform *p)
{
    start_ready(p, "holds-dies", 200);
    platform_answer_invoke(p, "r-1", 5000);
    platform_wait_log(p, "engine: invoke r-1", 2);
    platform_runtime_done(p, "r-1");
    platform_expect(p, NEXT);
    REQUIRE(platform_count_log(p, "what the engine held is lost (258 samples at its last word") == 1, "named");
    REQUIRE(platform_count_log(p, "engine: restarted after 258 dropped: it exited with status 7") == 1, "told");
    REQUIRE(platform_count_log(p, "and what it received since, which nobody counted)") == 1, "nor is the rest passed over");
    shut_down(p);
}
