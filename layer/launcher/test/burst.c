/*
 * Measures how many datagrams of a function's init survive the start of the packaged engine. Usage:
 *   burst <layer> <count> <bytes each> <per second, 0 = as fast as it goes> <receive buffer asked for>
 * They are sent from the moment of registration on. One line: received, dropped by the kernel, ms until the engine was ready.
 */
#include "fake_platform.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BYTES_MAX = 65507 };

static struct fake_platform platform;

/* A port that is free now: the launcher tells its own only when the sender should be at work already. */
static uint16_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) != 0 || getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
        platform_fail(&platform, "no port");
    }
    (void)close(fd);
    return ntohs(address.sin_port);
}

static void send_all(uint16_t port, int count, size_t bytes, int64_t per_second)
{
    static char text[BYTES_MAX];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    memset(text, 'x', sizeof text);
    memcpy(text, "init.burst:1|c|#k:", 18);
    int64_t from_ms = platform_now_ms();
    for (int i = 0; i < count; i++) {
        while (per_second > 0 && platform_now_ms() - from_ms < i * 1000LL / per_second) {
            (void)usleep(50);
        }
        (void)sendto(fd, text, bytes, 0, (struct sockaddr *)&to, sizeof to);
    }
    _exit(0);
}

static long number_after(const char *text)
{
    const char *at = strstr(platform.log, text);
    return at == NULL ? -1 : atol(at + strlen(text));
}

int main(int argc, char **argv)
{
    char port_variable[40], buffer_variable[64];
    int status;
    if (argc != 6 || strtoul(argv[3], NULL, 10) > BYTES_MAX) {
        fprintf(stderr, "usage: burst <layer> <count> <bytes each> <per second> <receive buffer>\n");
        return 2;
    }
    uint16_t port = free_port();
    (void)snprintf(port_variable, sizeof port_variable, "DD_DOGSTATSD_PORT=%u", port);
    (void)snprintf(buffer_variable, sizeof buffer_variable, "DD_DOGSTATSD_SO_RCVBUF=%.20s", argv[5]);
    platform_open(&platform, "127.0.0.1");
    platform_launch(&platform, argv[1],
                    (const char *const[]){port_variable, buffer_variable, "DD_API_KEY=k", "DD_DD_URL=http://127.0.0.1:9",
                                          "DD_DOGSLED_CONTROL_PORT=0", NULL});
    platform_expect(&platform, "POST /2020-01-01/extension/register ");
    pid_t sender = fork();
    if (sender == 0) {
        send_all(port, atoi(argv[2]), strtoul(argv[3], NULL, 10), atoll(argv[4]));
    }
    platform_answer(&platform, 200, "Lambda-Extension-Identifier: 1\r\n", "{\"functionName\":\"f\",\"handler\":\"h\"}");
    platform_expect(&platform, "PUT /2022-07-01/telemetry ");
    platform_answer(&platform, 200, "", "\"OK\"");
    platform_expect(&platform, "GET /2020-01-01/extension/event/next ");
    (void)waitpid(sender, &status, 0);
    platform_wait_log(&platform, "engine ready", 1);
    platform_answer_shutdown(&platform, 5000);
    (void)platform_wait_end(&platform);
    printf("received %ld, dropped by the kernel %ld, registered after %ld ms, ready after %ld ms\n", number_after("\"received\":"),
           number_after("\"kernel_dropped\":"), number_after("registered "), number_after("engine ready "));
    return 0;
}
