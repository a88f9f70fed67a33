#include "relay.h"

#include "clock.h"
#include "frames.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    OUT_MAX = 1048576,
    UDP_OUT_MAX = 4194304,   /* 40,000 datagrams of 100 bytes */
    LARGEST_FRAME = 5 + RELAY_DATAGRAM_MAX,
    DATAGRAMS_A_STEP = 256,  /* then the loop looks at everything else */
    LOOK_ABOVE = 65536,      /* to ask the pipe what was read is a system call: not for less than it holds */
    MARK_DATAGRAMS = 1024,   /* more than can have been in the socket: net.unix.max_dgram_qlen is 10, or 512 with systemd */
    UDP_MARK_DATAGRAMS = 16384, /* likewise: 8 MiB, and the kernel counts at least 768 bytes for each */
    LAST_STEPS = 64          /* a bound, should somebody still be sending */
};

static const int64_t PATIENCE_NS = 100 * NS_PER_MS;

void relay_init(struct relay *relay, int socket_fd)
{
    memset(relay, 0, sizeof *relay);
    relay->socket_fd = socket_fd;
    relay->limit = OUT_MAX;
    relay->to_fd = -1;
    relay->look_fd = -1;
    relay->stuck_ns = NEVER;
}

void relay_init_udp(struct relay *relay, const struct udp *udp)
{
    relay_init(relay, udp->fd);
    relay->udp = udp;
    relay->limit = UDP_OUT_MAX;
}

