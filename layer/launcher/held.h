/*
 * Datagrams taken out of the UDP socket while no engine lives: kept in order, up to 1 MiB, for the engine that comes
 * next; counted beyond that. Never used while an engine lives, because the socket is the engine's then.
 *
 * What was handed over is only entrusted: it counts as lost if that engine dies before it has finished an invocation.
 */
#ifndef DOGSLED_HELD_H
#define DOGSLED_HELD_H

#include "bytes.h"
#include "engine.h"
#include "sockets.h"

#include <stdbool.h>
#include <stdint.h>

struct held {
    struct bytes store;  /* u32 length in this machine's order, then the datagram; one after the other */
    uint64_t count;      /* datagrams in store */
    uint64_t dropped;    /* datagrams lost that no engine has been told of */
    uint64_t entrusted;  /* datagrams and losses that only the engine that lives now knows of */
};

/*
 * Empties the socket's queue, at most a few thousand datagrams a call; true if there may be more. Keeps nothing once
 * keep is false. The markers that we sent ourselves are neither kept nor counted.
 */
bool held_drain(struct held *held, const struct udp *udp, bool keep);

/* Sends everything as `held` frames, oldest first, and is empty. */
void held_hand_over(struct held *held, struct engine *engine);

/* The engine has worked on what it was handed: from now on that is what it holds itself. */
void held_settle(struct held *held);

/* The engine has died: what it had been handed and did not work on is lost. */
void held_bereave(struct held *held);

/* Nobody will ever want them: count them as dropped. */
void held_discard(struct held *held);

#endif
