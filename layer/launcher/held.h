/*
 * Datagrams taken out of the UDP socket while no engine lives: kept in order, up to 1 MiB, for the engine that comes
 * next; counted beyond that. Never used while an engine lives, because the socket is the engine's then.
 */
#ifndef DOGSLED_HELD_H
#define DOGSLED_HELD_H

#include "bytes.h"
#include "engine.h"

#include <stdbool.h>
#include <stdint.h>

struct held {
    struct bytes store;  /* u32 length in this machine's order, then the datagram; one after the other */
    uint64_t count;      /* datagrams in store */
    uint64_t dropped;    /* datagrams taken out and not kept, since the last hand-over */
};

/* Empties the socket's queue, at most a few thousand datagrams a call; keeps nothing once keep is false. */
void held_drain(struct held *held, int fd, bool keep);

/* Sends everything as `held` frames, oldest first, and is empty. */
void held_hand_over(struct held *held, struct engine *engine);

/* Nobody will ever want them: count them as dropped. */
void held_discard(struct held *held);

#endif