int relay_open(struct relay *relay)
{
    int ends[2];
    if (relay->socket_fd < 0 || pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    (void)fcntl(ends[1], F_SETFL, O_NONBLOCK);
    relay->to_fd = ends[1];
    relay->look_fd = relay->udp == NULL ? -1 : fcntl(ends[0], F_DUPFD_CLOEXEC, 0);
    relay->stuck_ns = NEVER;
    relay->closing = false;
    relay->waiting = relay->udp != NULL;
    return ends[0];
}

/* ---- what is kept ---- */

static uint64_t number_at(const unsigned char *bytes, size_t count)
{
    uint64_t number = 0;
    for (size_t i = count; i > 0; i--) {
        number = number << 8 | bytes[i - 1];
    }
    return number;
}

static size_t frame_bytes(const unsigned char *frame)
{
    return 4 + (size_t)number_at(frame, 4);
}

/* Whatever the next datagram is, it fits. */
static bool has_room(const struct relay *relay)
{
    return relay->out.length + LARGEST_FRAME <= relay->limit;
}

static uint64_t told_lost(const unsigned char *frame, size_t at)
{
    return frame[4] == FRAME_LOST ? number_at(frame + at, 8) : 0;
}

/* The oldest frame is in the engine. */
static void entrust(struct relay *relay)
{
    const unsigned char *frame = bytes_front(&relay->out);
    relay->entrusted += (frame[4] == FRAME_DATAGRAM) + told_lost(frame, 5) + told_lost(frame, 13);
    bytes_consume(&relay->out, frame_bytes(frame));
}

/* Forgets the frames that the engine has read to their last byte. */
static void forget_read(struct relay *relay)
{
    int in_pipe = 0, fd = relay->to_fd >= 0 ? relay->to_fd : relay->look_fd;
    if (fd < 0 || ioctl(fd, FIONREAD, &in_pipe) != 0 || (size_t)in_pipe > relay->sent) {
        return;
    }
    size_t read = relay->sent - (size_t)in_pipe;
    bool any = false;
    while (relay->out.length > 0 && frame_bytes(bytes_front(&relay->out)) <= read) {
        size_t size = frame_bytes(bytes_front(&relay->out));
        entrust(relay);
        relay->sent -= size;
        read -= size;
        any = true;
    }
    if (any) {
        relay->stuck_ns = NEVER;
    }
}

static void write_on(struct relay *relay)
{
    while (relay_writes(relay)) {
        ssize_t written =
            write(relay->to_fd, bytes_front(&relay->out) + relay->sent, relay->out.length - relay->sent);
        if (written >= 0) {
            relay->sent += (size_t)written;
        } else if (errno != EINTR) {
            if (errno != EAGAIN && errno != EWOULDBLOCK) {
                relay_close(relay); /* nobody reads it any more, and only a new engine will */
            }
            return;
        }
    }
}

static bool make_room(struct relay *relay, int64_t now_ns)
{
    if (!has_room(relay)) {
        write_on(relay);
        forget_read(relay);
    }
    if (has_room(relay)) {
        relay->stuck_ns = NEVER;
        return true;
    }
    if (relay->stuck_ns == NEVER && relay->udp == NULL) { /* nobody waits for room in a UDP socket */
        relay->stuck_ns = now_ns;
    }
    return false;
}

static bool dropping(const struct relay *relay, int64_t now_ns)
{
    return relay->given_up || (relay->stuck_ns != NEVER && now_ns - relay->stuck_ns >= PATIENCE_NS);
}

/* ---- datagrams ---- */

static void keep(struct relay *relay, const void *datagram, size_t length)
{
    struct frame frame = {.type = FRAME_DATAGRAM, .data = datagram, .length = length};
    relay->unread += !frame_append(&relay->out, &frame, relay->limit); /* no memory */
}

/* -1 if there is none; 0 for one that says nothing: an empty one, or a marker that an engine before this one asked for. */
static ssize_t receive(const struct relay *relay, void *datagram)
{
    bool own = false;
    if (relay->udp == NULL) {
        return recv(relay->socket_fd, datagram, RELAY_DATAGRAM_MAX, MSG_DONTWAIT | MSG_TRUNC);
    }
    ssize_t length = udp_receive(relay->udp, datagram, RELAY_DATAGRAM_MAX, &own);
    return own ? 0 : length;
}

/* One datagram; false if there is none, or no room. */
static bool take(struct relay *relay, int64_t now_ns)
{
    static unsigned char datagram[RELAY_DATAGRAM_MAX];
    bool room = !relay->given_up && make_room(relay, now_ns);
    if (!room && !dropping(relay, now_ns)) {
        return false;
    }
    ssize_t length = receive(relay, datagram);
    relay->empty = length < 0; /* other errors come back with the next step */
    if (length > RELAY_DATAGRAM_MAX) {
        relay->too_long++;
    } else if (length > 0 && room) {
        keep(relay, datagram, (size_t)length);
    } else {
        relay->unread += length > 0;
    }
    return length >= 0;
}

/* ---- markers ---- */

/* What was dropped is told in front of it, so that the flush that waits for it has it in its account. */
static void insert_mark(struct relay *relay)
{
    if (relay->unread + relay->too_long > 0) {
        struct frame told = {.type = FRAME_LOST};
        unsigned char second[8];
        frame_prefix_u64(&told, relay->too_long);
        memcpy(second, told.prefix, sizeof second);
        frame_prefix_u64(&told, relay->unread);
        told.data = second;
        told.length = sizeof second;
        if (frame_append(&relay->out, &told, relay->limit)) {
            relay->unread = relay->too_long = 0;
        }
    }
    struct frame mark = {.type = FRAME_MARKER, .data = relay->mark, .length = relay->mark_length};
    (void)frame_append(&relay->out, &mark, relay->limit); /* the engine asks again when it does not come */
    relay->mark_length = 0;
    relay->before_mark = 0;
}

void relay_mark(struct relay *relay, const void *data, size_t length, int64_t now_ns)
{
    if (relay->to_fd < 0 || length > sizeof relay->mark) {
        return;
    }
    relay->before_mark = relay->udp == NULL ? MARK_DATAGRAMS : UDP_MARK_DATAGRAMS;
    memcpy(relay->mark, data, length);
    relay->mark_length = length;
    relay_step(relay, now_ns);
}

void relay_step(struct relay *relay, int64_t now_ns)
{
    int taken = 0;
    while (relay->socket_fd >= 0 && !relay->closing && taken < DATAGRAMS_A_STEP && take(relay, now_ns)) {
        taken++;
    }
    if (relay->mark_length > 0) {
        relay->before_mark -= taken;
        if ((relay->empty || relay->closing || relay->before_mark <= 0) && has_room(relay)) {
            insert_mark(relay);
        }
    }
    write_on(relay);
    if (relay->out.length > LOOK_ABOVE) {
        forget_read(relay);
    }
}

/* ---- poll(2) ---- */

bool relay_reads(const struct relay *relay, int64_t now_ns)
{
    return relay->socket_fd >= 0 && !relay->closing && (has_room(relay) || dropping(relay, now_ns));
}

bool relay_writes(const struct relay *relay)
{
    return relay->to_fd >= 0 && !relay->waiting && relay->sent < relay->out.length;
}

int64_t relay_due_ns(const struct relay *relay, int64_t now_ns)
{
    bool patient = relay->stuck_ns != NEVER && !dropping(relay, now_ns);
    return patient ? relay->stuck_ns + PATIENCE_NS : NEVER;
}

void relay_thaw(struct relay *relay, int64_t gap_ns)
{
    if (relay->stuck_ns != NEVER) {
        relay->stuck_ns += gap_ns;
    }
}

/* ---- the engine's end, and ours ---- */

/* Leaves out the markers: they were for the engine that is gone. */
static void remove_marks(struct bytes *out)
{
    unsigned char *all = bytes_front(out);
    size_t kept = 0;
    for (size_t at = 0; at < out->length;) {
        size_t size = frame_bytes(all + at);
        if (all[at + 4] != FRAME_MARKER) {
            memmove(all + kept, all + at, size);
            kept += size;
        }
        at += size;
    }
    out->length = kept;
}

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

void relay_close(struct relay *relay)
{
    forget_read(relay);
    close_fd(&relay->to_fd);
    close_fd(&relay->look_fd);
    remove_marks(&relay->out);
    relay->sent = 0;
    relay->mark_length = 0;
    relay->closing = false;
}

void relay_release(struct relay *relay, int64_t now_ns)
{
    relay->waiting = false;
    relay_step(relay, now_ns);
}

bool relay_hand_over(struct relay *relay, bool hurry)
{
    relay->closing = hurry;
    if (relay_writes(relay) || relay->mark_length > 0 || !(relay->empty || hurry)) {
        return false;
    }
    while (relay->look_fd < 0 && relay->out.length > 0) { /* no descriptor was left to ask the pipe with later */
        entrust(relay);
    }
    close_fd(&relay->to_fd); /* the engine reads its end; what it has not read is still here */
    relay->closing = false;
    relay_look(relay);
    return true;
}

void relay_look(struct relay *relay)
{
    if (relay->to_fd >= 0 || relay->look_fd < 0) {
        return;
    }
    forget_read(relay);
    if (relay->out.length == 0) {
        relay_close(relay);
    }
}

void relay_settle(struct relay *relay)
{
    relay_look(relay);
    relay->entrusted = 0;
}

void relay_bereave(struct relay *relay)
{
    relay_close(relay);
    relay->unread += relay->entrusted;
    relay->entrusted = 0;
}

uint64_t relay_tell(struct relay *relay)
{
    uint64_t lost = relay->unread + relay->too_long;
    relay->entrusted += lost;
    relay->unread = relay->too_long = 0;
    return lost;
}

void relay_give_up(struct relay *relay)
{
    while (relay->out.length > 0) {
        const unsigned char *frame = bytes_front(&relay->out);
        relay->unread += (frame[4] == FRAME_DATAGRAM) + told_lost(frame, 5);
        relay->too_long += told_lost(frame, 13);
        bytes_consume(&relay->out, frame_bytes(frame));
    }
    relay->given_up = true;
}

bool relay_holds(const struct relay *relay)
{
    return relay->out.length > 0;
}

uint64_t relay_lost(struct relay *relay)
{
    relay_close(relay);
    relay_give_up(relay);
    relay->empty = relay->socket_fd < 0;
    for (int i = 0; i < LAST_STEPS && !relay->empty; i++) {
        relay_step(relay, 0);
    }
    return relay->unread + relay->too_long;
}
