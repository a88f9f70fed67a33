/* The UDP socket's datagrams while no engine reads them itself: kept in order, handed over once, bounded, counted. */
#include "check.h"

#include "../clock.h"
#include "../frames.h"
#include "../relay.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static const int64_t START_NS = 5 * NS_PER_MS;
static struct udp udp;
static int sender;

static int open_pipe(struct relay *held)
{
    int engine = relay_open(held);
    (void)fcntl(engine, F_SETFL, O_NONBLOCK);
    return engine;
}

static int open_held(struct relay *held)
{
    struct settings settings = {.udp_enabled = true, .bind_host = "127.0.0.1"};
    udp_bind(&udp, &settings);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(udp.port)};
    sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(connect(sender, (struct sockaddr *)&to, sizeof to) == 0, "connect");
    relay_init_udp(held, &udp);
    return open_pipe(held);
}

static void close_held(struct relay *held, int engine)
{
    relay_close(held);
    bytes_free(&held->out);
    (void)close(udp.fd);
    (void)close(udp.self_fd);
    (void)close(sender);
    (void)close(engine);
}

static void post(const char *text)
{
    CHECK(send(sender, text, strlen(text), 0) == (ssize_t)strlen(text), "send");
}

/* The payloads of the frames in the pipe, one behind the other; "." at its end. */
static const char *read_all(int engine, size_t capacity)
{
    static char text[256];
    size_t length = 0;
    unsigned char head[5];
    ssize_t got;
    while ((got = read(engine, head, sizeof head)) == 5 && length + head[0] < capacity) {
        CHECK(head[4] == FRAME_DATAGRAM || head[4] == FRAME_MARKER, "type %d", head[4]);
        length += (size_t)read(engine, text + length, (size_t)head[0] - 1);
    }
    text[length] = got == 0 ? '.' : '\0';
    text[length + (got == 0)] = '\0';
    return text;
}

static void an_engine_that_starts_is_left_alone_and_then_told_everything_first(void)
{
    struct relay held;
    int engine = open_held(&held);
    post("a");
    post("b");
    relay_step(&held, START_NS);
    CHECK(!relay_writes(&held) && relay_reads(&held, START_NS), "kept, not written");
    CHECK(strcmp(read_all(engine, 200), "") == 0, "nothing yet");
    post("c");
    relay_release(&held, START_NS);
    CHECK(relay_hand_over(&held, false), "all is in the pipe and the socket is empty");
    post("d");
    CHECK(strcmp(read_all(engine, 200), "abc.") == 0, "%s", read_all(engine, 200));
    char rest[8] = "";
    CHECK(recv(udp.fd, rest, sizeof rest, MSG_DONTWAIT) == 1 && *rest == 'd', "what came later is in the socket: %s", rest);
    relay_look(&held);
    CHECK(!relay_holds(&held) && relay_lost(&held) == 0, "nothing is kept twice");
    close_held(&held, engine);
}

static void a_marker_comes_through_the_pipe_until_the_socket_is_handed_over(void)
{
    struct relay held;
    int engine = open_held(&held);
    post("a");
    relay_release(&held, START_NS);
    post("b");
    relay_mark(&held, "mmmmmmmm", 8, START_NS);
    CHECK(relay_hand_over(&held, false), "over");
    CHECK(strcmp(read_all(engine, 200), "abmmmmmmmm.") == 0, "order");
    close_held(&held, engine);
}

