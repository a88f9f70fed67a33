/*
 * Stands where the layer has jre/bin/java: reads frames from fd 3, writes frames to fd 4, and tells on stderr what it
 * saw, one line each, prefixed "engine: ". FAKE_ENGINE says how it behaves:
 *
 *   good        ready; done when telemetry reports the invocation (or at once without telemetry); exits at SHUTDOWN
 *   dies        exits with 7 at the first INVOKE; its successors (they see `restarted`) are good
 *   dies-always exits with 7 at each INVOKE
 *   fails       exits with 1 before it is ready
 *   slow        good, but ready only after 1.5 s
 *   unread      says ready after 300 ms and dies 300 ms later without having read anything; its successors are good
 *   hangs       never ready, never reads, never ends
 *   spins       never ready, never reads, and works without end
 *   marks-hangs ready, asks for a marker, then hangs
 *   silent      ready, then says nothing
 *   late        done only after 120 ms of its own time since telemetry reported the invocation
 *   stopped     ready, then stops itself
 *   nonsense    prints text into the pipe; its successors are good
 *   endless     ready, then writes frames without end; its successors are good
 *   holds-dies  says at the first INVOKE that it holds 258 samples, and dies
 *   forks       good, with a child that keeps its descriptors and does not end
 *   deaf        never reads
 *   stops-at-tick asks for a tick and stops itself when it comes; its successors are good
 *   stubborn    good, but does not leave at SHUTDOWN
 *   dies-stubborn dies at the first INVOKE; its successors are stubborn
 *   marks       at INVOKE asks for a marker and a tick, and is done when both came
 *   blind       good, but reads the datagrams of the Unix socket at SHUTDOWN only
 *
 * With --held it reads fd 6 to its end as soon as it has said ready, and tells what came.
 * With --unix it reads fd 5 whenever it would flush: up to the marker that it asks for. Then it tells what came.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAYLOAD_MAX = 4 * 1048576 };

static const char *mode;
static char request_id[128];
static bool successor, has_telemetry = true, has_unix, has_held;
static unsigned char payload[PAYLOAD_MAX + 1];

static bool is(const char *name)
{
    return strcmp(mode, name) == 0;
}

static void say(const char *what, const char *more)
{
    char line[1024];
    int length = snprintf(line, sizeof line, "engine: %s %.900s\n", what, more);
    if (write(2, line, (size_t)length) != length) {
        _exit(90);
    }
}

static void send_frame(unsigned char type, const void *data, uint32_t length)
{
    unsigned char frame[512] = {(unsigned char)(length + 1), 0, 0, 0, type};
    memcpy(frame + 5, data, length);
    if (write(4, frame, length + 5) != (ssize_t)(length + 5)) {
        _exit(91);
    }
}

static bool read_fully(int fd, unsigned char *at, size_t length)
{
    while (length > 0) {
        ssize_t got = read(fd, at, length);
        if (got <= 0) {
            return false;
        }
        at += got;
        length -= (size_t)got;
    }
    return true;
}

/* The value of a key, found the simple way: the tests send simple JSON. */
static void value_of(const char *key, const char *json, char *value, size_t capacity)
{
    const char *at = strstr(json, key);
    value[0] = '\0';
    if (at != NULL) {
        at += strlen(key);
        (void)snprintf(value, capacity, "%.*s", (int)strcspn(at, "\","), at);
    }
}

static void wait_forever(void)
{
    for (;;) {
        (void)pause();
    }
}

static void count_datagrams(void)
{
    char datagram[65536], text[32];
    int count = 0;
    while (recv(0, datagram, sizeof datagram, MSG_DONTWAIT) > 0) {
        count++;
    }
    (void)snprintf(text, sizeof text, "%d", count);
    say("datagrams", text);
}

