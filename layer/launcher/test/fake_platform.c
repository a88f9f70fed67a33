#include "fake_platform.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DEADLINE_MS = 10000 };

int64_t platform_now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int64_t wall_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void platform_fail(struct fake_platform *platform, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "  FAILED: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n  last request: %.200s\n  log:\n%s\n", platform->request, platform->log);
    va_end(arguments);
    if (platform->launcher > 0) {
        (void)kill(-platform->launcher, SIGKILL);
    }
    exit(1);
}

void platform_open_deaf(struct fake_platform *platform, const char *address)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    bool is_v4 = inet_pton(AF_INET, address, &v4.sin_addr) == 1;
    struct sockaddr *local = is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
    socklen_t length = is_v4 ? sizeof v4 : sizeof v6;
    (void)inet_pton(AF_INET6, address, &v6.sin6_addr);
    memset(platform, 0, sizeof *platform);
    platform->connection_fd = -1;
    platform->log_fd = -1;
    platform->listen_fd = socket(local->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (platform->listen_fd < 0 || bind(platform->listen_fd, local, length) != 0 ||
        getsockname(platform->listen_fd, local, &length) != 0) {
        platform_fail(platform, "bind to %s: %s", address, strerror(errno));
    }
    unsigned port = ntohs(is_v4 ? v4.sin_port : v6.sin6_port);
    (void)snprintf(platform->api, sizeof platform->api, is_v4 ? "%s:%u" : "[%s]:%u", address, port);
}

void platform_listen(struct fake_platform *platform)
{
    if (listen(platform->listen_fd, 4) != 0) {
        platform_fail(platform, "listen: %s", strerror(errno));
    }
}

void platform_open(struct fake_platform *platform, const char *address)
{
    platform_open_deaf(platform, address);
    platform_listen(platform);
}

/* Unless it has been given already. */
static size_t add_variable(const char **variables, size_t count, const char *variable)
{
    size_t name = strcspn(variable, "=") + 1;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(variables[i], variable, name) == 0) {
            return count;
        }
    }
    variables[count] = variable;
    return count + 1;
}

void platform_launch(struct fake_platform *platform, const char *layer, const char *const *environment)
{
    char program[512], api[96];
    const char *const defaults[] = {api, "DD_DOGSTATSD_PORT=__random__", "JAVA_TOOL_OPTIONS=-bad", "LD_LIBRARY_PATH=/nowhere",
                                    "DD_LOG_LEVEL=debug"};
    const char *variables[32]; /* the first of two with the same name counts */
    size_t count = 0;
    int log[2];
    (void)snprintf(program, sizeof program, "%s/extensions/dogsled", layer);
    (void)snprintf(api, sizeof api, "AWS_LAMBDA_RUNTIME_API=%.40s", platform->api);
    for (size_t i = 0; environment[i] != NULL && count < 24; i++) {
        count = add_variable(variables, count, environment[i]);
    }
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        count = add_variable(variables, count, defaults[i]);
    }
    variables[count] = NULL;
    if (pipe2(log, O_CLOEXEC) != 0) {
        platform_fail(platform, "pipe: %s", strerror(errno));
    }
    platform->launcher = fork();
    if (platform->launcher == 0) {
        (void)setpgid(0, 0);
        (void)dup2(log[1], 1);
        (void)dup2(log[1], 2);
        (void)close(0);
        (void)!chdir("/");
        const char *argv0 = platform->argv0 != NULL ? platform->argv0 : "/opt/extensions/my-dd.sh";
        if (platform->prepare != NULL) {
            platform->prepare();
        }
        const char *emulator = getenv("DOGSLED_EMULATOR"); /* for a launcher of another architecture: qemu-user */
        if (emulator != NULL) {
            (void)execle(emulator, emulator, "-0", argv0, program, (char *)NULL, variables);
        }
        (void)execle(program, argv0, (char *)NULL, variables);
        _exit(127);
    }
    (void)close(log[1]);
    platform->log_fd = log[0];
    (void)fcntl(log[0], F_SETFL, O_NONBLOCK);
}

static void read_log(struct fake_platform *platform)
{
    size_t room = sizeof platform->log - 1 - platform->log_length;
    ssize_t got;
    while (platform->log_fd >= 0 && (got = read(platform->log_fd, platform->log + platform->log_length, room)) > 0) {
        platform->log_length += (size_t)got;
        platform->log[platform->log_length] = '\0';
        room -= (size_t)got;
    }
}

