#include "unix_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

enum { WITHOUT_0722 = 0055 };

static int new_socket(void)
{
    return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int fail(struct unix_socket *unix_socket, const char *reason)
{
    (void)snprintf(unix_socket->error, sizeof unix_socket->error, "%s", reason);
    return -1;
}

/* 0 if the path is free now. The Agent removes any socket; one that another process reads is left alone here. */
static int free_path(struct unix_socket *unix_socket, const struct sockaddr_un *address)
{
    struct stat there;
    if (lstat(address->sun_path, &there) != 0) {
        return errno == ENOENT ? 0 : fail(unix_socket, strerror(errno));
    }
    if (!S_ISSOCK(there.st_mode)) {
        return fail(unix_socket, "it exists and is not a socket");
    }
    int probe = new_socket();
    if (probe < 0) {
        return fail(unix_socket, strerror(errno));
    }
    bool stale = connect(probe, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
    (void)close(probe);
    if (!stale) {
        return fail(unix_socket, strerror(EADDRINUSE));
    }
    return unlink(address->sun_path) == 0 ? 0 : fail(unix_socket, strerror(errno));
}

/* With the mode from the first moment on: a chmod afterwards would leave a gap. */
static int bind_it(struct unix_socket *unix_socket, const struct sockaddr_un *address)
{
    int fd = new_socket();
    mode_t before = umask(WITHOUT_0722);
    bool bound = fd >= 0 && bind(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    int error = errno;
    (void)umask(before);
    if (bound) {
        return fd;
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return fail(unix_socket, strerror(error));
}

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    return address;
}

void unix_bind(struct unix_socket *unix_socket, const char *path)
{
    struct sockaddr_un address = address_of(path);
    memset(unix_socket, 0, sizeof *unix_socket);
    unix_socket->fd = -1;
    if (*path == '\0') {
        return;
    }
    (void)snprintf(unix_socket->path, sizeof unix_socket->path, "%s", path);
    if (free_path(unix_socket, &address) == 0) {
        unix_socket->fd = bind_it(unix_socket, &address);
    }
}

void unix_close(struct unix_socket *unix_socket)
{
    struct sockaddr_un address = address_of(unix_socket->path);
    if (unix_socket->fd >= 0) {
        (void)close(unix_socket->fd);
        unix_socket->fd = -1;
        (void)free_path(unix_socket, &address); /* ours is stale now */
    }
}