static uint32_t number_at(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* What the launcher has read of the UDP socket; it ends when that is ours. */
static void read_held(void)
{
    unsigned char head[5];
    int count = 0;
    while (has_held && read_fully(6, head, 5)) {
        uint32_t length = number_at(head) - 1;
        if (length > PAYLOAD_MAX || head[4] != 7 || !read_fully(6, payload, length)) {
            _exit(95);
        }
        payload[length] = '\0';
        if (count++ < 20) {
            say("held", (char *)payload);
        }
    }
    if (has_held) {
        char text[32];
        (void)snprintf(text, sizeof text, "%d", count);
        say("held in all", text);
        (void)close(6);
    }
}

/* Everything up to our marker. */
static void drain_unix(void)
{
    static unsigned char data[PAYLOAD_MAX];
    static int drains;
    char marker[17], text[160];
    unsigned count = 0, bytes = 0, unread = 0, too_long = 0;
    if (!has_unix) {
        return;
    }
    (void)snprintf(marker, sizeof marker, "%08d%08d", getpid(), drains++);
    send_frame(20, marker, 16);
    for (bool marked = false; !marked;) {
        unsigned char head[5];
        if (!read_fully(5, head, 5) || number_at(head) > PAYLOAD_MAX || !read_fully(5, data, number_at(head) - 1)) {
            _exit(94);
        }
        count += head[4] == 7;
        bytes += head[4] == 7 ? number_at(head) - 1 : 0;
        unread += head[4] == 9 ? number_at(data) : 0;
        too_long += head[4] == 9 ? number_at(data + 8) : 0;
        marked = head[4] == 8 && number_at(head) == 17 && memcmp(data, marker, 16) == 0;
        if (head[4] == 8 && !marked) {
            say("STRANGE MARKER", "");
        }
    }
    (void)snprintf(text, sizeof text, "%u datagrams, %u bytes, %u unread, %u too long", count, bytes, unread, too_long);
    say("unix", text);
}

static void on_invoke(const char *json)
{
    value_of("\"requestId\":\"", json, request_id, sizeof request_id);
    say("invoke", request_id);
    if (is("dies-always") || ((is("dies") || is("dies-stubborn")) && !successor)) {
        _exit(7);
    }
    if (is("holds-dies") && !successor) {
        send_frame(21, "\2\1\0\0\0\0\0\0", 8);
        _exit(7);
    }
    if (is("marks")) {
        static const unsigned char soon[4] = {20, 0, 0, 0};
        char datagram[128] = "";
        send_frame(18, "0123456789abcdef", 16);
        ssize_t length = recv(0, datagram, sizeof datagram - 1, 0);
        say("marker", length == 16 ? datagram : "wrong");
        send_frame(19, soon, 4);
    } else if (!has_telemetry && !is("silent")) {
        drain_unix();
        send_frame(17, request_id, (uint32_t)strlen(request_id));
    }
}

static void on_event(const char *json)
{
    if (strstr(json, "\"eventType\":\"SHUTDOWN\"") == NULL) {
        on_invoke(json);
        return;
    }
    say("shutdown", "");
    if (is("stubborn") || is("dies-stubborn")) {
        wait_forever();
    }
    drain_unix();
    count_datagrams();
    _exit(0);
}

static void on_telemetry(const char *json)
{
    say("telemetry", json);
    if (strstr(json, "platform.runtimeDone") == NULL || strstr(json, request_id) == NULL || is("silent") || is("marks")) {
        return;
    }
    for (int i = 0; is("late") && i < 12; i++) { /* in steps, so that being stopped does not count as working */
        (void)poll(NULL, 0, 10);
    }
    if (!is("blind")) {
        drain_unix();
    }
    send_frame(17, request_id, (uint32_t)strlen(request_id));
}

static void on_frame(unsigned char type, uint32_t length)
{
    char *text = (char *)payload;
    payload[length] = '\0';
    if (type == 1) {
        say("registered", text + 1);
        if (is("stops-at-tick") && !successor) {
            send_frame(19, "\24\0\0\0", 4);
        }
        has_telemetry = strstr(text + 1, "\"telemetryStatus\":200") != NULL;
    } else if (type == 2) {
        on_event(text + 8);
    } else if (type == 3) {
        on_telemetry(text + 8);
    } else if (type == 5) {
        char dropped[32];
        (void)snprintf(dropped, sizeof dropped, "restarted after %u dropped:", number_at(payload));
        say(dropped, text + 8);
        successor = true;
    } else if (type == 6) {
        say("tick", "");
        if (is("stops-at-tick")) {
            (void)raise(SIGSTOP);
        }
        send_frame(17, request_id, (uint32_t)strlen(request_id));
    }
}

static void tell_surroundings(int argc, char **argv)
{
    char text[900] = "", directory[512] = "?";
    for (int i = 1; i < argc; i++) {
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), " %s", argv[i]);
        has_unix = has_unix || strcmp(argv[i], "--unix") == 0;
        has_held = has_held || strcmp(argv[i], "--held") == 0;
    }
    say("arguments", text);
    const char *folder = getcwd(directory, sizeof directory) == NULL ? NULL : strrchr(directory, '/');
    say("directory", folder == NULL ? "?" : folder);
    int extra = 0;
    for (int fd = 5; fd < 256; fd++) {
        bool ours = (fd == 5 && has_unix) || (fd == 6 && has_held);
        extra += fcntl(fd, F_GETFD) >= 0 && !ours;
    }
    say(extra == 0 ? "descriptors" : "LEAKED DESCRIPTORS", "");
    for (char **variable = environ; *variable != NULL; variable++) {
        static const char *const dropped[] = {"JAVA_TOOL_OPTIONS=", "_JAVA_OPTIONS=", "JDK_", "LD_", "GLIBC_", "MALLOC_", "CLASSPATH="};
        for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++) {
            if (strncmp(*variable, dropped[i], strlen(dropped[i])) == 0) {
                say("LEAKED VARIABLE", *variable);
            }
        }
    }
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action;
        sigset_t blocked;
        bool ignored = sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
        if (ignored || (sigprocmask(SIG_BLOCK, NULL, &blocked) == 0 && sigismember(&blocked, number) == 1)) {
            say("LEAKED SIGNAL", strsignal(number));
        }
    }
    (void)snprintf(text, sizeof text, "%d", (int)getpid());
    say("process", text);
    say(getpgrp() == getpgid(getppid()) ? "group" : "OTHER GROUP", "");
}

