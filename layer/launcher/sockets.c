#include "sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { WANTED_BUFFER_BYTES = 4194304, BACKLOG = 16 };

static bool parse_literal(struct endpoint *endpoint, const char *host, uint16_t port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
        memcpy(&endpoint->address, &v4, sizeof v4);
        endpoint->length = sizeof v4;
        return true;
    }
    if (inet_pton(AF_INET6, host, &v6.sin6_addr) == 1) {
        memcpy(&endpoint->address, &v6, sizeof v6);
        endpoint->length = sizeof v6;
        return true;
    }
    return false;
}

/* One line of /etc/hosts: an address, then names. Destroys the line. */
static bool line_names(char *line, const char *host)
{
    char *place = NULL;
    line[strcspn(line, "#")] = '\0';
    (void)strtok_r(line, " \t\r\n", &place);
    for (char *name; (name = strtok_r(NULL, " \t\r\n", &place)) != NULL;) {
        if (strcasecmp(name, host) == 0) {
            return true;
        }
    }
    return false;
}

static bool look_up(struct endpoint *endpoint, const char *host, uint16_t port)
{
    char line[512];
    bool found = false;
    FILE *hosts = fopen("/etc/hosts", "re");
    while (hosts != NULL && !found && fgets(line, sizeof line, hosts) != NULL) {
        found = line_names(line, host) && parse_literal(endpoint, line, port); /* strtok ended the address in place */
    }
    if (hosts != NULL) {
        (void)fclose(hosts);
    }
    return found;
}

static bool resolve(struct endpoint *endpoint, const char *host, uint16_t port)
{
    memset(&endpoint->address, 0, sizeof endpoint->address);
    if (strcasecmp(host, "localhost") == 0) {
        host = "127.0.0.1";
    }
    return *host != '\0' && (parse_literal(endpoint, host, port) || look_up(endpoint, host, port));
}

bool endpoint_parse(struct endpoint *endpoint, const char *text)
{
    char host[ENDPOINT_TEXT_MAX];
    const char *colon = strrchr(text, ':');
    size_t length = strlen(text);
    if (colon == NULL || length >= sizeof host || strpbrk(text, " \t\r\n/@") != NULL) {
        return false;
    }
    char *end = NULL;
    long port = strtol(colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || port < 1 || port > 65535) {
        return false;
    }
    memcpy(endpoint->text, text, length + 1);
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    size_t host_length = strlen(host);
    if (host_length > 2 && host[0] == '[' && host[host_length - 1] == ']') {
        host[host_length - 1] = '\0';
        return resolve(endpoint, host + 1, (uint16_t)port);
    }
    return resolve(endpoint, host, (uint16_t)port);
}

int endpoint_connect(const struct endpoint *endpoint)
{
    int fd = socket(endpoint->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    if (connect(fd, (const struct sockaddr *)&endpoint->address, endpoint->length) != 0 && errno != EINPROGRESS) {
        int error = errno;
        (void)close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* At the same place in both families. */
static uint16_t port_of(const struct sockaddr_storage *address)
{
    struct sockaddr_in v4;
    memcpy(&v4, address, sizeof v4);
    return ntohs(v4.sin_port);
}

static uint16_t bound_port(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    memset(&address, 0, sizeof address);
    return getsockname(fd, (struct sockaddr *)&address, &length) == 0 ? port_of(&address) : 0;
}

/* Asks for a large queue; the kernel clips to net.core.rmem_max without a word, so the result is read back. */
static int enlarge_queue(int fd, int wanted)
{
    int granted = 0;
    socklen_t length = sizeof granted;
    int bytes = wanted > 0 ? wanted : WANTED_BUFFER_BYTES;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); /* the default queue works too */
    (void)getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &granted, &length);
    return granted;
}

void udp_bind(struct udp *udp, const struct settings *settings)
{
    struct endpoint local = {.length = 0};
    *udp = (struct udp){.fd = -1, .self_fd = -1};
    if (!settings->udp_enabled) {
        return;
    }
    (void)parse_literal(&local, settings->bind_host, settings->udp_port); /* settings.c takes nothing else */
    udp->fd = socket(local.address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (udp->fd >= 0 && bind(udp->fd, (const struct sockaddr *)&local.address, local.length) == 0) {
        udp->receive_buffer_bytes = enlarge_queue(udp->fd, settings->receive_buffer_bytes);
        udp->port = bound_port(udp->fd);
        return;
    }
    (void)snprintf(udp->error, sizeof udp->error, "%s", strerror(errno));
    if (udp->fd >= 0) {
        (void)close(udp->fd);
        udp->fd = -1;
    }
}

/* Connected to where the UDP socket is bound; loopback where it is bound to every address. */
static int open_self(const struct udp *udp)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    struct endpoint to = {.length = 0};
    memset(&address, 0, sizeof address);
    if (getsockname(udp->fd, (struct sockaddr *)&address, &length) != 0) {
        return -1;
    }
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    memcpy(&v4, &address, sizeof v4);
    memcpy(&v6, &address, sizeof v6);
    if (address.ss_family == AF_INET && v4.sin_addr.s_addr == htonl(INADDR_ANY)) {
        (void)parse_literal(&to, "127.0.0.1", udp->port);
    } else if (address.ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr)) {
        (void)parse_literal(&to, "::1", udp->port);
    } else {
        memcpy(&to.address, &address, sizeof address);
        to.length = length;
    }
    int fd = socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&to.address, to.length) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

bool udp_send_to_self(struct udp *udp, const void *data, size_t count)
{
    if (udp->fd < 0) {
        return false;
    }
    if (udp->self_fd < 0) {
        udp->self_fd = open_self(udp);
        udp->self_port = udp->self_fd < 0 ? 0 : bound_port(udp->self_fd);
    }
    return udp->self_fd >= 0 && send(udp->self_fd, data, count, MSG_DONTWAIT) == (ssize_t)count;
}

ssize_t udp_receive(const struct udp *udp, void *data, size_t capacity, bool *own)
{
    struct sockaddr_storage from;
    socklen_t length = sizeof from;
    if (udp->self_port == 0) { /* nobody to be told from others, and the address costs time */
        *own = false;
        return recv(udp->fd, data, capacity, MSG_DONTWAIT);
    }
    memset(&from, 0, sizeof from);
    ssize_t received = recvfrom(udp->fd, data, capacity, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
    *own = received >= 0 && port_of(&from) == udp->self_port;
    return received;
}

uint64_t udp_kernel_drops(const struct udp *udp)
{
    uint32_t info[SK_MEMINFO_VARS] = {0};
    socklen_t length = sizeof info;
    if (udp->fd < 0 || getsockopt(udp->fd, SOL_SOCKET, SO_MEMINFO, info, &length) != 0) {
        return 0;
    }
    return info[SK_MEMINFO_DROPS];
}

static int listen_on(const struct sockaddr *address, socklen_t length)
{
    int off = 0;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    if (address->sa_family == AF_INET6) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off); /* IPv4 comes in here as well */
    }
    if (bind(fd, address, length) != 0 || listen(fd, BACKLOG) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

int listen_everywhere(uint16_t *port)
{
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT};
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    int fd = listen_on((const struct sockaddr *)&v6, sizeof v6);
    if (fd < 0) {
        fd = listen_on((const struct sockaddr *)&v4, sizeof v4); /* a kernel without IPv6 */
    }
    *port = fd < 0 ? 0 : bound_port(fd);
    return fd;
}
