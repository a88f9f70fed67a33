/*
 * The tools of "make bench-load" that must not be Java.
 *
 *   load send port=P count=N [rate=R] [tick_us=T] [lines=L] [contexts=C] [cpu=K]
 *       sends N datagrams of L lines "load.m<i>:1|c|#four tags" that take turns through C contexts; R datagrams per second in
 *       ticks of T microseconds, or as fast as it can (R = 0); prints what the kernel took, in how long, with how much CPU
 *   load receive buffer=B [cpu=K]
 *       the physical limit: plain recv(2) into 64 KiB and nothing else. Prints its port; when stdin ends it prints what it
 *       counted, its CPU and what the kernel dropped, and leaves
 *   load cpu pid…       CPU that the processes have used so far, in ns, threads that ended included
 *   load pin K pid…     pins all threads of the processes to one CPU
 *   load halve pid…     stops the processes for 50 ms of every 100 until stdin ends: half a core where no cgroup can be had
 *   load throttle % pid  stops the process group for the rest of every 20 ms until it is gone
 *
 * Output is one line of key=value pairs.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST = 65536, MOST_LINES = 400, LONGEST_LINE = 120 };
static const long NS_PER_S = 1000000000L;

static void fail(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_ns(clockid_t clock)
{
    struct timespec time;
    if (clock_gettime(clock, &time) != 0) {
        fail("clock_gettime");
    }
    return time.tv_sec * NS_PER_S + time.tv_nsec;
}

/* The number behind "name=" among the arguments. */
static long option(int argc, char **argv, const char *name, long otherwise)
{
    size_t length = strlen(name);
    for (int i = 2; i < argc; i++) {
        if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=') {
            return strtol(argv[i] + length + 1, NULL, 10);
        }
    }
    return otherwise;
}

static void pin(pid_t thread, long cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    if (sched_setaffinity(thread, sizeof set, &set) != 0 && errno != ESRCH) {
        fail("sched_setaffinity");
    }
}

static struct sockaddr_in loopback(long port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* One datagram: lines from context first on, wrapping around after all of them. */
static size_t fill(char *datagram, long first, long lines, long contexts)
{
    size_t length = 0;
    for (long i = 0; i < lines; i++) {
        long context = (first + i) % contexts;
        length += (size_t)snprintf(datagram + length, LONGEST_LINE,
            "%sload.metric%ld:1|c|#env:production,service:orders,region:eu-central-1,host_group:%ld", i ? "\n" : "",
            context % 100, context);
    }
    return length;
}

struct packet {
    size_t length;
    char bytes[];
};

/* All different datagrams, made before the first one is sent. */
static struct packet **packets(long lines, long contexts, long *count)
{
    static char scratch[MOST_LINES * LONGEST_LINE];
    *count = (contexts + lines - 1) / lines;
    struct packet **all = calloc((size_t)*count, sizeof *all);
    for (long i = 0; all != NULL && i < *count; i++) {
        size_t length = fill(scratch, i * lines, lines, contexts);
        all[i] = malloc(sizeof **all + length);
        if (length >= LARGEST - 28 || all[i] == NULL) {
            errno = EMSGSIZE;
            fail("a datagram");
        }
        all[i]->length = length;
        memcpy(all[i]->bytes, scratch, length);
    }
    return all;
}

static void sleep_until(int64_t ns)
{
    struct timespec time = {.tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {
    }
}

static int send_all(int argc, char **argv)
{
    long lines = option(argc, argv, "lines", 20);
    long rate = option(argc, argv, "rate", 0);
    long count = option(argc, argv, "count", 0);
    int64_t tick_ns = option(argc, argv, "tick_us", 1000) * 1000;
    long different = 0;
    struct packet **all = packets(lines, option(argc, argv, "contexts", 100), &different);
    struct sockaddr_in to = loopback(option(argc, argv, "port", 8125));
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (all == NULL || lines > MOST_LINES || fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        fail("send");
    }
    if (option(argc, argv, "cpu", -1) >= 0) {
        pin(0, option(argc, argv, "cpu", 0));
    }
    (void)prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
    long sent = 0, refused = 0, late_ticks = 0;
    int64_t start = now_ns(CLOCK_MONOTONIC);
    int64_t end = start;
    for (long tick = 1, next = 0; next < count; tick++) {
        long until = rate == 0 ? count : (long)((double)rate * (double)tick * (double)tick_ns / 1e9);
        for (; next < until && next < count; next++) {
            const struct packet *packet = all[next % different];
            if (send(fd, packet->bytes, packet->length, 0) == (ssize_t)packet->length) {
                sent++;
            } else {
                refused++;
            }
        }
        end = now_ns(CLOCK_MONOTONIC);
        if (rate != 0 && next < count) {
            late_ticks += end > start + tick * tick_ns;
            sleep_until(start + tick * tick_ns);
        }
    }
    printf("sent=%ld refused=%ld lines=%ld ns=%lld cpu_ns=%lld late_ticks=%ld\n", sent, refused, lines,
        (long long)(end - start), (long long)now_ns(CLOCK_PROCESS_CPUTIME_ID), late_ticks);
    return 0;
}

/* What the kernel dropped at the socket with this port, from /proc/net/udp. */
static long drops(long port)
{
    FILE *file = fopen("/proc/net/udp", "r");
    char line[512];
    long found = -1;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned local = 0;
        long dropped = 0; /* the thirteenth column */
        if (sscanf(line, " %*s %*x:%x %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld", &local, &dropped) == 2
            && (long)local == port) {
            found = dropped;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return found;
}

static volatile sig_atomic_t stopped;

/* Wakes the receiver when stdin ends: its own empty datagram, again until there was room for one. */
static void *wake(void *argument)
{
    struct sockaddr_in to = *(struct sockaddr_in *)argument;
    char byte;
    while (read(0, &byte, 1) > 0) {
    }
    stopped = 1;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    for (;;) {
        (void)sendto(fd, "", 0, 0, (struct sockaddr *)&to, sizeof to);
        sleep_until(now_ns(CLOCK_MONOTONIC) + NS_PER_S / 100);
    }
    return NULL;
}

static int receive_all(int argc, char **argv)
{
    static char buffer[LARGEST];
    int bytes = (int)option(argc, argv, "buffer", 4194304);
    int granted = 0;
    struct sockaddr_in at = loopback(0);
    socklen_t length = sizeof at, granted_length = sizeof granted;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) != 0
        || getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &granted, &granted_length) != 0
        || bind(fd, (struct sockaddr *)&at, length) != 0 || getsockname(fd, (struct sockaddr *)&at, &length) != 0) {
        fail("receive");
    }
    if (option(argc, argv, "cpu", -1) >= 0) {
        pin(0, option(argc, argv, "cpu", 0));
    }
    pthread_t thread;
    if (pthread_create(&thread, NULL, wake, &at) != 0) {
        fail("pthread_create");
    }
    printf("port=%d buffer=%d\n", ntohs(at.sin_port), granted);
    (void)fflush(stdout);
    long received = 0;
    for (;;) {
        ssize_t got = recv(fd, buffer, sizeof buffer, 0);
        if (got > 0) {
            received++;
        } else if (stopped) {
            break;
        }
    }
    printf("received=%ld cpu_ns=%lld kernel_dropped=%ld\n", received, (long long)now_ns(CLOCK_PROCESS_CPUTIME_ID),
        drops(ntohs(at.sin_port)));
    return 0;
}