int main(int argc, char **argv)
{
    mode = getenv("FAKE_ENGINE") == NULL ? "good" : getenv("FAKE_ENGINE");
    tell_surroundings(argc, argv);
    if (is("fails")) {
        _exit(1);
    }
    if (is("hangs")) {
        wait_forever();
    }
    for (volatile unsigned turns = 0; is("spins");) {
        turns++;
    }
    if (is("slow")) {
        say("starting", "");
        (void)poll(NULL, 0, 1500);
    }
    for (int i = 1; i < argc; i++) {
        successor = successor || strcmp(argv[i], "--successor") == 0;
    }
    if (is("unread") && !successor) {
        say("starting", "");
        (void)poll(NULL, 0, 300);
        send_frame(16, "", 0);
        (void)poll(NULL, 0, 300);
        _exit(7);
    }
    if (is("nonsense") && !successor) {
        (void)!write(4, "hello, this is a log line\n", 26);
        wait_forever();
    }
    send_frame(16, "", 0);
    if (is("marks-hangs")) {
        send_frame(18, "0123456789abcdef", 16);
        say("asked for a marker", "");
        wait_forever();
    }
    while (is("endless") && !successor) {
        send_frame(19, "\xff\xff\xff\x7f", 4);
    }
    if (is("forks") && fork() == 0) {
        wait_forever();
    }
    if (is("deaf")) {
        wait_forever();
    }
    if (is("stopped")) {
        (void)raise(SIGSTOP);
    }
    read_held();
    for (;;) {
        unsigned char head[5];
        if (!read_fully(3, head, 5)) {
            _exit(92);
        }
        uint32_t length = number_at(head) - 1;
        if (length > PAYLOAD_MAX || !read_fully(3, payload, length)) {
            _exit(93);
        }
        on_frame(head[4], length);
    }
}