/* One step of waiting for anything; fails when the deadline is over. */
static void wait_readable(struct fake_platform *platform, int fd, int64_t until_ms, const char *what)
{
    int64_t left_ms = until_ms - platform_now_ms();
    if (left_ms <= 0) {
        platform_fail(platform, "waited too long for %s", what);
    }
    struct pollfd places[2] = {{.fd = fd, .events = POLLIN}, {.fd = platform->log_fd, .events = POLLIN}};
    (void)poll(places, 2, left_ms < 20 ? (int)left_ms : 20);
    read_log(platform);
}

static bool readable(int fd)
{
    struct pollfd place = {.fd = fd, .events = POLLIN};
    return fd >= 0 && poll(&place, 1, 0) == 1;
}

static void drop_connection(struct fake_platform *platform)
{
    if (platform->connection_fd >= 0) {
        (void)close(platform->connection_fd);
        platform->connection_fd = -1;
    }
}

/* True when request holds one complete message. */
static bool complete(const char *request, size_t length)
{
    const char *end = strstr(request, "\r\n\r\n");
    const char *field = strcasestr(request, "content-length:");
    size_t body = field != NULL && field < end ? strtoul(field + 15, NULL, 10) : 0;
    return end != NULL && length >= (size_t)(end + 4 - request) + body;
}

bool platform_request_within(struct fake_platform *platform, int ms)
{
    int64_t until_ms = platform_now_ms() + ms;
    size_t length = 0;
    memset(platform->request, 0, sizeof platform->request);
    while (!complete(platform->request, length)) {
        if (platform_now_ms() >= until_ms) {
            return false;
        }
        bool waiting = readable(platform->listen_fd);
        if (waiting && (platform->connection_fd < 0 || length == 0)) { /* a new connection replaces one that is idle */
            drop_connection(platform);
            platform->connection_fd = accept4(platform->listen_fd, NULL, NULL, SOCK_CLOEXEC);
        }
        if (!readable(platform->connection_fd)) {
            wait_readable(platform, platform->connection_fd >= 0 ? platform->connection_fd : platform->listen_fd, until_ms + 1000,
                          "a request");
            continue;
        }
        ssize_t got = recv(platform->connection_fd, platform->request + length, sizeof platform->request - 1 - length, 0);
        if (got <= 0) {
            drop_connection(platform);
            length = 0;
            memset(platform->request, 0, sizeof platform->request);
        } else {
            length += (size_t)got;
        }
    }
    read_log(platform); /* what was said before the request was sent */
    return true;
}

void platform_expect(struct fake_platform *platform, const char *start)
{
    if (!platform_request_within(platform, DEADLINE_MS)) {
        platform_fail(platform, "no request %s", start);
    }
    if (strncmp(platform->request, start, strlen(start)) != 0) {
        platform_fail(platform, "expected %s", start);
    }
}

void platform_answer_raw(struct fake_platform *platform, const char *text, size_t length, bool close_it)
{
    if (send(platform->connection_fd, text, length, MSG_NOSIGNAL) != (ssize_t)length) {
        platform_fail(platform, "answer: %s", strerror(errno));
    }
    if (close_it) {
        drop_connection(platform);
    }
}

void platform_answer(struct fake_platform *platform, int status, const char *fields, const char *body)
{
    char text[4096];
    int length = snprintf(text, sizeof text, "HTTP/1.1 %d X\r\n%sContent-Length: %zu\r\n\r\n%s", status, fields, strlen(body), body);
    platform_answer_raw(platform, text, (size_t)length, false);
}

void platform_answer_invoke(struct fake_platform *platform, const char *request_id, int deadline_in_ms)
{
    char body[256];
    (void)snprintf(body, sizeof body, "{\"eventType\":\"INVOKE\",\"requestId\":\"%s\",\"deadlineMs\":%lld,\"x\":{}}", request_id,
                   (long long)wall_ms() + deadline_in_ms);
    platform_answer(platform, 200, "Lambda-Extension-Event-Identifier: e\r\n", body);
}

void platform_answer_shutdown(struct fake_platform *platform, int deadline_in_ms)
{
    char body[256];
    (void)snprintf(body, sizeof body, "{\"eventType\":\"SHUTDOWN\",\"shutdownReason\":\"spindown\",\"deadlineMs\":%lld}",
                   (long long)wall_ms() + deadline_in_ms);
    platform_answer(platform, 200, "Content-Type: text/plain; charset=utf-8\r\n", body);
}