/* One that never read, one that died with it, one that finished. */
static void what_an_engine_did_not_finish_is_kept_or_counted(void)
{
    struct relay held;
    int engine = open_held(&held);
    post("a");
    relay_step(&held, START_NS);
    relay_bereave(&held);
    (void)close(engine);
    CHECK(relay_holds(&held) && held.unread == 0, "not even written: the successor's");
    engine = open_pipe(&held);
    post("b");
    relay_release(&held, START_NS);
    CHECK(relay_hand_over(&held, false), "over");
    relay_look(&held);
    relay_settle(&held);
    CHECK(relay_holds(&held) && held.entrusted == 0, "in the pipe, and nobody read it");
    relay_bereave(&held);
    (void)close(engine);
    CHECK(relay_holds(&held) && held.unread == 0, "still the successor's");
    engine = open_pipe(&held);
    relay_release(&held, START_NS);
    CHECK(relay_hand_over(&held, false) && strcmp(read_all(engine, 200), "ab.") == 0, "both");
    relay_look(&held);
    CHECK(!relay_holds(&held) && held.look_fd < 0 && held.entrusted == 2, "%u", (unsigned)held.entrusted);
    relay_bereave(&held);
    (void)close(engine);
    CHECK(held.unread == 2 && !relay_holds(&held), "lost with it");
    CHECK(relay_tell(&held) == 2 && held.unread == 0 && held.entrusted == 2, "told, but only to this one");
    relay_settle(&held);
    engine = open_pipe(&held);
    relay_bereave(&held);
    CHECK(held.unread == 0, "the one before had finished");
    close_held(&held, engine);
}

static void a_marker_of_a_dead_engine_is_not_its_successors(void)
{
    struct relay held;
    int engine = open_held(&held);
    CHECK(udp_send_to_self(&udp, "mmmmmmmm", 8), "marker");
    post("a");
    relay_release(&held, START_NS);
    CHECK(relay_hand_over(&held, false) && strcmp(read_all(engine, 200), "a.") == 0, "only what was sent to us");
    close_held(&held, engine);
}

static void beyond_the_bound_it_is_the_kernel_that_drops_and_counts(void)
{
    static char big[60000];
    struct relay held;
    int engine = open_held(&held);
    uint64_t sent = 0;
    for (; sent < 400; sent++) { /* 24 MB, of which 4 MiB are kept, and the socket holds at most 8 */
        CHECK(send(sender, big, sizeof big, 0) == (ssize_t)sizeof big, "send");
        relay_step(&held, START_NS);
    }
    CHECK(!relay_reads(&held, START_NS) && relay_due_ns(&held, START_NS + 9999 * NS_PER_MS) == NEVER, "not read any more");
    CHECK(held.out.length <= 4194304 && held.unread == 0, "%zu bytes", held.out.length);
    uint64_t kernel = udp_kernel_drops(&udp);
    uint32_t info[SK_MEMINFO_VARS];
    socklen_t length = sizeof info;
    bool told = getsockopt(udp.fd, SOL_SOCKET, SO_MEMINFO, info, &length) == 0 && length == sizeof info; /* qemu-user does not know it */
    CHECK(kernel > 0 || !told, "no drops");
    relay_bereave(&held);
    CHECK(relay_lost(&held) + kernel == sent || !told, "%u of %u", (unsigned)(held.unread + kernel), (unsigned)sent);
    close_held(&held, engine);
}

static void a_flood_does_not_keep_the_launcher_for_ever(void)
{
    struct relay held;
    int engine = open_held(&held);
    relay_release(&held, START_NS);
    for (int i = 0; i < 300; i++) { /* more than one step takes */
        post("f");
    }
    relay_step(&held, START_NS);
    CHECK(!relay_hand_over(&held, false), "the socket is not empty");
    CHECK(relay_hand_over(&held, true), "over all the same");
    char rest;
    CHECK(recv(udp.fd, &rest, 1, MSG_DONTWAIT) == 1, "the rest is the engine's");
    close_held(&held, engine);
}

void held_tests(void)
{
    an_engine_that_starts_is_left_alone_and_then_told_everything_first();
    a_marker_comes_through_the_pipe_until_the_socket_is_handed_over();
    what_an_engine_did_not_finish_is_kept_or_counted();
    a_marker_of_a_dead_engine_is_not_its_successors();
    beyond_the_bound_it_is_the_kernel_that_drops_and_counts();
    a_flood_does_not_keep_the_launcher_for_ever();
}
