/*
 * Addresses and sockets. Names are not resolved over the network (the platform hands out literals): IPv4 and [IPv6]
 * literals, "localhost", and what /etc/hosts says. Every descriptor made here is close-on-exec.
 */
#ifndef DOGSLED_SOCKETS_H
#define DOGSLED_SOCKETS_H

#include "settings.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

enum { ENDPOINT_TEXT_MAX = 256 };

struct endpoint {
    struct sockaddr_storage address;
    socklen_t length;
    char text[ENDPOINT_TEXT_MAX]; /* as given; goes into the Host field */
};

/* Parses "host:port"; false if it is not one. */
bool endpoint_parse(struct endpoint *endpoint, const char *text);

/* A new stream socket that is being connected without blocking; -1 and errno. */
int endpoint_connect(const struct endpoint *endpoint);

/* The socket that the function sends its metrics to. */
struct udp {
    int fd;                   /* blocking, because the engine reads it so; -1 if there is none */
    int self_fd;              /* a second socket that sends to the first; opened when it is needed, else -1 */
    uint16_t self_port;       /* where that one sends from; 0 without it */
    uint16_t port;            /* 0 if there is none */
    int receive_buffer_bytes; /* what the kernel granted, in its own doubled way of counting */
    char error[64];           /* why there is none; "" if it is switched off */
};

void udp_bind(struct udp *udp, const struct settings *settings);

/* Sends one datagram to the socket itself, without blocking; false if it did not go out. */
bool udp_send_to_self(struct udp *udp, const void *data, size_t count);

/* Takes one datagram without waiting; -1 if there is none. own says whether udp_send_to_self sent it. */
ssize_t udp_receive(const struct udp *udp, void *data, size_t capacity, bool *own);

/* Datagrams the kernel dropped because the receive queue was full, since the socket exists; 0 if unknown. */
uint64_t udp_kernel_drops(const struct udp *udp);

/* A listening, non-blocking TCP socket on every address and an ephemeral port; -1 if there is none. */
int listen_everywhere(uint16_t *port);

#endif
