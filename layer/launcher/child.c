#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

extern char **environ;

static bool is_kept(const char *variable)
{
    static const char *const dropped[] = {"JAVA_TOOL_OPTIONS=", "_JAVA_OPTIONS=", "JDK_JAVA_OPTIONS=", "JDK_AOT_VM_OPTIONS=",
                                          "CLASSPATH=",         "LD_",            "GLIBC_TUNABLES=",   "MALLOC_"};
    for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++) {
        if (strncmp(variable, dropped[i], strlen(dropped[i])) == 0) {
            return false;
        }
    }
    return true;
}

/* The environment without the dropped ones. Without memory for the list the engine is not worth starting either. */
static char **copy_environment(void)
{
    size_t count = 0;
    while (environ != NULL && environ[count] != NULL) {
        count++;
    }
    char **copy = calloc(count + 1, sizeof *copy);
    size_t kept = 0;
    for (size_t i = 0; copy != NULL && i < count; i++) {
        if (is_kept(environ[i])) {
            copy[kept++] = environ[i];
        }
    }
    return copy;
}

static void read_options(struct child_command *command)
{
    char path[PATH_MAX + 16];
    (void)snprintf(path, sizeof path, "%s/jvm.options", command->directory);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    while (fd >= 0 && length < sizeof command->options - 1) {
        ssize_t got = read(fd, command->options + length, sizeof command->options - 1 - length);
        if (got <= 0) {
            break;
        }
        length += (size_t)got;
    }
    command->options[length] = '\0';
    if (fd >= 0) {
        (void)close(fd);
    }
}

/* One option a line, passed as it is but for the blanks around it. */
static size_t add_options(struct child_command *command, size_t count, size_t room)
{
    char *place = NULL;
    for (char *line = strtok_r(command->options, "\r\n", &place); line != NULL && count < room;
         line = strtok_r(NULL, "\r\n", &place)) {
        line += strspn(line, " \t");
        size_t length = strlen(line);
        while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t')) {
            line[--length] = '\0';
        }
        if (length > 0 && *line != '#') {
            command->arguments[count++] = line;
        }
    }
    return count;
}

void child_command_init(struct child_command *command, const char *directory)
{
    static char *const tail[] = {"-cp", "dogsled.jar", "io.dogsled.ExtensionMain"};
    const size_t tail_count = sizeof tail / sizeof tail[0];
    memset(command, 0, sizeof *command);
    (void)snprintf(command->directory, sizeof command->directory, "%s", directory);
    (void)snprintf(command->program, sizeof command->program, "%s/jre/bin/java", command->directory);
    read_options(command);
    command->arguments[0] = command->program;
    size_t count = add_options(command, 1, CHILD_ARGUMENTS_MAX - tail_count - 5);
    for (size_t i = 0; i < tail_count; i++) {
        command->arguments[count++] = tail[i];
    }
    child_command_udp(command, 0);
    command->arguments[count++] = command->udp;
    child_command_begin(command, 0);
    command->arguments[count++] = command->begin;
    command->last = count;
    command->environment = copy_environment();
}

bool child_command_without_cache(struct child_command *command)
{
    static const char cache[] = "-XX:AOTCache=";
    static char off[] = "-XX:AOTMode=off";
    bool any = false;
    for (size_t i = 1; i < command->last; i++) {
        if (strncmp(command->arguments[i], cache, sizeof cache - 1) == 0) {
            command->arguments[i] = off;
            any = true;
        }
    }
    return any;
}

void child_command_udp(struct child_command *command, uint16_t port)
{
    if (port == 0) {
        (void)snprintf(command->udp, sizeof command->udp, "--no-udp");
    } else {
        (void)snprintf(command->udp, sizeof command->udp, "--udp=%u", (unsigned)port);
    }
}

void child_command_begin(struct child_command *command, int64_t begin_s)
{
    (void)snprintf(command->begin, sizeof command->begin, "--begin=%" PRId64, begin_s);
}

void child_command_more(struct child_command *command, const struct child_files *files, bool successor)
{
    static char with_relay[] = "--unix", with_held[] = "--held", after_another[] = "--successor";
    size_t count = command->last;
    if (files->relay_fd >= 0) {
        command->arguments[count++] = with_relay;
    }
    if (files->held_fd >= 0) {
        command->arguments[count++] = with_held;
    }
    if (successor) {
        command->arguments[count++] = after_another;
    }
    command->arguments[count] = NULL;
}

/* In the child, which borrows our memory until exec: system calls only. Returns the errno of what failed. */
static int become_engine(const struct child_command *command, const struct child_files *from)
{
    sigset_t none;
    (void)sigemptyset(&none);
    for (int number = 1; number < NSIG; number++) { /* what we or our parent ignore would stay ignored */
        (void)signal(number, SIG_DFL);
    }
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (dup2(from->stdin_fd, 0) < 0 || dup2(from->read_fd, 3) < 0 || dup2(from->write_fd, 4) < 0 ||
        (from->relay_fd >= 0 && dup2(from->relay_fd, 5) < 0) || (from->held_fd >= 0 && dup2(from->held_fd, 6) < 0)) {
        return errno;
    }
    if (from->relay_fd < 0) {
        (void)close(5);
    }
    (void)close_range(from->held_fd >= 0 ? 7 : 6, ~0U, 0); /* what the platform left open; ours are close-on-exec anyway */
    if (chdir(command->directory) != 0) {
        return errno;
    }
    (void)execve(command->program, command->arguments, command->environment);
    return errno;
}

/* vfork, because copying page tables is what makes fork dear; nothing but this call happens in the child. */
static pid_t start(const struct child_command *command, const struct child_files *from, volatile int *error)
{
    pid_t pid = vfork();
    if (pid == 0) {
        *error = become_engine(command, from);
        _exit(127);
    }
    return pid;
}

/* Above the numbers that the child uses, so that none is overwritten before it has been copied to its place. */
static int copy_above(int fd)
{
    return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 7);
}

static void close_copy(int fd)
{
    if (fd >= 0) {
        (void)close(fd);
    }
}

pid_t child_start(const struct child_command *command, const struct child_files *files)
{
    volatile int error = 0;
    if (command->environment == NULL) {
        errno = ENOMEM;
        return -1;
    }
    struct child_files from = {.stdin_fd = files->stdin_fd,
                               .read_fd = copy_above(files->read_fd),
                               .write_fd = copy_above(files->write_fd),
                               .relay_fd = copy_above(files->relay_fd),
                               .held_fd = copy_above(files->held_fd)};
    bool copied = from.read_fd >= 0 && from.write_fd >= 0 && (from.relay_fd >= 0) == (files->relay_fd >= 0) &&
                  (from.held_fd >= 0) == (files->held_fd >= 0);
    pid_t pid = copied ? start(command, &from, &error) : -1;
    int failure = pid < 0 ? errno : error;
    close_copy(from.read_fd);
    close_copy(from.write_fd);
    close_copy(from.relay_fd);
    close_copy(from.held_fd);
    errno = failure;
    return failure == 0 ? pid : -1;
}
