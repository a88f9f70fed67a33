/* The way of Unix datagrams into the engine's pipe, with the clock in the test's hand; and the socket's file. */
#include "check.h"

#include "../clock.h"
#include "../frames.h"
#include "../relay.h"
#include "../unix_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BIG = 60000, MANY = 20000 };

static int sender; /* the function's end of the socket */
static const int64_t START_NS = 5 * NS_PER_MS;

/* A relay whose socket is one of a pair, and the engine's end of its pipe. */
static int open_relay(struct relay *relay)
{
    int pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair) == 0, "socketpair");
    sender = pair[0];
    relay_init(relay, pair[1]);
    int engine = relay_open(relay);
    (void)fcntl(engine, F_SETFL, O_NONBLOCK);
    return engine;
}

static void close_relay(struct relay *relay, int engine)
{
    relay_close(relay);
    bytes_free(&relay->out);
    (void)close(relay->socket_fd);
    (void)close(sender);
    (void)close(engine);
}

static bool post(const char *data, size_t length)
{
    return send(sender, data, length, 0) == (ssize_t)length;
}

/* Reads whole frames until there are none; text gets, for each, its type as a digit and the first byte of its payload. */
static size_t read_frames(int engine, char *text, size_t capacity)
{
    static unsigned char payload[RELAY_DATAGRAM_MAX];
    unsigned char head[5];
    size_t frames = 0;
    for (; read(engine, head, 5) == 5; frames++) {
        size_t length = ((size_t)head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16) - 1, got = 0;
        for (ssize_t part; got < length && (part = read(engine, payload + got, length - got)) > 0;) {
            got += (size_t)part;
        }
        CHECK(got == length, "half a frame");
        if (2 * frames + 2 < capacity) {
            text[2 * frames] = (char)('0' + head[4]);
            text[2 * frames + 1] = length == 0 ? '-' : (char)payload[0];
            text[2 * frames + 2] = '\0';
        }
    }
    return frames;
}

static void a_marker_follows_what_came_before_it(void)
{
    struct relay relay;
    char text[64] = "";
    int engine = open_relay(&relay);
    CHECK(post("a", 1) && post("", 0) && post("b", 1), "send");
    relay_mark(&relay, "mmmmmmmm", 8, START_NS);
    CHECK(post("c", 1), "send");
    relay_step(&relay, START_NS);
    CHECK(read_frames(engine, text, sizeof text) == 4 && strcmp(text, "7a7b8m7c") == 0, "%s", text);
    CHECK(!relay_writes(&relay) && relay_reads(&relay, START_NS) && relay_due_ns(&relay, START_NS) == NEVER, "rest");
    close_relay(&relay, engine);
}

/* A pair has no bound of ten, so that there can be more than one step takes. */
static void a_marker_waits_until_the_socket_is_empty_or_has_changed(unsigned there, size_t least, size_t most)
{
    static char text[16384];
    struct relay relay;
    int engine = open_relay(&relay), size = 4194304;
    CHECK(setsockopt(sender, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) == 0, "SO_SNDBUF");
    for (unsigned i = 0; i < there; i++) {
        CHECK(post("d", 1), "%u", i);
    }
    relay_mark(&relay, "mmmmmmmm", 8, START_NS);
    for (int i = 0; i < 5 && relay.mark_length > 0; i++) {
        relay_step(&relay, START_NS);
    }
    relay_step(&relay, START_NS);
    (void)read_frames(engine, text, sizeof text);
    const char *mark = strstr(text, "8m");
    size_t before = mark == NULL ? 0 : (size_t)(mark - text) / 2;
    CHECK(before >= least && before <= most, "the marker came after %zu of %u", before, there);
    close_relay(&relay, engine);
}

static void what_was_not_read_to_its_end_is_the_successors(void)
{
    struct relay relay;
    char text[64] = "";
    int first = open_relay(&relay);
    CHECK(post("aaaa", 4) && post("bbbb", 4) && post("cccc", 4), "send");
    relay_mark(&relay, "mmmmmmmm", 8, START_NS);
    CHECK(read(first, text, 9 + 8) == 17, "all of the first, and of the second all but a byte");
    CHECK(post("dddd", 4), "send");
    relay_close(&relay);
    (void)close(first);
    relay_step(&relay, START_NS);
    CHECK(relay_holds(&relay), "kept");
    int second = relay_open(&relay);
    (void)fcntl(second, F_SETFL, O_NONBLOCK);
    relay_step(&relay, START_NS);
    CHECK(read_frames(second, text, sizeof text) == 3 && strcmp(text, "7b7c7d") == 0, "no marker: %s", text);
    close_relay(&relay, second);
}

