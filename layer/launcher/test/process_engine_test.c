/* What the launcher does for the engine, with it, and without it. */
#include "process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

void a_life_from_register_to_shutdown(struct fake_platform *p)
{
    launch(p, "good", NULL);
    platform_expect(p, "POST /2020-01-01/extension/register ");
    REQUIRE(strstr(p->request, "Lambda-Extension-Name: my-dd.sh\r\n") != NULL, "name of argv[0]");
    REQUIRE(strstr(p->request, "Lambda-Extension-Accept-Feature: accountId\r\n") != NULL, "feature");
    REQUIRE(strstr(p->request, "{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}") != NULL, "events");
    platform_answer(p, 200, "lambda-extension-IDENTIFIER: 11-22\r\n", "{\"functionName\":\"f\",\"accountId\":\"1\"}");
    platform_expect(p, "PUT /2022-07-01/telemetry ");
    REQUIRE(strstr(p->request, "\"schemaVersion\":\"2022-12-13\",\"types\":[\"platform\"]") != NULL, "subscription");
    REQUIRE(strstr(p->request, "Lambda-Extension-Identifier: 11-22\r\n") != NULL, "identifier");
    platform_answer(p, 202, "", "{}");
    platform_expect(p, NEXT);
    REQUIRE(strstr(p->request, "Lambda-Extension-Identifier: 11-22\r\n\r\n") != NULL, "identifier, and no body");
    platform_wait_log(p, "engine: registered", 1);
    REQUIRE(strstr(p->log, "\"name\":\"my-dd.sh\"") != NULL, "name");
    REQUIRE(strstr(p->log, "\"telemetryStatus\":202") != NULL, "telemetry status");
    REQUIRE(strstr(p->log, "\"register\":{\"functionName\":\"f\",\"accountId\":\"1\"}}\n") != NULL, "register");
    REQUIRE(strstr(p->log, "engine: arguments  -Xone -XX:AOTCache=x.aot --two=a b -cp dogsled.jar io.dogsled.ExtensionMain --udp=") != NULL, "arguments");
    REQUIRE(strstr(p->log, "engine: directory /dogsled\n") != NULL, "directory");
    REQUIRE(strstr(p->log, "LEAKED") == NULL && strstr(p->log, "engine: group") != NULL, "surroundings");
    for (int i = 0; i < 5; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "r-%d", i);
        platform_answer_invoke(p, id, 5000);
        platform_expect(p, NEXT);
    }
    platform_send_datagram(p, "m:1|c");
    platform_answer_shutdown(p, 2000);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    REQUIRE(strstr(p->log, "engine: datagrams 1\n") != NULL, "the engine reads the socket");
    REQUIRE(!platform_request_within(p, 50), "a request after SHUTDOWN");
    REQUIRE(lines_for_people(p) == 0, "quiet");
}

void done_follows_the_report_of_this_request_only(struct fake_platform *p)
{
    start_ready(p, "good", 200);
    (void)invoke(p, "r-1");
    platform_answer_invoke(p, "r-2", 5000);
    platform_wait_log(p, "engine: invoke r-2", 1);
    platform_runtime_done(p, "r-1");
    REQUIRE(!platform_request_within(p, 350), "an older report started the budget");
    platform_runtime_done(p, "r-2");
    platform_expect(p, NEXT);
    shut_down(p);
    REQUIRE(lines_for_people(p) == 0, "quiet");
}

void a_missing_engine_costs_nothing(struct fake_platform *p)
{
    launch_without_engine(p);
    platform_init_phase(p, 200);
    for (int i = 0; i < 3; i++) {
        platform_send_datagram(p, "m:1|c\nn:2|g");
        platform_answer_invoke(p, "r", 5000);
        REQUIRE(platform_request_within(p, BUSY_MS), "invocation %d was held", i);
    }
    platform_answer_shutdown(p, 2000);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    REQUIRE(platform_count_log(p, "No such file or directory; the function goes on") == 1, "one line at the start");
    REQUIRE(platform_count_log(p, "3 datagrams received and lost") == 1, "one line at the end");
    REQUIRE(lines_for_people(p) == 2, "and no more");
}

