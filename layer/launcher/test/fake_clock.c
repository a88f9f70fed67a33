/*
 * clock.c with a wall clock that a test steps: FAKE_CLOCK names a file that holds, as an int64_t, the milliseconds that the
 * wall clock is ahead. The monotonic clock is the kernel's, which nobody can step.
 */
#include "../clock.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int64_t true_wall_ms(void);

#define clock_wall_ms true_wall_ms
#include "../clock.c"
#undef clock_wall_ms

int64_t clock_wall_ms(void)
{
    const char *path = getenv("FAKE_CLOCK");
    int64_t ahead_ms = 0;
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (read(fd, &ahead_ms, sizeof ahead_ms) != (ssize_t)sizeof ahead_ms) {
            ahead_ms = 0;
        }
        (void)close(fd);
    }
    return true_wall_ms() + ahead_ms;
}
