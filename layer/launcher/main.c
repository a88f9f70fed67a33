/*
 * The launcher of Dogsled: the program that Lambda starts as an extension. It binds the sockets, registers, starts the
 * engine (a JVM) as its child, polls /next, and guards the function against the engine. It knows nothing of metrics.
 *
 * Order matters. The UDP socket is bound before register, because the function's own init starts with the registration
 * and may send; the engine is started right after it, so that the JVM comes up while the subscription is made and the
 * function's init runs.
 */
#include "clock.h"
#include "log.h"
#include "loop.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whatever is closed becomes /dev/null, so that no socket of ours ends up as stdin, stdout or stderr. */
static void open_standard_descriptors(void)
{
    int fd;
    do {
        fd = open("/dev/null", O_RDWR);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) {
        (void)close(fd);
    }
}

/* Lambda sends no signals; whoever does shall not end us, but by SIGTERM, SIGINT and SIGKILL. */
static void ignore_signals(void)
{
    static const int ignored[] = {SIGPIPE, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGQUIT, SIGXFSZ};
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) {
        (void)signal(ignored[i], SIG_IGN);
    }
    (void)signal(SIGCHLD, SIG_DFL); /* ignored by a parent, it would take the exit status from us */
}

/* <layer>/extensions/dogsled → <layer>/dogsled. False if /proc does not say where we are. */
static bool find_layer(char *directory, size_t capacity, char *own_name, size_t name_capacity)
{
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0) {
        return false;
    }
    self[length] = '\0';
    char *slash = strrchr(self, '/');
    (void)snprintf(own_name, name_capacity, "%.255s", slash == NULL ? self : slash + 1);
    for (int i = 0; i < 2 && slash != NULL; i++) { /* the file, then its folder */
        *slash = '\0';
        slash = strrchr(self, '/');
    }
    int written = snprintf(directory, capacity, "%s/dogsled", self);
    return written > 0 && (size_t)written < capacity;
}

static void prepare(struct sandbox *sandbox, const char *argv0)
{
    char directory[PATH_MAX] = "/opt/dogsled", own_name[EXTENSION_NAME_MAX] = "dogsled";
    if (!find_layer(directory, sizeof directory, own_name, sizeof own_name)) {
        log_line("cannot read /proc/self/exe (%s); looking for the engine in %s", strerror(errno), directory);
    }
    const char *slash = argv0 == NULL ? NULL : strrchr(argv0, '/');
    const char *name = slash != NULL ? slash + 1 : argv0;
    (void)snprintf(sandbox->platform.name, sizeof sandbox->platform.name, "%.255s",
                   name == NULL || *name == '\0' ? own_name : name);
    child_command_init(&sandbox->command, directory);
    sandbox->null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    udp_bind(&sandbox->udp, &sandbox->settings);
    unix_bind(&sandbox->unix_socket, sandbox->settings.unix_path);
    relay_init(&sandbox->relay, sandbox->unix_socket.fd);
    relay_init_udp(&sandbox->held, &sandbox->udp);
    telemetry_open(&sandbox->telemetry, sandbox_on_batch, sandbox);
    engine_init(&sandbox->engine);
    restarts_init(&sandbox->restarts);
    guard_init(&sandbox->guard, sandbox->settings.budget_ns);
    exchange_init(&sandbox->platform.exchange);
    poller_init(&sandbox->poller, &sandbox->platform);
    sandbox->platform.invoke_events = !sandbox->settings.managed_instances;
    sandbox->tick_ns = NEVER;
    sandbox->answer_by_ns = NEVER;
    sandbox->hand_over_ns = NEVER;
}

static bool find_platform(struct sandbox *sandbox)
{
    const char *api = sandbox->settings.runtime_api;
    if (api == NULL) {
        log_line("AWS_LAMBDA_RUNTIME_API is not set; this program is started by Lambda, or by 'dogsled emulate'");
        return false;
    }
    if (!endpoint_parse(&sandbox->platform.api, api)) {
        log_line("AWS_LAMBDA_RUNTIME_API is '%s'; expected host:port, the host being an address or in /etc/hosts", api);
        return false;
    }
    return true;
}

/* The function's init may send while the platform thinks about the subscription. */
static void watch_datagrams(void *context, struct pollfd places[2])
{
    const struct sandbox *sandbox = context;
    if (sandbox_reads_udp(sandbox, clock_mono_ns())) {
        places[0] = (struct pollfd){.fd = sandbox->udp.fd, .events = POLLIN};
    }
    if (relay_reads(&sandbox->relay, clock_mono_ns())) {
        places[1] = (struct pollfd){.fd = sandbox->relay.socket_fd, .events = POLLIN};
    }
}

static void read_datagrams(void *context)
{
    struct sandbox *sandbox = context;
    sandbox_on_datagrams(sandbox, clock_mono_ns());
    relay_step(&sandbox->relay, clock_mono_ns());
}

static void subscribe(struct sandbox *sandbox)
{
    if (sandbox->telemetry.listen_fd >= 0) {
        const struct companion reader = {.watch = watch_datagrams, .step = read_datagrams, .context = sandbox};
        platform_subscribe(&sandbox->platform, sandbox->telemetry.port, sandbox->telemetry.path,
                           sandbox->settings.managed_instances || !sandbox->platform.invoke_events, &reader);
    }
    log_debug("UDP port %u, receive buffer %d bytes; Unix socket %s", (unsigned)sandbox->udp.port,
              sandbox->udp.receive_buffer_bytes, sandbox->unix_socket.fd >= 0 ? sandbox->unix_socket.path : "none");
    log_debug("registered %.2f ms after exec, telemetry status %d after %.2f ms",
              (double)(sandbox->platform.registered_ns - sandbox->exec_ns) / NS_PER_MS, sandbox->platform.telemetry_status,
              (double)(clock_mono_ns() - sandbox->exec_ns) / NS_PER_MS);
}

static void report_counts(const struct sandbox *sandbox)
{
    log_debug("telemetry: %llu batches did not fit, %llu were too long, %llu requests refused; %llu unknown frames",
              (unsigned long long)sandbox->engine.telemetry_dropped, (unsigned long long)sandbox->telemetry.oversized,
              (unsigned long long)sandbox->telemetry.refused, (unsigned long long)sandbox->engine.frames_skipped);
}

static int live(struct sandbox *sandbox, int signal_fd)
{
    if (!find_platform(sandbox) || !platform_register(&sandbox->platform)) {
        return EXIT_FAILURE;
    }
    sandbox_start_engine(sandbox, clock_mono_ns());
    subscribe(sandbox);
    sandbox_greet(sandbox);
    sandbox_begin(sandbox, clock_mono_ns());
    loop_run(sandbox, signal_fd);
    sandbox_report_lost(sandbox);
    report_counts(sandbox);
    return sandbox->exit_status;
}

int main(int argc, char **argv)
{
    static struct sandbox sandbox;
    sandbox.exec_ns = clock_mono_ns();
    open_standard_descriptors();
    ignore_signals();
    settings_read(&sandbox.settings);
    log_enable_debug(sandbox.settings.debug);
    int signal_fd = loop_open_signals();
    if (signal_fd < 0) {
        log_line("signalfd: %s; ending", strerror(errno));
        return EXIT_FAILURE;
    }
    prepare(&sandbox, argc > 0 ? argv[0] : NULL);
    int status = live(&sandbox, signal_fd);
    unix_close(&sandbox.unix_socket);
    return status;
}