/* Sends big datagrams until the relay takes no more; how many it took. */
static int fill(struct relay *relay, int64_t now_ns)
{
    static char big[BIG];
    int taken = 0;
    for (relay_step(relay, now_ns); relay_reads(relay, now_ns); taken++) {
        CHECK(post(big, sizeof big), "send");
        relay_step(relay, now_ns);
    }
    return taken;
}

static void swallow(int engine)
{
    char bytes[65536];
    while (read(engine, bytes, sizeof bytes) > 0) {
    }
}

static void a_sender_waits_for_a_tenth_of_a_second_and_no_longer(void)
{
    struct relay relay;
    const int64_t over_ns = START_NS + 100 * NS_PER_MS;
    int engine = open_relay(&relay);
    int taken = fill(&relay, START_NS);
    CHECK(taken >= 15 && taken <= 17, "about a MiB, but %d", taken);
    CHECK(post("x", 1), "send");
    relay_step(&relay, START_NS);
    CHECK(relay.unread == 0 && relay_due_ns(&relay, START_NS) == over_ns, "the sender waits");
    CHECK(!relay_reads(&relay, over_ns - 1) && relay_reads(&relay, over_ns), "until then");
    relay_thaw(&relay, 7);
    CHECK(!relay_reads(&relay, over_ns + 6) && relay_reads(&relay, over_ns + 7), "a freeze does not count");
    relay_step(&relay, over_ns + 7);
    CHECK(relay.unread == 1 && relay_due_ns(&relay, over_ns + 7) == NEVER, "dropped and counted");
    swallow(engine);
    CHECK(post("y", 1), "send");
    relay_step(&relay, over_ns + 8);
    CHECK(relay.unread == 1 && relay_reads(&relay, over_ns + 8), "there is room again");
    relay_mark(&relay, "mmmmmmmm", 8, over_ns + 9);
    for (int i = 0; i < 100 && relay_writes(&relay); i++) {
        swallow(engine);
        relay_step(&relay, over_ns + 9);
    }
    CHECK(relay.unread == 0 && !relay_writes(&relay), "told");
    close_relay(&relay, engine);
}

static void losses_are_told_before_the_marker(void)
{
    static char too_long[RELAY_DATAGRAM_MAX + 1];
    struct relay relay;
    unsigned char told[21], text[64];
    int engine = open_relay(&relay);
    CHECK(post(too_long, sizeof too_long), "send");
    relay_step(&relay, START_NS);
    relay.unread = 513;
    relay_mark(&relay, "mmmmmmmm", 8, START_NS);
    CHECK(read(engine, told, 21) == 21 && told[4] == FRAME_LOST, "first the losses");
    CHECK(told[5] == 1 && told[6] == 2 && told[13] == 1 && told[14] == 0, "513 unread, one too long");
    CHECK(read(engine, text, sizeof text) == 13 && text[4] == FRAME_MARKER, "then the marker");
    CHECK(relay_lost(&relay) == 0, "told once");
    close_relay(&relay, engine);
}

static void without_hope_everything_is_counted(void)
{
    struct relay relay;
    int engine = open_relay(&relay);
    CHECK(post("a", 1) && post("b", 1), "send");
    relay_step(&relay, START_NS);
    relay_close(&relay);
    relay_give_up(&relay);
    CHECK(relay.unread == 2 && !relay_holds(&relay), "both");
    CHECK(post("c", 1), "send");
    CHECK(relay_reads(&relay, START_NS), "nobody waits");
    relay_step(&relay, START_NS);
    CHECK(post("d", 1), "send");
    CHECK(relay_lost(&relay) == 4 && relay_lost(&relay) == 4, "with what is still in the socket");
    close_relay(&relay, engine);
}

