#include "exchange.h"

#include "clock.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { REQUEST_LIMIT = 65536, ANSWER_LIMIT = 2097152 - 64, READ_SIZE = 16384 };

void exchange_init(struct exchange *exchange)
{
    memset(exchange, 0, sizeof *exchange);
    exchange->fd = -1;
}

static void disconnect(struct exchange *exchange)
{
    if (exchange->fd >= 0) {
        (void)close(exchange->fd);
        exchange->fd = -1;
    }
}

static void fail(struct exchange *exchange, int error)
{
    disconnect(exchange);
    exchange->error = error;
    exchange->state = EXCHANGE_FAILED;
}

/* A kept connection is good only if nothing waits on it: neither a close nor bytes that nobody asked for. */
static bool still_good(int fd)
{
    char byte;
    return fd >= 0 && recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void exchange_begin(struct exchange *exchange, const struct endpoint *peer, const char *request, size_t length)
{
    exchange->error = 0;
    exchange->cut = false;
    http_reset(&exchange->answer, HTTP_RESPONSE, ANSWER_LIMIT);
    bytes_clear(&exchange->out);
    if (!bytes_append(&exchange->out, request, length, REQUEST_LIMIT)) {
        fail(exchange, ENOMEM);
        return;
    }
    if (!still_good(exchange->fd)) {
        disconnect(exchange);
        exchange->fd = endpoint_connect(peer);
        if (exchange->fd < 0) {
            fail(exchange, errno);
            return;
        }
    }
    exchange->state = EXCHANGE_SENDING;
    exchange_step(exchange);
}

short exchange_events(const struct exchange *exchange)
{
    if (exchange->state == EXCHANGE_SENDING) {
        return POLLOUT;
    }
    return exchange->state == EXCHANGE_READING ? POLLIN : 0;
}

static void send_more(struct exchange *exchange)
{
    while (exchange->out.length > 0) {
        ssize_t sent = send(exchange->fd, bytes_front(&exchange->out), exchange->out.length, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EINTR) {
                continue;
            }
            if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOTCONN) {
                fail(exchange, errno);
            }
            return;
        }
        bytes_consume(&exchange->out, (size_t)sent);
    }
    exchange->state = EXCHANGE_READING;
}

static void finish(struct exchange *exchange, bool left_over)
{
    if (exchange->answer.state == HTTP_BAD) {
        fail(exchange, 0);
        return;
    }
    exchange->state = EXCHANGE_DONE;
    if (exchange->answer.closes || left_over) {
        disconnect(exchange);
    }
}

static void read_more(struct exchange *exchange)
{
    char buffer[READ_SIZE];
    int on = 1;
    /* A server that sends head and body in two segments would wait 40 ms for our acknowledgement of the first. */
    (void)setsockopt(exchange->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    struct http_message *answer = &exchange->answer;
    while (answer->state < HTTP_DONE) {
        ssize_t got = recv(exchange->fd, buffer, sizeof buffer, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            if (errno != EAGAIN && errno != EWOULDBLOCK) {
                fail(exchange, errno);
            }
            return;
        }
        if (got == 0) {
            http_feed_end(answer);
            exchange->cut = answer->state == HTTP_BAD;
            break;
        }
        size_t used = http_feed(answer, buffer, (size_t)got);
        while (used < (size_t)got && answer->state < HTTP_DONE) {
            used += http_feed(answer, buffer + used, (size_t)got - used);
        }
        if (used < (size_t)got) {
            finish(exchange, true);
            return;
        }
    }
    finish(exchange, false);
}

void exchange_step(struct exchange *exchange)
{
    if (exchange->state == EXCHANGE_SENDING) {
        send_more(exchange);
    }
    if (exchange->state == EXCHANGE_READING) {
        read_more(exchange);
    }
}

const char *exchange_trouble(const struct exchange *exchange)
{
    if (exchange->error != 0) {
        return strerror(exchange->error);
    }
    if (exchange->cut) {
        return exchange->answer.head_bytes == 0 ? "connection closed" : "connection closed within the answer";
    }
    return exchange->answer.head_bytes > HTTP_HEAD_MAX ? "the head of the answer is too long" : "the answer is not HTTP";
}

void exchange_finish(struct exchange *exchange, int64_t deadline_ns, const struct companion *companion)
{
    while (exchange_events(exchange) != 0) {
        int64_t now_ns = clock_mono_ns();
        if (now_ns >= deadline_ns) {
            fail(exchange, ETIMEDOUT);
            return;
        }
        struct pollfd places[3] = {{.fd = exchange->fd, .events = exchange_events(exchange)}, {.fd = -1}, {.fd = -1}};
        if (companion != NULL) {
            companion->watch(companion->context, places + 1);
        }
        if (poll(places, 3, clock_poll_ms(deadline_ns, now_ns, 1000)) < 0 && errno != EINTR) {
            fail(exchange, errno);
            return;
        }
        exchange_step(exchange);
        if (companion != NULL) {
            companion->step(companion->context);
        }
    }
}
