/*
 * The Unix datagram socket that the function may send its metrics to (DD_DOGSTATSD_SOCKET; Agent:
 * comp/dogstatsd/listeners/uds_common.go). The path may not exist, or be a socket that nobody has open any more; then
 * that one is removed. Everybody may write to it, nobody but us may read: mode 0722.
 */
#ifndef DOGSLED_UNIX_SOCKET_H
#define DOGSLED_UNIX_SOCKET_H

#include "settings.h"

struct unix_socket {
    int fd;         /* -1 if there is none */
    char path[SOCKET_PATH_BYTES];
    char error[64]; /* why there is none; "" if none is wanted */
};

/* Binds the path; "" = none is wanted. */
void unix_bind(struct unix_socket *unix_socket, const char *path);

/* Closes it and removes the file, unless another process has bound the path meanwhile. */
void unix_close(struct unix_socket *unix_socket);

#endif
