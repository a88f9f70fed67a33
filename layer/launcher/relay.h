/*
 * The way of a datagram into the engine that does not lead through its own read: out of the socket, into a pipe, as
 * frames. There are two of them.
 *
 *   function ──► Unix socket ──► out, at most 1 MiB ──► pipe ──► engine
 *                10 deep *       kept until read        64 KiB   (fd 5)       * net.unix.max_dgram_qlen
 *
 *   function ──► UDP socket ───► out, at most 4 MiB ──► pipe ──► engine
 *                277 deep *      while nobody reads     64 KiB   (fd 6)       * of 100 bytes, by default
 *
 * The JVM cannot read a Unix datagram socket (docs/decisions/009), so the launcher is its reader for ever. The UDP socket
 * it reads until the engine is ready and has caught up (docs/decisions/021): then the pipe ends, and the engine goes on
 * with the socket itself. Until then the one reader is the launcher, afterwards the engine, so the order is kept.
 *
 * - Nothing is lost as long as the engine reads: without room the socket is not read. Then a sender to the Unix socket
 *   waits, and the kernel drops and counts what comes to the UDP socket.
 * - Nobody waits for ever: an engine that has read nothing for 100 ms while there was no room costs the Unix datagrams
 *   that come, not the function's time. They are read, dropped and counted until there is room. So are all, of both
 *   sockets, once nobody will start an engine any more.
 * - A frame stays in out until the engine has read it; what a dead engine had not read is its successor's.
 * - A marker goes in when everything that was in the socket before it is in: an engine that has read it is drained.
 */
#ifndef DOGSLED_RELAY_H
#define DOGSLED_RELAY_H

#include "bytes.h"
#include "sockets.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RELAY_DATAGRAM_MAX = 65536, RELAY_MARK_MAX = 64 };

struct relay {
    int socket_fd;       /* read, and left open; -1 if there is none */
    const struct udp *udp; /* whose socket that is; NULL if it is the Unix socket */
    size_t limit;        /* bytes in out */
    int to_fd;           /* the pipe of the engine that lives; -1 without one */
    int look_fd;         /* UDP: the other end of it, to ask what was read after the hand-over; -1 when all was */
    struct bytes out;    /* whole frames, the oldest one that no engine has read first */
    size_t sent;         /* bytes of out that are in the pipe, or read */
    int64_t stuck_ns;    /* since when there has been no room and nothing was read; NEVER with room */
    bool given_up;       /* no engine will come */
    bool empty;          /* the socket was, when it was read last */
    bool waiting;        /* the engine is not ready: nothing goes into the pipe, which would keep the JVM from starting */
    bool closing;        /* the socket is not read any more, but what is in out goes on */
    int before_mark;     /* so many datagrams may still go before the marker, should the socket never be empty */
    size_t mark_length;  /* of the marker that waits; 0 = none */
    unsigned char mark[RELAY_MARK_MAX];
    uint64_t unread;     /* datagrams dropped because no engine read, told to nobody yet */
    uint64_t too_long;   /* datagrams of more than RELAY_DATAGRAM_MAX bytes, likewise */
    uint64_t entrusted;  /* datagrams that the engine that lives has read, and losses that only it was told of */
};

void relay_init(struct relay *relay, int socket_fd);
void relay_init_udp(struct relay *relay, const struct udp *udp);

/* A pipe for an engine that is about to start; its end of it, or -1 without a socket (or without descriptors). */
int relay_open(struct relay *relay);

/* The engine is gone: what it has not read waits for the next one. */
void relay_close(struct relay *relay);

/* The engine is ready: what was kept goes into the pipe. */
void relay_release(struct relay *relay, int64_t now_ns);

/*
 * The engine is to read the socket itself. True as soon as it can: out is in the pipe, which has ended, and the socket
 * was empty. With hurry that is not waited for: the socket is not read any more. What the engine then never reads of the
 * pipe is its successor's all the same.
 */
bool relay_hand_over(struct relay *relay, bool hurry);

/* After the hand-over, whenever the engine says something: lets go of what it has read. */
void relay_look(struct relay *relay);

/* The engine has worked on what it has read: from now on that is what it holds itself. */
void relay_settle(struct relay *relay);

/* The engine is gone, and what it had read and not worked on is lost. */
void relay_bereave(struct relay *relay);

/* What was lost and told to nobody; the engine that lives is told now. */
uint64_t relay_tell(struct relay *relay);

/* There will be no engine any more: everything is dropped and counted from now on. */
void relay_give_up(struct relay *relay);

/* What poll(2) is to watch, and until when at the latest it may wait (NEVER = for ever). */
bool relay_reads(const struct relay *relay, int64_t now_ns);
bool relay_writes(const struct relay *relay);
int64_t relay_due_ns(const struct relay *relay, int64_t now_ns);

/* Takes a bounded number of datagrams and writes what the pipe takes; after poll(2), for either side. */
void relay_step(struct relay *relay, int64_t now_ns);

/* The engine wants to be told when it has read what is in the socket now. A later marker takes the place of this one. */
void relay_mark(struct relay *relay, const void *data, size_t length, int64_t now_ns);

/* Everything stood still for this long: the engine could not read. */
void relay_thaw(struct relay *relay, int64_t gap_ns);

/* Whether datagrams wait here that no engine has read. */
bool relay_holds(const struct relay *relay);

/* At the end: what is still here and in the socket, and what was dropped and never told. */
uint64_t relay_lost(struct relay *relay);

#endif
