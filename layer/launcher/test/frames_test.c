/* The frames between launcher and engine, to the byte, and the datagrams that are held for it. */
#include "check.h"

#include "../frames.h"
#include "../held.h"
#include "../sockets.h"

#include <sys/socket.h>
#include <unistd.h>

static void frames_are_laid_out_as_documented(void)
{
    static const unsigned char expected[] = {12, 0, 0, 0, 2, 8, 7, 6, 5, 4, 3, 2, 1, '{', '}', 'x', 1, 0, 0, 0, 6};
    struct bytes out = {0};
    struct frame event = {.type = FRAME_EVENT, .data = "{}x", .length = 3}, tick = {.type = FRAME_TICK};
    frame_prefix_u64(&event, 0x0102030405060708);
    CHECK(frame_append(&out, &event, 4096) && frame_append(&out, &tick, 4096), "no room");
    CHECK(out.length == sizeof expected && memcmp(bytes_front(&out), expected, sizeof expected) == 0, "%zu bytes", out.length);
    bytes_free(&out);
}

static void a_frame_goes_in_whole_or_not_at_all(void)
{
    struct bytes out = {0};
    struct frame frame = {.type = FRAME_TELEMETRY, .data = "0123456789", .length = 10};
    CHECK(frame_append(&out, &frame, 15) && out.length == 15, "exactly fits");
    CHECK(!frame_append(&out, &frame, 29) && out.length == 15, "one byte too many: %zu", out.length);
    CHECK(frame_append(&out, &frame, 30) && out.length == 30, "fits again");
    frame.length = FRAME_LENGTH_MAX;
    CHECK(!frame_append(&out, &frame, SIZE_MAX) && out.length == 30, "beyond what the engine takes");
    bytes_free(&out);
}

/* Writes what was read as "type:payload," and stops at nonsense with "!". */
static void read_all(const unsigned char *data, size_t count, size_t split, char *out)
{
    struct frame_reader reader;
    memset(&reader, 0, sizeof reader);
    size_t pieces[2] = {split, count - split};
    out[0] = '\0';
    for (size_t i = 0; i < 2; i++) {
        size_t left = pieces[i];
        while (left > 0) {
            enum frame_progress progress = frame_read(&reader, &data, &left);
            if (progress == FRAME_NONSENSE) {
                strcat(out, "!");
                return;
            }
            if (progress == FRAME_COMPLETE) {
                sprintf(out + strlen(out), "%d%s:%.*s,", reader.head[4], reader.cut ? "cut" : "", (int)(reader.kept % 100),
                        (const char *)reader.payload);
            }
        }
    }
}

static void frames_are_read_however_they_are_split(void)
{
    static const struct {
        const char *data;
        size_t length;
        const char *read;
    } cases[] = {
        {"\1\0\0\0\x10\4\0\0\0\x11r-1\1\0\0\0\x10", 18, "16:,17:r-1,16:,"},
        {"\1\0\0\0\x63\1\0\0\0\x10", 10, "99:,16:,"},
        {"\0\0\0\0\x10", 5, "!"},
        {"\1\0\x20\0\x10", 5, "!"},
        {"hello world", 11, "!"},
        {"\1\0\0\0\x10\xff\xff\xff\xff", 9, "16:,!"},
        {"\5\0\0\0\x13\x1e\0", 7, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t split = 0; split <= cases[i].length; split++) {
            char out[128];
            read_all((const unsigned char *)cases[i].data, cases[i].length, split, out);
            CHECK(strcmp(out, cases[i].read) == 0, "case %zu split at %zu: %s", i, split, out);
        }
    }
}

static void long_frames_are_passed_over(void)
{
    static unsigned char data[5 + 3000 + 5] = {0xb9, 0x0b, 0, 0, 17};
    char out[256];
    data[5 + 3000] = 1;
    data[5 + 3004] = 16;
    read_all(data, sizeof data, 1700, out);
    CHECK(strncmp(out, "17cut:", 6) == 0 && strstr(out, "16:,") != NULL, "%s", out);
    data[2] = 0x20; /* 2 MiB and a bit: not plausible */
    read_all(data, sizeof data, 2, out);
    CHECK(strcmp(out, "!") == 0, "%s", out);
}

static void datagrams_are_held_in_order_and_handed_over(void)
{
    int pair[2];
    struct held held = {.count = 0};
    struct engine engine;
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair) == 0, "socketpair");
    struct udp udp = {.fd = pair[1]};
    for (int i = 0; i < 3; i++) {
        char text[32];
        int length = snprintf(text, sizeof text, "m:%d|c", i);
        CHECK(send(pair[0], text, (size_t)length, 0) == length, "send");
    }
    (void)held_drain(&held, &udp, true);
    CHECK(held.count == 3 && held.dropped == 0, "%u held", (unsigned)held.count);
    engine_init(&engine);
    engine.to_fd = pair[1]; /* any writable descriptor: here one write is one message */
    held_hand_over(&held, &engine);
    for (int i = 0; i < 3; i++) {
        char got[32] = "", expected[32] = "\6\0\0\0\4";
        (void)snprintf(expected + 5, sizeof expected - 5, "m:%d|c", i);
        CHECK(recv(pair[0], got, sizeof got, 0) == 10 && memcmp(got, expected, 10) == 0, "datagram %d: %s", i, got + 5);
    }
    CHECK(held.count == 0 && held.store.length == 0, "%zu bytes left", held.store.length);
    CHECK(held.entrusted == 3 && held.dropped == 0, "%u entrusted", (unsigned)held.entrusted);
    held_bereave(&held);
    CHECK(held.entrusted == 0 && held.dropped == 3, "%u dropped", (unsigned)held.dropped);
    engine.to_fd = -1;
    engine_forget(&engine);
    (void)close(pair[0]);
    (void)close(pair[1]);
}

static void held_datagrams_are_bounded_and_the_rest_is_counted(void)
{
    static char big[60000];
    int pair[2];
    struct held held = {.count = 0};
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair) == 0, "socketpair");
    struct udp udp = {.fd = pair[1]};
    for (int i = 0; i < 20; i++) {
        CHECK(send(pair[0], big, sizeof big, 0) == (ssize_t)sizeof big, "send");
        (void)held_drain(&held, &udp, true);
    }
    CHECK(held.count == 17 && held.dropped == 3, "%u held, %u dropped", (unsigned)held.count, (unsigned)held.dropped);
    CHECK(send(pair[0], "x", 1, 0) == 1, "send");
    (void)held_drain(&held, &udp, false);
    CHECK(held.count == 0 && held.dropped == 21 && held.store.data == NULL, "%u dropped", (unsigned)held.dropped);
    (void)close(pair[0]);
    (void)close(pair[1]);
}

void frames_tests(void)
{
    frames_are_laid_out_as_documented();
    a_frame_goes_in_whole_or_not_at_all();
    frames_are_read_however_they_are_split();
    long_frames_are_passed_over();
    datagrams_are_held_in_order_and_handed_over();
    held_datagrams_are_bounded_and_the_rest_is_counted();
}