static int cpu_of(int argc, char **argv)
{
    int64_t sum = 0;
    for (int i = 2; i < argc; i++) {
        clockid_t clock;
        int error = clock_getcpuclockid((pid_t)strtol(argv[i], NULL, 10), &clock);
        if (error != 0) {
            errno = error;
            fail(argv[i]);
        }
        sum += now_ns(clock);
    }
    printf("cpu_ns=%lld\n", (long long)sum);
    return 0;
}

static int pin_all(int argc, char **argv)
{
    for (int i = 3; i < argc; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "/proc/%.20s/task", argv[i]);
        DIR *threads = opendir(path);
        if (threads == NULL) {
            fail(path);
        }
        for (struct dirent *thread; (thread = readdir(threads)) != NULL;) {
            if (thread->d_name[0] != '.') {
                pin((pid_t)strtol(thread->d_name, NULL, 10), strtol(argv[2], NULL, 10));
            }
        }
        (void)closedir(threads);
    }
    return 0;
}

static int halve(int argc, char **argv)
{
    struct pollfd input = {.fd = 0, .events = POLLIN};
    int64_t next = now_ns(CLOCK_MONOTONIC);
    int signals[] = {SIGSTOP, SIGCONT};
    for (int turn = 0;; turn = 1 - turn) {
        for (int i = 2; i < argc; i++) {
            (void)kill((pid_t)strtol(argv[i], NULL, 10), signals[turn]);
        }
        if (turn == 1 && poll(&input, 1, 0) > 0) {
            return 0;
        }
        next += NS_PER_S / 20;
        sleep_until(next);
    }
}

static int throttle(int argc, char **argv)
{
    int64_t next = now_ns(CLOCK_MONOTONIC), period = NS_PER_S / 50;
    int64_t runs = argc == 4 ? period / 100 * strtol(argv[2], NULL, 10) : 0;
    pid_t group = argc == 4 ? (pid_t)strtol(argv[3], NULL, 10) : 0;
    while (group > 1 && kill(-group, SIGCONT) == 0) {
        sleep_until(next + runs);
        (void)kill(-group, runs < period ? SIGSTOP : 0);
        next += period;
        sleep_until(next);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } commands[] = {{"send", send_all}, {"receive", receive_all}, {"cpu", cpu_of}, {"pin", pin_all}, {"halve", halve},
                    {"throttle", throttle}};
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].run(argc, argv);
        }
    }
    fprintf(stderr, "load: send, receive, cpu, pin, halve or throttle\n");
    return 2;
}