/* However the engine reads, and however often it dies: each frame once, in order. */
static void nothing_is_lost_or_doubled(void)
{
    struct relay relay;
    unsigned next = 0, expected = 0, seed = 7;
    unsigned char frame[9];
    size_t have = 0;
    int engine = open_relay(&relay);
    while (expected < MANY) {
        for (int i = 0; next < MANY && i < 400 && post((const char *)&next, sizeof next); i++) {
            next++;
        }
        relay_step(&relay, START_NS);
        seed = seed * 1103515245U + 12345U;
        ssize_t got;
        for (unsigned left = seed >> 16 & 4095; left > 0 && (got = read(engine, frame + have, 9 - have)) > 0; left--) {
            unsigned number;
            have += (size_t)got;
            memcpy(&number, frame + 5, sizeof number);
            if (have == sizeof frame) {
                CHECK(number == expected, "%u in the place of %u", number, expected);
                expected++;
                have = 0;
            }
        }
        if ((seed >> 8 & 15) == 0) {
            relay_close(&relay);
            (void)close(engine);
            engine = relay_open(&relay);
            (void)fcntl(engine, F_SETFL, O_NONBLOCK);
            have = 0; /* half a frame died with it, and comes again */
        }
    }
    CHECK(relay.unread == 0, "%u lost", (unsigned)relay.unread);
    close_relay(&relay, engine);
}

static void a_file_is_bound_replaced_or_left_alone(void)
{
    struct unix_socket first, second;
    char path[SOCKET_PATH_BYTES] = "/tmp/dogsled-unit-XXXXXX";
    CHECK(mkdtemp(path) != NULL, "mkdtemp");
    size_t folder = strlen(path);
    (void)strcat(path, "/s");
    struct stat there;
    unix_bind(&first, path);
    CHECK(first.fd >= 0 && first.error[0] == '\0', "%s", first.error);
    CHECK(stat(path, &there) == 0 && (there.st_mode & 07777) == 0722 && S_ISSOCK(there.st_mode), "%o", there.st_mode);
    unix_bind(&second, path);
    CHECK(second.fd == -1 && strcmp(second.error, "Address already in use") == 0, "'%s'", second.error);
    unix_close(&second);
    CHECK(stat(path, &there) == 0, "it never was the second one's");
    (void)close(first.fd);
    unix_bind(&second, path);
    CHECK(second.fd >= 0, "a stale one is replaced: %s", second.error);
    first.fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    unix_close(&first);
    CHECK(stat(path, &there) == 0, "somebody else's by now");
    unix_close(&second);
    CHECK(stat(path, &there) != 0 && errno == ENOENT, "removed");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int stream = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(stream, (struct sockaddr *)&address, sizeof address) == 0 && listen(stream, 1) == 0, "%s", strerror(errno));
    unix_bind(&second, path);
    CHECK(second.fd == -1 && strcmp(second.error, "Address already in use") == 0, "another kind: '%s'", second.error);
    CHECK(stat(path, &there) == 0, "left alone");
    (void)close(stream);
    (void)unlink(path);
    int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    unix_bind(&second, path);
    CHECK(file >= 0 && second.fd == -1 && strcmp(second.error, "it exists and is not a socket") == 0, "'%s'", second.error);
    CHECK(stat(path, &there) == 0 && S_ISREG(there.st_mode), "a file is left alone");
    (void)close(file);
    (void)unlink(path);
    unix_bind(&second, "/nonexistent/s");
    CHECK(second.fd == -1 && strcmp(second.error, "No such file or directory") == 0, "'%s'", second.error);
    unix_bind(&second, "");
    CHECK(second.fd == -1 && second.error[0] == '\0', "none is wanted");
    path[folder] = '\0';
    (void)rmdir(path);
}

void relay_tests(void)
{
    a_marker_follows_what_came_before_it();
    a_marker_waits_until_the_socket_is_empty_or_has_changed(700, 700, 700);
    a_marker_waits_until_the_socket_is_empty_or_has_changed(2500, 1024, 1024 + 256);
    what_was_not_read_to_its_end_is_the_successors();
    a_sender_waits_for_a_tenth_of_a_second_and_no_longer();
    losses_are_told_before_the_marker();
    without_hope_everything_is_counted();
    nothing_is_lost_or_doubled();
    a_file_is_bound_replaced_or_left_alone();
}