void an_engine_that_dies_gets_a_successor(struct fake_platform *p)
{
    start_ready(p, "dies", 200);
    platform_answer_invoke(p, "r-1", 5000);
    platform_wait_log(p, "engine: invoke r-1", 2);
    platform_runtime_done(p, "r-1");
    platform_expect(p, NEXT);
    REQUIRE(platform_count_log(p, "engine: restarted after 0 dropped: it exited with status 7") == 1, "told why");
    REQUIRE(platform_count_log(p, "engine: registered") == 2, "told everything again");
    REQUIRE(platform_count_log(p, "engine: arguments") == 2, "two engines");
    REQUIRE(platform_count_log(p, " --successor\n") == 1, "only the second is a successor");
    const char *first = strstr(p->log, "engine: arguments"), *second = strstr(first + 1, "engine: arguments");
    REQUIRE(strstr(p->log, " --successor\n") > second, "the second one");
    REQUIRE(invoke(p, "r-2") < BUSY_MS, "the successor works");
    REQUIRE(lines_for_people(p) == 1, "one line");
    shut_down(p);
}

void an_engine_that_always_dies_is_given_up(struct fake_platform *p)
{
    start_ready(p, "dies-always", 200);
    platform_answer_invoke(p, "r-1", 5000);
    platform_wait_log(p, "it exited with status 7", 2);
    platform_runtime_done(p, "r-1");
    REQUIRE(platform_request_within(p, BUSY_MS), "held");
    for (int i = 0; i < 10; i++) {
        REQUIRE(invoke(p, "r") < BUSY_MS, "invocation %d was held", i);
    }
    REQUIRE(platform_count_log(p, "engine: arguments") <= 4, "at most three successors");
    shut_down(p);
}

void an_engine_that_cannot_start_is_given_up(struct fake_platform *p)
{
    start(p, "fails", 202);
    platform_wait_log(p, "it exited with status 1", 1);
    for (int i = 0; i < 10; i++) {
        platform_answer_invoke(p, "r", 5000);
        REQUIRE(platform_request_within(p, BUSY_MS), "invocation %d was held", i);
        (void)poll(NULL, 0, 20); /* the pause before a restart passes */
    }
    REQUIRE(platform_count_log(p, " -Xone -XX:AOTCache=x.aot --two") == 1, "the first one");
    REQUIRE(platform_count_log(p, " -Xone -XX:AOTMode=off --two") >= 1, "its successors do not try the cache again");
    REQUIRE(platform_count_log(p, "start without the AOT cache") == 1, "one line");
    shut_down(p);
}

void a_stopped_engine_is_killed_before_the_deadline(struct fake_platform *p)
{
    start_ready(p, "stopped", 200);
    int64_t ms = invoke(p, "r");
    REQUIRE(ms < 250 + BUSY_MS, "%d ms after runtimeDone", (int)ms);
    int64_t from_ms = platform_now_ms();
    platform_answer_shutdown(p, 700);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    ms = platform_now_ms() - from_ms;
    REQUIRE(ms >= 600 && ms < 700 + BUSY_MS, "ended after %d ms", (int)ms);
}

void a_stubborn_engine_is_killed_before_the_deadline(struct fake_platform *p)
{
    start_ready(p, "stubborn", 200);
    int64_t from_ms = platform_now_ms();
    platform_answer_shutdown(p, 700);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    int64_t ms = platform_now_ms() - from_ms;
    REQUIRE(ms >= 600 && ms < 700 + BUSY_MS, "ended after %d ms", (int)ms);
    REQUIRE(platform_count_log(p, "during shutdown; what it held is lost") == 1, "one line");
    REQUIRE(!platform_request_within(p, 20), "a request after SHUTDOWN");
}

static void send_datagrams(struct fake_platform *p, int count)
{
    for (int i = 0; i < count; i++) {
        platform_send_datagram(p, "m:1|c");
    }
}

void what_a_hanging_engine_did_not_read_is_counted(struct fake_platform *p)
{
    start(p, "hangs", 200);
    for (int i = 0; i < 2; i++) { /* after the third it is replaced */
        send_datagrams(p, 7);
        (void)invoke(p, "r");
    }
    send_datagrams(p, 9);
    platform_answer_shutdown(p, 400);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    REQUIRE(platform_count_log(p, "what it held is lost; 23 datagrams received and lost") == 1, "not counted");
    REQUIRE(platform_count_log(p, "the engine has not started after ") == 1, "two waits, one line");
    REQUIRE(lines_for_people(p) == 2, "and no more");
}

