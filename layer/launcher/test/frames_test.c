/* The frames between launcher and engine, to the byte. */
#include "check.h"

#include "../frames.h"
#include "../holdings.h"

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

static void what_an_engine_takes_along_is_told_to_the_next(void)
{
    struct holdings holdings = {.lost = 2};
    CHECK(holdings_tell(&holdings) == 2 && holdings.told == 2, "lost before");
    holdings_on_word(&holdings, (const unsigned char *)"\7\1\0\0\0\0\0\0");
    holdings_bereave(&holdings, true);
    CHECK(holdings.uncounted, "and more since");
    CHECK(holdings_tell(&holdings) == 265, "what it held, and what it alone had been told");
    CHECK(!holdings.uncounted, "told that, too");
    holdings_settle(&holdings);
    holdings_bereave(&holdings, false);
    CHECK(holdings_tell(&holdings) == 0 && !holdings.told_uncounted, "it answered for everything");
}

void frames_tests(void)
{
    what_an_engine_takes_along_is_told_to_the_next();
    frames_are_laid_out_as_documented();
    a_frame_goes_in_whole_or_not_at_all();
    frames_are_read_however_they_are_split();
    long_frames_are_passed_over();
}
