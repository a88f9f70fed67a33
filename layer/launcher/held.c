#include "held.h"

#include <string.h>

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

bool held_drain(struct held *held, const struct udp *udp, bool keep)
{
    static unsigned char datagram[DATAGRAM_MAX];
    int taken = 0;
    for (; udp->fd >= 0 && taken < DATAGRAMS_A_CALL; taken++) {
        bool own;
        ssize_t length = udp_receive(udp, datagram, sizeof datagram, &own);
        if (length < 0) {
            break; /* empty; other errors come back with the next call */
        }
        if (length > 0 && !own && (!keep || !keep_datagram(held, datagram, (uint32_t)length))) {
            held->dropped++;
        }
    }
    if (!keep) {
        held_discard(held);
    }
    return taken == DATAGRAMS_A_CALL;
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
    held->entrusted += held->count + held->dropped;
    held->count = 0;
    held->dropped = 0;
}

void held_settle(struct held *held)
{
    held->entrusted = 0;
}

void held_bereave(struct held *held)
{
    held->dropped += held->entrusted;
    held->entrusted = 0;
}

void held_discard(struct held *held)
{
    held->dropped += held->count;
    held->count = 0;
    bytes_free(&held->store);
}