void what_dying_engines_were_given_is_counted(struct fake_platform *p)
{
    start(p, "fails", 200);
    platform_wait_log(p, "it exited with status 1", 1);
    for (int i = 0; i < 3; i++) {
        send_datagrams(p, 7);
        platform_answer_invoke(p, "r", 5000);
        if (i < 2) { /* the pauses before the successors; the third stays planned until SHUTDOWN */
            platform_wait_log(p, "it exited with status 1", i + 2);
        }
        platform_runtime_done(p, "r");
        platform_expect(p, NEXT);
    }
    send_datagrams(p, 2);
    platform_answer_shutdown(p, 2000);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    REQUIRE(platform_count_log(p, "engine: arguments") == 4, "four engines were given them");
    REQUIRE(platform_count_log(p, " --successor\n") == 3, "each of them but the first is told");
    REQUIRE(platform_count_log(p, "; 23 datagrams received and lost") == 1, "not counted");
}

void our_own_markers_are_not_counted_as_lost(struct fake_platform *p)
{
    start_ready(p, "marks-hangs", 200);
    platform_wait_log(p, "engine: asked for a marker", 1);
    send_datagrams(p, 2);
    platform_answer_shutdown(p, 400);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    REQUIRE(platform_count_log(p, "; 2 datagrams received and lost") == 1, "the marker is ours");
}

void what_a_successor_finished_is_not_counted_as_lost(struct fake_platform *p)
{
    start_ready(p, "dies-stubborn", 202);
    platform_answer_invoke(p, "r-1", 5000);
    platform_expect(p, NEXT);
    platform_wait_log(p, "it exited with status 7", 1);
    send_datagrams(p, 3);
    (void)poll(NULL, 0, 150); /* the pause before a restart */
    platform_answer_invoke(p, "r-2", 5000);
    platform_expect(p, NEXT);
    REQUIRE(platform_count_log(p, "engine: held m:1|c") == 3, "handed over");
    platform_answer_shutdown(p, 400);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    REQUIRE(platform_count_log(p, "; 0 datagrams received and lost") == 1, "it was done with them");
}

void an_engine_that_writes_nonsense_is_replaced(struct fake_platform *p)
{
    start(p, "nonsense", 200);
    platform_wait_log(p, "it wrote nonsense into the pipe", 1);
    for (int i = 0; i < 3; i++) {
        REQUIRE(invoke(p, "r") < BUSY_MS, "invocation %d was held", i);
        (void)poll(NULL, 0, 60); /* the pause before a restart */
    }
    platform_answer_invoke(p, "r-4", 5000);
    platform_wait_log(p, "engine: invoke r-4", 1);
    platform_runtime_done(p, "r-4");
    platform_expect(p, NEXT);
    REQUIRE(platform_count_log(p, "engine: arguments") == 2, "one successor");
    shut_down(p);
}

void an_engine_that_talks_without_end_is_replaced(struct fake_platform *p)
{
    start(p, "endless", 200);
    platform_wait_log(p, "it wrote nonsense into the pipe", 1);
    REQUIRE(invoke(p, "r-1") < BUSY_MS, "held");
    (void)poll(NULL, 0, 150); /* the pause before a restart */
    platform_answer_invoke(p, "r-2", 5000);
    platform_wait_log(p, "engine: invoke r-2", 1);
    platform_runtime_done(p, "r-2");
    platform_expect(p, NEXT);
    shut_down(p);
}

void what_the_engine_left_behind_harms_nobody(struct fake_platform *p)
{
    start_ready(p, "forks", 200);
    REQUIRE(invoke(p, "r-1") < BUSY_MS, "held");
    platform_wait_log(p, "engine: group", 1);
    const char *line = strstr(p->log, "engine: process ");
    REQUIRE(line != NULL && kill((pid_t)atoi(line + 16), SIGKILL) == 0, "no engine to kill");
    platform_wait_log(p, "killed by signal 9", 1);
    REQUIRE(invoke(p, "r-2") < BUSY_MS, "held by a dead engine's child");
    (void)poll(NULL, 0, 150); /* the pause before a restart */
    platform_answer_invoke(p, "r-3", 5000);
    platform_wait_log(p, "engine: invoke r-3", 1);
    platform_runtime_done(p, "r-3");
    platform_expect(p, NEXT);
    shut_down(p);
    (void)kill(-p->launcher, SIGKILL); /* as the platform does */
}

void an_engine_that_does_not_read_blocks_nobody(struct fake_platform *p)
{
    static char batch[900000];
    start_ready(p, "deaf", 200);
    memset(batch, ' ', sizeof batch);
    batch[0] = '[';
    batch[sizeof batch - 1] = ']';
    for (int i = 0; i < 5; i++) {
        REQUIRE(platform_post(p, p->telemetry_path, batch, sizeof batch) == 200, "batch %d", i);
    }
    REQUIRE(invoke(p, "r") < 250 + BUSY_MS, "held");
    platform_answer_shutdown(p, 300);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    REQUIRE(platform_count_log(p, "telemetry: 4 batches did not fit") == 1, "the first fills the queue, four are counted");
}

