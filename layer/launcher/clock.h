/*
 * The two clocks. Durations are measured with the monotonic one, in nanoseconds; the wall clock, in milliseconds since
 * the epoch, is read only to turn a deadlineMs of the platform into a moment of the monotonic clock, because a thaw or
 * a time service may step it at any moment.
 */
#ifndef DOGSLED_CLOCK_H
#define DOGSLED_CLOCK_H

#include <stdint.h>
#include <sys/types.h>

#define NS_PER_MS 1000000LL

/* A moment that never comes; used for timers that are not set. */
#define NEVER INT64_MAX

int64_t clock_mono_ns(void);
int64_t clock_wall_ms(void);

/* What a process has computed so far, on all its threads; 0 if the kernel does not say. */
int64_t clock_cpu_ns(pid_t pid);

/* Milliseconds for poll(2) until a moment, rounded up, 0 if it has passed, at most max_ms. */
int clock_poll_ms(int64_t until_ns, int64_t now_ns, int max_ms);

#endif
