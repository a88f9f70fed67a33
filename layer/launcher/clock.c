#include "clock.h"

#include <time.h>

#ifdef DOGSLED_TEST_CLOCK
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Never in a launcher that ships: only the wall clock's step that a test asks for, in the file that DOGSLED_TEST_CLOCK
 * names (PlatformClock of the local Lambda). The JVM beside it gets the same from test/step_clock.c.
 */
static int64_t step_ms(void)
{
    static const volatile int64_t *step;
    const char *path = getenv("DOGSLED_TEST_CLOCK");
    if (step == NULL && path != NULL) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        void *page = mmap(NULL, sizeof *step, PROT_READ, MAP_SHARED, fd, 0);
        step = page == MAP_FAILED ? NULL : page;
        (void)close(fd);
    }
    return step == NULL ? 0 : *step;
}
#else
static int64_t step_ms(void)
{
    return 0;
}
#endif

int64_t clock_mono_ns(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return (int64_t)now.tv_sec * 1000000000LL + now.tv_nsec;
}

int64_t clock_wall_ms(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000LL + now.tv_nsec / NS_PER_MS + step_ms();
}

int64_t clock_cpu_ns(pid_t pid)
{
    clockid_t clock;
    struct timespec spent = {0, 0};
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &spent) != 0) {
        return 0;
    }
    return (int64_t)spent.tv_sec * 1000000000LL + spent.tv_nsec;
}

int clock_poll_ms(int64_t until_ns, int64_t now_ns, int max_ms)
{
    if (until_ns <= now_ns) {
        return 0;
    }
    if (until_ns - now_ns > (int64_t)max_ms * NS_PER_MS) {
        return max_ms;
    }
    return (int)((until_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS);
}
