#include "lives.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUCKET_S = 10, TEXT_BYTES = 160 };

/* What an earlier one of this sandbox noted; 0 if there is nothing of the kind. */
static int64_t noted(int fd, const char *runtime_api)
{
    char text[TEXT_BYTES + 1], *end = NULL;
    ssize_t length = pread(fd, text, TEXT_BYTES, 0);
    if (length <= 0) {
        return 0;
    }
    text[length] = '\0';
    int64_t begin_s = strtoll(text, &end, 10);
    end += strspn(end, " ");
    end[strcspn(end, "\n")] = '\0';
    return strcmp(end, runtime_api) == 0 ? begin_s : 0;
}

static void note(int fd, int64_t begin_s, const char *runtime_api)
{
    char text[TEXT_BYTES];
    int length = snprintf(text, sizeof text, "%" PRId64 " %s\n", begin_s, runtime_api);
    if (length >= (int)sizeof text || pwrite(fd, text, (size_t)length, 0) != length) {
        (void)ftruncate(fd, 0);
    }
}

int64_t lives_begin_s(const char *file, const char *runtime_api, int64_t wall_ms)
{
    int64_t now_s = wall_ms / 1000, bucket_s = now_s - now_s % BUCKET_S;
    int64_t begin_s = now_s == bucket_s ? bucket_s + 1 : now_s; /* the first second is that of an engine from before the bucket */
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return begin_s;
    }
    int64_t last_s = noted(fd, runtime_api);
    if (last_s >= begin_s && last_s < bucket_s + BUCKET_S - 1) {
        begin_s = last_s + 1;
    }
    note(fd, begin_s, runtime_api);
    (void)close(fd);
    return begin_s;
}
