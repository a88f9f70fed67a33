/* The Unix datagram socket: what reaches the engine and when, who waits, and what is counted. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BURST = 10000 }; /* 650 kB as frames: less than the launcher keeps, for this engine reads at the end only */

static char folder[64], path[96], variable[128];

static void make_path(struct fake_platform *p)
{
    (void)snprintf(folder, sizeof folder, "/tmp/dogsled-process-XXXXXX");
    REQUIRE(mkdtemp(folder) != NULL, "mkdtemp: %s", strerror(errno));
    (void)snprintf(path, sizeof path, "%s/dsd.socket", folder);
    (void)snprintf(variable, sizeof variable, "DD_DOGSTATSD_SOCKET=%s", path);
}

static void begin(struct fake_platform *p, const char *engine, int telemetry_status)
{
    make_path(p);
    launch(p, engine, variable);
    platform_init_phase(p, telemetry_status);
}

static void begin_ready(struct fake_platform *p, const char *engine)
{
    begin(p, engine, 200);
    platform_wait_log(p, "engine ready", 1);
}

/* The launcher has ended: nothing of it is left. */
static void clean_up(struct fake_platform *p)
{
    struct stat there;
    REQUIRE(stat(path, &there) != 0, "the socket is still there");
    REQUIRE(rmdir(folder) == 0, "rmdir: %s", strerror(errno));
}

static int connect_sender(struct fake_platform *p)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int size = 1048576;
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    REQUIRE(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0, "connect: %s", strerror(errno));
    return fd;
}

/* With a socket that waits: back-pressure loses nothing. */
static void send_unix(struct fake_platform *p, int count, size_t length)
{
    static char datagram[131072] = "m:1|c";
    int fd = connect_sender(p);
    for (int i = 0; i < count; i++) {
        REQUIRE(send(fd, datagram, length, MSG_NOSIGNAL) == (ssize_t)length, "send: %s", strerror(errno));
    }
    (void)close(fd);
}

void a_burst_is_in_the_flush_of_its_invocation(struct fake_platform *p)
{
    char line[96];
    struct stat there;
    begin_ready(p, "good");
    REQUIRE(stat(path, &there) == 0 && (there.st_mode & 07777) == 0722, "mode");
    REQUIRE(strstr(p->log, " --unix --held\n") != NULL && strstr(p->log, "LEAKED") == NULL, "told as an argument");
    for (int i = 0; i < 3; i++) {
        platform_answer_invoke(p, "r-1", 5000);
        send_unix(p, BURST, 60);
        platform_runtime_done(p, "r-1");
        platform_expect(p, NEXT);
        (void)snprintf(line, sizeof line, "engine: unix %d datagrams, %d bytes, 0 unread, 0 too long\n", BURST, BURST * 60);
        REQUIRE(platform_count_log(p, line) == i + 1, "not all of it");
    }
    send_unix(p, 9, 60);
    shut_down(p);
    REQUIRE(platform_count_log(p, "engine: unix 9 datagrams, 540 bytes") == 1, "what came before SHUTDOWN");
    REQUIRE(strstr(p->log, "\"unixError\":\"\"") != NULL && lines_for_people(p) == 0, "quiet");
    clean_up(p);
}

/* A child that sends until its socket is gone. */
static pid_t flood(struct fake_platform *p)
{
    int fd = connect_sender(p);
    pid_t pid = fork();
    while (pid == 0) {
        if (send(fd, "m:1|c", 5, MSG_NOSIGNAL) < 0) {
            _exit(0);
        }
    }
    (void)close(fd);
    return pid;
}

void a_flood_ends_no_invocation_late(struct fake_platform *p)
{
    begin_ready(p, "good");
    pid_t one = flood(p), two = flood(p);
    for (int i = 0; i < 5; i++) {
        REQUIRE(invoke(p, "r") < 250 + BUSY_MS, "invocation %d was held", i);
    }
    REQUIRE(platform_count_log(p, "engine: unix ") == 5, "drained each time");
    shut_down(p);
    (void)waitpid(one, NULL, 0);
    (void)waitpid(two, NULL, 0);
    clean_up(p);
}