/* Takes port and path out of the subscription. */
static void read_destination(struct fake_platform *platform)
{
    const char *uri = strstr(platform->request, "http://sandbox.localdomain:");
    char *end = NULL;
    unsigned long port = uri == NULL ? 0 : strtoul(uri + 27, &end, 10);
    if (port == 0 || *end != '/') {
        platform_fail(platform, "no destination in the subscription");
    }
    platform->telemetry_port = (uint16_t)port;
    (void)snprintf(platform->telemetry_path, sizeof platform->telemetry_path, "%.*s", (int)strcspn(end, "\""), end);
}

void platform_init_phase(struct fake_platform *platform, int telemetry_status)
{
    platform_expect(platform, "POST /2020-01-01/extension/register ");
    platform_answer(platform, 200, "lambda-EXTENSION-identifier: 11-22\r\n", "{\"functionName\":\"f\",\"handler\":\"\"}");
    platform_expect(platform, "PUT /2022-07-01/telemetry ");
    read_destination(platform);
    platform_answer(platform, telemetry_status, "", "\"OK\"");
    platform_expect(platform, "GET /2020-01-01/extension/event/next ");
}

int platform_connect(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

int platform_post(struct fake_platform *platform, const char *path, const char *body, size_t length)
{
    char text[512];
    int status = 0, fd = platform_connect(platform->telemetry_port);
    int head = snprintf(text, sizeof text, "POST %s HTTP/1.1\r\nHost: sandbox\r\nContent-Length: %zu\r\n\r\n", path, length);
    if (fd < 0 || send(fd, text, (size_t)head, MSG_NOSIGNAL) != head) {
        platform_fail(platform, "cannot post: %s", strerror(errno));
    }
    for (size_t sent = 0; sent < length;) {
        ssize_t count = send(fd, body + sent, length - sent, MSG_NOSIGNAL);
        if (count <= 0) {
            platform_fail(platform, "cannot post: %s", strerror(errno));
        }
        sent += (size_t)count;
    }
    int64_t until_ms = platform_now_ms() + DEADLINE_MS;
    while (!readable(fd)) {
        wait_readable(platform, fd, until_ms, "an answer to a post");
    }
    ssize_t got = recv(fd, text, sizeof text - 1, 0);
    if (got > 0) {
        text[got] = '\0';
        (void)sscanf(text, "HTTP/1.1 %d", &status);
    }
    (void)close(fd);
    return status;
}

void platform_runtime_done(struct fake_platform *platform, const char *request_id)
{
    char body[256];
    (void)snprintf(body, sizeof body, "[{\"time\":\"t\",\"type\":\"platform.runtimeDone\",\"record\":{\"requestId\":\"%s\"}}]", request_id);
    if (platform_post(platform, platform->telemetry_path, body, strlen(body)) != 200) {
        platform_fail(platform, "telemetry was not taken");
    }
}

int platform_count_log(struct fake_platform *platform, const char *text)
{
    int count = 0;
    read_log(platform);
    for (const char *at = platform->log; (at = strstr(at, text)) != NULL; at += strlen(text)) {
        count++;
    }
    return count;
}

void platform_wait_log(struct fake_platform *platform, const char *text, int count)
{
    int64_t until_ms = platform_now_ms() + DEADLINE_MS;
    while (platform_count_log(platform, text) < count) {
        wait_readable(platform, -1, until_ms, text);
    }
}

void platform_send_datagram(struct fake_platform *platform, const char *text)
{
    if (platform->udp_port == 0) {
        platform_wait_log(platform, "UDP port ", 1);
        platform->udp_port = (uint16_t)strtoul(strstr(platform->log, "UDP port ") + 9, NULL, 10);
    }
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(platform->udp_port)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || sendto(fd, text, strlen(text), 0, (struct sockaddr *)&to, sizeof to) != (ssize_t)strlen(text)) {
        platform_fail(platform, "datagram: %s", strerror(errno));
    }
    (void)close(fd);
}

int platform_wait_end(struct fake_platform *platform)
{
    int64_t until_ms = platform_now_ms() + DEADLINE_MS;
    while (!platform->ended) {
        platform->ended = waitpid(platform->launcher, &platform->status, WNOHANG) == platform->launcher;
        if (!platform->ended) {
            wait_readable(platform, -1, until_ms, "the launcher's end");
        }
    }
    read_log(platform);
    return WIFEXITED(platform->status) ? WEXITSTATUS(platform->status) : -WTERMSIG(platform->status);
}
