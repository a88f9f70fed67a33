#include "lives.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUCKET_S = 10, TEXT_BYTES = 160 };

/* The seconds of this bucket that earlier ones of this sandbox took, as bits; 0 if there is nothing of the kind. */
static unsigned taken(int fd, const char *runtime_api, int64_t bucket_s)
{
    char text[TEXT_BYTES + 1], *end = NULL;
    ssize_t length = pread(fd, text, TEXT_BYTES, 0);
    if (length <= 0) {
        return 0;
    }
    text[length] = '\0';
    bool ours = strtoll(text, &end, 10) == bucket_s;
    unsigned bits = 0;
    for (end += strspn(end, " "); *end >= '0' && *end <= '9'; end++) {
        bits |= 1u << (*end - '0');
    }
    end += strspn(end, " ");
    end[strcspn(end, "\n")] = '\0';
    return ours && strcmp(end, runtime_api) == 0 ? bits : 0;
}

static void note(int fd, const char *runtime_api, int64_t bucket_s, unsigned bits)
{
    char text[TEXT_BYTES], digits[BUCKET_S + 1];
    int count = 0;
    for (int second = 0; second < BUCKET_S; second++) {
        if (bits >> second & 1) {
            digits[count++] = (char)('0' + second);
        }
    }
    digits[count] = '\0';
    int length = snprintf(text, sizeof text, "%" PRId64 " %s %s\n", bucket_s, digits, runtime_api);
    if (length >= (int)sizeof text || pwrite(fd, text, (size_t)length, 0) != length) {
        (void)ftruncate(fd, 0);
    }
}

/* The wanted one, or the next that is free, or the last free one before it: the gauge of a later life should be the later. */
static int free_second(unsigned bits, int wanted)
{
    for (int second = wanted; second < BUCKET_S; second++) {
        if ((bits >> second & 1) == 0) {
            return second;
        }
    }
    for (int second = wanted - 1; second > 0; second--) {
        if ((bits >> second & 1) == 0) {
            return second;
        }
    }
    return wanted;
}

int64_t lives_begin_s(const char *file, const char *runtime_api, int64_t wall_ms)
{
    int64_t now_s = wall_ms / 1000, bucket_s = now_s - now_s % BUCKET_S;
    int second = now_s == bucket_s ? 1 : (int)(now_s - bucket_s); /* the first is that of an engine from before the bucket */
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return bucket_s + second;
    }
    unsigned bits = taken(fd, runtime_api, bucket_s);
    second = free_second(bits, second);
    note(fd, runtime_api, bucket_s, bits | 1u << second);
    (void)close(fd);
    return bucket_s + second;
}
