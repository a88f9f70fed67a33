#include "held.h"

#include <string.h>
#include <sys/socket.h>

enum { STORE_MAX = 1048576, DATAGRAM_MAX = 65536, DATAGRAMS_A_CALL = 4096 };

static bool keep_datagram(struct held *held, const void *data, uint32_t length)
{
    if (held->store.length + sizeof length + length > STORE_MAX) {
        return false;
    }
    size_t before = held->store.length;
    if (bytes_append(&held->store, &length, sizeof length, STORE_MAX) &&
        bytes_append(&held->store, data, length, STORE_MAX)) {
        held->count++;
        return true;
    }
    held->store.length = before;
    return false;
}

void held_drain(struct held *held, int fd, bool keep)
{
    static unsigned char datagram[DATAGRAM_MAX];
    for (int i = 0; fd >= 0 && i < DATAGRAMS_A_CALL; i++) {
        ssize_t length = recv(fd, datagram, sizeof datagram, MSG_DONTWAIT);
        if (length < 0) {
            break; /* empty; other errors come back with the next call */
        }
        if (length > 0 && (!keep || !keep_datagram(held, datagram, (uint32_t)length))) {
            held->dropped++;
        }
    }
    if (!keep) {
        held_discard(held);
    }
}

void held_hand_over(struct held *held, struct engine *engine)
{
    while (held->store.length > 0) {
        uint32_t length;
        memcpy(&length, bytes_front(&held->store), sizeof length);
        struct frame frame = {.type = FRAME_HELD, .data = bytes_front(&held->store) + sizeof length, .length = length};
        engine_send(engine, &frame);
        bytes_consume(&held->store, sizeof length + length);
    }
    bytes_free(&held->store);
    held->count = 0;
    held->dropped = 0;
}

void held_discard(struct held *held)
{
    held->dropped += held->count;
    held->count = 0;
    bytes_free(&held->store);
}