void the_guard_knows_a_freeze(struct fake_platform *p)
{
    launch(p, "late", "DD_DOGSLED_FLUSH_BUDGET_MS=1000");
    platform_init_phase(p, 200);
    platform_wait_log(p, "engine ready", 1);
    platform_answer_invoke(p, "r-1", 8000);
    platform_wait_log(p, "engine: invoke r-1", 1);
    platform_runtime_done(p, "r-1");
    (void)kill(-p->launcher, SIGSTOP);
    (void)poll(NULL, 0, 1500);
    (void)kill(-p->launcher, SIGCONT);
    platform_expect(p, NEXT);
    REQUIRE(platform_count_log(p, "dogsled: stood still for") >= 1, "not noticed");
    REQUIRE(lines_for_people(p) == 0, "the engine was not late");
    shut_down(p);
}

void the_deadline_is_kept_without_a_report(struct fake_platform *p)
{
    start_ready(p, "good", 200);
    platform_answer_invoke(p, "r-1", 600);
    int64_t from_ms = platform_now_ms();
    platform_expect(p, NEXT);
    int64_t ms = platform_now_ms() - from_ms;
    REQUIRE(ms >= 500 && ms < 600 + BUSY_MS, "%d ms", (int)ms);
    platform_answer_invoke(p, "r-2", 20);
    REQUIRE(platform_request_within(p, BUSY_MS), "a deadline 20 ms ahead leaves no time");
    platform_answer_invoke(p, "r-3", -5000);
    REQUIRE(platform_request_within(p, BUSY_MS), "a deadline in the past leaves no time");
    shut_down(p);
    REQUIRE(lines_for_people(p) == 0, "the engine is not to blame");
}

void markers_and_ticks_come_back(struct fake_platform *p)
{
    start_ready(p, "marks", 200);
    platform_answer_invoke(p, "r-1", 5000);
    platform_expect(p, NEXT);
    REQUIRE(strstr(p->log, "engine: marker 0123456789abcdef\n") != NULL, "marker");
    REQUIRE(strstr(p->log, "engine: tick") != NULL, "tick");
    shut_down(p);
}

void a_taken_port_is_told_and_survived(struct fake_platform *p)
{
    char variable[64];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    REQUIRE(fd >= 0 && bind(fd, (struct sockaddr *)&address, length) == 0, "bind");
    REQUIRE(getsockname(fd, (struct sockaddr *)&address, &length) == 0, "getsockname");
    (void)snprintf(variable, sizeof variable, "DD_DOGSTATSD_PORT=%u", ntohs(address.sin_port));
    launch_with(p, variable);
    platform_init_phase(p, 200);
    platform_wait_log(p, "engine: registered", 1);
    REQUIRE(strstr(p->log, "\"udpPort\":0,\"bindError\":\"Address already in use\"") != NULL, "told");
    REQUIRE(strstr(p->log, "io.dogsled.ExtensionMain --no-udp --begin=") != NULL, "told as an argument");
    REQUIRE(invoke(p, "r") < BUSY_MS, "works");
    shut_down(p);
}

void snap_start_waits_for_the_engine(struct fake_platform *p)
{
    launch(p, "good", "AWS_LAMBDA_INITIALIZATION_TYPE=snap-start");
    platform_init_phase(p, 200);
    platform_wait_log(p, "first /next", 1);
    const char *ready = strstr(p->log, "dogsled: engine ready"), *next = strstr(p->log, "dogsled: first /next");
    REQUIRE(ready != NULL && ready < next, "polled before it was ready");
    shut_down(p);
}

void no_engine_survives_its_launcher(struct fake_platform *p)
{
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1); /* the orphan comes to us, not to an init that may take its time */
    start_ready(p, "deaf", 200); /* it would not even notice the closed pipes */
    (void)kill(p->launcher, SIGKILL);
    REQUIRE(platform_wait_end(p) == -SIGKILL, "killed");
    int64_t until_ms = platform_now_ms() + 2000;
    while (kill(-p->launcher, 0) == 0 && platform_now_ms() < until_ms) {
        (void)waitpid(-1, NULL, WNOHANG);
        (void)poll(NULL, 0, 5);
    }
    REQUIRE(kill(-p->launcher, 0) != 0 && errno == ESRCH, "something of the group is left");
}
