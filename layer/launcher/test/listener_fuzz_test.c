/*
 * Damaged posts against the telemetry listener itself, over real connections and in pieces. Whatever comes, bodies are handed
 * on only up to the limit, and a good post is answered afterwards. DOGSLED_SEED and DOGSLED_ROUNDS as in fuzz_test.c.
 */
#include "check.h"

#include "../clock.h"
#include "../telemetry.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROUNDS = 3000, ROUNDS_BETWEEN_GOOD_ONES = 100, POST_MAX = 1024, IDLE = 24 };

static const char *const HEADS[] = {
    "POST %s HTTP/1.1\r\nHost: s\r\nContent-Length: 4\r\n\r\n[{}]",
    "POST %s HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n2;a=b\r\n[]\r\n0\r\nT: r\r\n\r\n",
    "POST %s HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n[]POST %s HTTP/1.1\r\nContent-Length: 2\r\n\r\n[]",
    "GET %s HTTP/1.1\r\nContent-Length: 2\r\n\r\n[]PUT / HTTP/1.1\r\n\r\n",
};

static uint64_t random_state;
static size_t handed_on;
static int idle[IDLE]; /* 0 = none */

static uint32_t below(uint32_t bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % bound;
}

static void on_batch(void *context, const void *body, size_t length)
{
    (void)context;
    CHECK(length <= TELEMETRY_BODY_MAX && (body != NULL || length == 0), "%zu bytes", length);
    handed_on++;
}

static int dial(const struct telemetry *telemetry)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(telemetry->port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0, "connect");
    return fd;
}

/* One turn of the launcher's loop. */
static void turn(struct telemetry *telemetry, int64_t now_ns)
{
    for (size_t i = 0; i < TELEMETRY_CONNECTIONS; i++) {
        struct pollfd place = {.fd = telemetry->connections[i].fd, .events = POLLIN};
        if (place.fd >= 0 && poll(&place, 1, 0) == 1) {
            telemetry_read(telemetry, i, now_ns);
        }
    }
    struct pollfd listener = {.fd = telemetry->listen_fd, .events = POLLIN};
    if (poll(&listener, 1, 0) == 1) {
        telemetry_accept(telemetry, now_ns);
    }
}

/* Without TIME_WAIT: a long run would need more ports than there are. */
static void drop(int fd)
{
    const struct linger at_once = {.l_onoff = 1};
    if (fd > 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        (void)close(fd);
    }
}

static void post_damaged(struct telemetry *telemetry, int64_t round)
{
    static const char meaningful[] = "\r\n:;, 0123456789abcdefx-+\0\x80\t";
    char text[POST_MAX];
    int length = snprintf(text, sizeof text, HEADS[below(4)], telemetry->path, telemetry->path), fd = dial(telemetry);
    for (uint32_t i = below(5); i > 0; i--) {
        text[below((uint32_t)length)] = meaningful[below(sizeof meaningful)];
    }
    for (int sent = 0; sent < length;) {
        int piece = (int)below((uint32_t)(length - sent)) + 1;
        if (send(fd, text + sent, (size_t)piece, MSG_NOSIGNAL) != piece) {
            break; /* refused already */
        }
        sent += piece;
        turn(telemetry, round);
    }
    turn(telemetry, round);
    if (below(4) == 0) { /* it stays, more of them than there are places: the quietest makes room */
        int *stays = &idle[below(IDLE)], before = *stays;
        *stays = fd;
        fd = before;
    }
    drop(fd);
}

static void a_good_post_is_answered(struct telemetry *telemetry, int64_t round)
{
    char text[POST_MAX];
    int length = snprintf(text, sizeof text, HEADS[0], telemetry->path), fd = dial(telemetry);
    size_t before = handed_on;
    CHECK(send(fd, text, (size_t)length, MSG_NOSIGNAL) == length, "send");
    struct pollfd answer = {.fd = fd, .events = POLLIN};
    for (int i = 0; i < 5000 && poll(&answer, 1, 1) == 0; i++) { /* what an idle one left may come in between */
        turn(telemetry, round);
    }
    CHECK(recv(fd, text, sizeof text, MSG_DONTWAIT) > 12 && memcmp(text + 9, "200", 3) == 0, "round %d", (int)round);
    CHECK(handed_on > before, "answered, and not handed on");
    drop(fd);
}

void listener_fuzz_tests(void)
{
    static struct telemetry telemetry;
    const char *chosen = getenv("DOGSLED_SEED"), *longer = getenv("DOGSLED_ROUNDS");
    uint64_t seed = chosen != NULL ? strtoull(chosen, NULL, 10) : (uint64_t)clock_mono_ns() | 1;
    long rounds = longer != NULL ? strtol(longer, NULL, 10) / 20 : ROUNDS; /* each is some twenty times dearer than one there */
    int failed_before = checks_failed;
    random_state = seed;
    telemetry_open(&telemetry, on_batch, NULL);
    for (long round = 0; round < rounds && checks_failed == failed_before; round++) {
        post_damaged(&telemetry, round);
        if (round % ROUNDS_BETWEEN_GOOD_ONES == 0) {
            a_good_post_is_answered(&telemetry, round);
        }
    }
    for (size_t i = 0; i < TELEMETRY_CONNECTIONS; i++) {
        if (telemetry.connections[i].fd >= 0) {
            (void)close(telemetry.connections[i].fd);
            http_free(&telemetry.connections[i].request);
        }
    }
    for (size_t i = 0; i < IDLE; i++) {
        drop(idle[i]);
        idle[i] = 0;
    }
    (void)close(telemetry.listen_fd);
    (void)close(telemetry.spare_fd);
    CHECK(handed_on > 0, "nothing got through");
    if (checks_failed != failed_before) {
        fprintf(stderr, "repeat with DOGSLED_SEED=%llu\n", (unsigned long long)seed);
    }
}