void an_engine_that_does_not_read_holds_no_sender(struct fake_platform *p)
{
    unsigned came = 0, unread = 0;
    begin_ready(p, "blind");
    int64_t from_ms = platform_now_ms();
    send_unix(p, 40, 60000);
    int64_t ms = platform_now_ms() - from_ms;
    REQUIRE(ms >= 90 && ms < 100 + BUSY_MS, "senders were held for %d ms", (int)ms);
    REQUIRE(invoke(p, "r") < BUSY_MS, "held");
    send_unix(p, 5000, 10);
    shut_down(p);
    const char *told = strstr(p->log, "engine: unix ");
    REQUIRE(told != NULL && sscanf(told, "engine: unix %u datagrams, %*u bytes, %u unread", &came, &unread) == 2, "told");
    REQUIRE(came >= 15 && came + unread == 5040, "%u came, %u are counted", came, unread);
    clean_up(p);
}

void unix_datagrams_outlive_an_engine(struct fake_platform *p)
{
    begin_ready(p, "dies");
    send_unix(p, 50, 60); /* which the first one never reads */
    platform_answer_invoke(p, "r-1", 5000);
    platform_wait_log(p, "it exited with status 7", 1);
    send_unix(p, 50, 60);
    platform_wait_log(p, "engine: invoke r-1", 2);
    platform_runtime_done(p, "r-1");
    platform_expect(p, NEXT);
    REQUIRE(platform_count_log(p, "engine: unix 100 datagrams, 6000 bytes, 0 unread") == 1, "all of them");
    shut_down(p);
    clean_up(p);
}

void without_an_engine_unix_datagrams_are_counted(struct fake_platform *p)
{
    make_path(p);
    launch_list(p, false, (const char *const[]){variable, NULL});
    platform_init_phase(p, 200);
    int64_t from_ms = platform_now_ms();
    send_unix(p, 1000, 60);
    REQUIRE(platform_now_ms() - from_ms < BUSY_MS, "the senders were held");
    platform_send_datagram(p, "m:1|c");
    platform_answer_shutdown(p, 2000);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    REQUIRE(platform_count_log(p, "; 1001 datagrams received and lost") == 1, "of both sockets");
    clean_up(p);
}

void what_a_stubborn_engine_left_of_the_unix_socket_is_counted(struct fake_platform *p)
{
    begin_ready(p, "stubborn");
    send_unix(p, 100, 60);
    (void)invoke(p, "r"); /* reads them */
    send_unix(p, 23, 60);
    platform_answer_shutdown(p, 400);
    REQUIRE(platform_wait_end(p) == 0, "exit status");
    REQUIRE(platform_count_log(p, "; 23 datagrams received and lost") == 1, "what nobody read, and no more");
    clean_up(p);
}

void a_unix_socket_is_enough(struct fake_platform *p)
{
    make_path(p);
    launch_list(p, true, (const char *const[]){variable, "DD_DOGSTATSD_PORT=0", "FAKE_ENGINE=good", NULL});
    platform_init_phase(p, 202);
    platform_wait_log(p, "engine: registered", 1);
    REQUIRE(strstr(p->log, "io.dogsled.ExtensionMain --no-udp --begin=") != NULL && strstr(p->log, " --unix\n") != NULL, "arguments");
    send_unix(p, 3, 60);
    platform_answer_invoke(p, "r", 5000);
    platform_expect(p, NEXT);
    REQUIRE(platform_count_log(p, "engine: unix 3 datagrams") == 1, "received");
    shut_down(p);
    clean_up(p);
}

void long_unix_datagrams_come_whole_or_are_counted(struct fake_platform *p)
{
    begin_ready(p, "good");
    send_unix(p, 1, 65536);
    send_unix(p, 1, 65537);
    send_unix(p, 1, 131072);
    (void)invoke(p, "r");
    REQUIRE(platform_count_log(p, "engine: unix 1 datagrams, 65536 bytes, 0 unread, 2 too long\n") == 1, "cut");
    shut_down(p);
    clean_up(p);
}

void an_unusable_path_is_told_and_left_alone(struct fake_platform *p)
{
    make_path(p);
    int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    launch(p, "good", variable);
    platform_init_phase(p, 200);
    platform_wait_log(p, "engine: registered", 1);
    REQUIRE(strstr(p->log, "\"unixError\":\"it exists and is not a socket\"") != NULL, "told");
    REQUIRE(strstr(p->log, "--unix") == NULL, "no pipe");
    REQUIRE(invoke(p, "r") < BUSY_MS, "works");
    shut_down(p);
    REQUIRE(lines_for_people(p) == 0, "the engine says it");
    REQUIRE(file >= 0 && close(file) == 0 && unlink(path) == 0 && rmdir(folder) == 0, "the file is still there");
}
