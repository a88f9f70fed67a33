#include "telemetry.h"

#include "sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RANDOM_BYTES = 16, READ_SIZE = 65536, READS_A_TURN = 4 };

/* "/t/" and 32 random hexadecimal digits. */
static bool make_path(char *path)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char random[RANDOM_BYTES];
    if (getrandom(random, sizeof random, GRND_NONBLOCK) != (ssize_t)sizeof random) {
        return false;
    }
    memcpy(path, "/t/", 3);
    for (size_t i = 0; i < sizeof random; i++) {
        path[3 + 2 * i] = digits[random[i] >> 4];
        path[4 + 2 * i] = digits[random[i] & 15];
    }
    path[3 + 2 * sizeof random] = '\0';
    return true;
}

void telemetry_open(struct telemetry *telemetry, telemetry_handler *on_batch, void *context)
{
    memset(telemetry, 0, sizeof *telemetry);
    telemetry->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    telemetry->on_batch = on_batch;
    telemetry->context = context;
    for (size_t i = 0; i < TELEMETRY_CONNECTIONS; i++) {
        telemetry->connections[i].fd = -1;
    }
    telemetry->listen_fd = make_path(telemetry->path) ? listen_everywhere(&telemetry->port) : -1;
}

static void release(struct telemetry_connection *connection)
{
    (void)close(connection->fd);
    http_free(&connection->request);
    connection->fd = -1;
}

/* A free place, or that of the connection that has been quiet longest. */
static struct telemetry_connection *free_place(struct telemetry *telemetry)
{
    struct telemetry_connection *oldest = &telemetry->connections[0];
    for (size_t i = 0; i < TELEMETRY_CONNECTIONS; i++) {
        struct telemetry_connection *connection = &telemetry->connections[i];
        if (connection->fd < 0) {
            return connection;
        }
        if (connection->used_ns < oldest->used_ns) {
            oldest = connection;
        }
    }
    release(oldest);
    return oldest;
}

static void expect_request(struct telemetry_connection *connection)
{
    http_reset(&connection->request, HTTP_REQUEST, TELEMETRY_BODY_MAX);
    connection->head_seen = false;
    connection->wanted = false;
}

/* Left in the queue, it would keep the listener readable, and the loop would spin. */
static void turn_away(struct telemetry *telemetry)
{
    if (telemetry->spare_fd >= 0) {
        (void)close(telemetry->spare_fd);
    }
    int fd = accept4(telemetry->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0) {
        (void)close(fd);
    }
    telemetry->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void telemetry_accept(struct telemetry *telemetry, int64_t now_ns)
{
    int fd = accept4(telemetry->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        if (errno == EMFILE) {
            turn_away(telemetry);
        }
        return;
    }
    struct telemetry_connection *connection = free_place(telemetry);
    memset(connection, 0, sizeof *connection);
    connection->fd = fd;
    connection->used_ns = now_ns;
    expect_request(connection);
}

static bool answer(const struct telemetry_connection *connection, const char *text)
{
    size_t length = strlen(text);
    return send(connection->fd, text, length, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)length;
}

static bool on_head(const struct telemetry *telemetry, struct telemetry_connection *connection)
{
    struct http_message *request = &connection->request;
    connection->head_seen = true;
    connection->wanted = strcmp(request->method, "POST") == 0 && strcmp(request->target, telemetry->path) == 0;
    if (!connection->wanted) {
        request->body_limit = 0;
    }
    return !request->expects_continue || request->state >= HTTP_DONE || answer(connection, "HTTP/1.1 100 Continue\r\n\r\n");
}

/* A complete request; false if the connection is of no more use. */
static bool on_request(struct telemetry *telemetry, struct telemetry_connection *connection)
{
    const struct http_message *request = &connection->request;
    bool open = !request->closes;
    if (connection->wanted && request->body_cut == 0) {
        telemetry->on_batch(telemetry->context, bytes_front(&request->body), request->body.length);
    }
    telemetry->oversized += connection->wanted && request->body_cut > 0;
    telemetry->refused += !connection->wanted;
    open = answer(connection, connection->wanted ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                                                 : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") &&
           open;
    expect_request(connection);
    return open;
}

static bool take(struct telemetry *telemetry, struct telemetry_connection *connection, const char *data, size_t count)
{
    struct http_message *request = &connection->request;
    while (count > 0) {
        size_t used = http_feed(request, data, count);
        data += used;
        count -= used;
        if (request->state == HTTP_BAD) {
            telemetry->refused++;
            (void)answer(connection, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return false;
        }
        if (!connection->head_seen && request->state > HTTP_FIELDS && !on_head(telemetry, connection)) {
            return false;
        }
        if (request->state == HTTP_DONE && !on_request(telemetry, connection)) {
            return false;
        }
    }
    return true;
}

void telemetry_read(struct telemetry *telemetry, size_t place, int64_t now_ns)
{
    static char buffer[READ_SIZE];
    struct telemetry_connection *connection = &telemetry->connections[place];
    connection->used_ns = now_ns;
    for (int i = 0; i < READS_A_TURN; i++) { /* bounded, so that no sender keeps the loop from its other work */
        ssize_t got = recv(connection->fd, buffer, sizeof buffer, 0);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
            return;
        }
        if (got <= 0 || !take(telemetry, connection, buffer, (size_t)got)) {
            release(connection);
            return;
        }
    }
}
