#include "lives.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUCKET_S = 10, TEXT_BYTES = 24 };

/* What an earlier one noted; 0 if that is no number. */
static int64_t noted(int fd)
{
    char text[TEXT_BYTES + 1];
    ssize_t length = pread(fd, text, TEXT_BYTES, 0);
    if (length <= 0) {
        return 0;
    }
    text[length] = '\0';
    return strtoll(text, NULL, 10);
}

static void note(int fd, int64_t begin_s)
{
    char text[TEXT_BYTES];
    int length = snprintf(text, sizeof text, "%" PRId64 "\n", begin_s);
    if (pwrite(fd, text, (size_t)length, 0) != length) {
        (void)ftruncate(fd, 0);
    }
}

int64_t lives_begin_s(const char *file, int64_t wall_ms)
{
    int64_t now_s = wall_ms / 1000, bucket_s = now_s - now_s % BUCKET_S;
    int64_t begin_s = now_s == bucket_s ? bucket_s + 1 : now_s; /* the first second is that of an engine from before the bucket */
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return begin_s;
    }
    int64_t last_s = noted(fd);
    if (last_s >= begin_s && last_s < bucket_s + BUCKET_S - 1) {
        begin_s = last_s + 1;
    }
    note(fd, begin_s);
    (void)close(fd);
    return begin_s;
}
