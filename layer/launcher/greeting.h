/* The payload of the `registered` frame: what the engine is told first. */
#ifndef DOGSLED_GREETING_H
#define DOGSLED_GREETING_H

#include "bytes.h"
#include "platform.h"
#include "sockets.h"
#include "unix_socket.h"

#include <stdint.h>

void greeting_write(struct bytes *payload, const struct platform *platform, const struct udp *udp,
                    const struct unix_socket *unix_socket, int64_t exec_ns);

#endif
