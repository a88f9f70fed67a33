/*
 * Starting the engine's process. Lambda kills by process group, so the child stays in ours; and it dies with us
 * (PDEATHSIG), so that no engine is left over if the launcher alone is killed.
 *
 * What the child gets: fd 0 the UDP socket or /dev/null, fd 1 and 2 ours, fd 3 and 4 its pipes, fd 5 the pipe of the
 * Unix socket's datagrams if there is such a socket, fd 6 that of the UDP socket's until it reads that itself, nothing else; cwd
 * <layer>/dogsled; default signals; our environment without the variables that would put the function's own
 * settings into the engine's JVM (JAVA_TOOL_OPTIONS, _JAVA_OPTIONS, JDK_JAVA_OPTIONS, JDK_AOT_VM_OPTIONS, CLASSPATH), its
 * libraries into the process (LD_PRELOAD, LD_AUDIT, LD_LIBRARY_PATH and all other LD_) or its wishes into the memory
 * allocator (MALLOC_ and all that begins so, GLIBC_TUNABLES).
 *
 * The command is <layer>/dogsled/jre/bin/java, the lines of <layer>/dogsled/jvm.options (blank lines and # comments
 * left out), -cp dogsled.jar io.dogsled.ExtensionMain, and --udp=<port> or --no-udp: the engine has to know before it
 * reads fd 0 whether that is a socket, and to ask the descriptor itself would cost it start-up time. Then --begin=<second> (lives.h). With fd 5 it gets
 * --unix, with fd 6 --held, and every engine but the first gets --successor as well.
 */
#ifndef DOGSLED_CHILD_H
#define DOGSLED_CHILD_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { CHILD_ARGUMENTS_MAX = 128, CHILD_OPTIONS_BYTES = 16384, CHILD_UDP_BYTES = 16, CHILD_BEGIN_BYTES = 32 };

struct child_command {
    char directory[PATH_MAX]; /* <layer>/dogsled */
    char program[PATH_MAX + 16];
    char options[CHILD_OPTIONS_BYTES]; /* jvm.options, cut into lines */
    char udp[CHILD_UDP_BYTES];
    char begin[CHILD_BEGIN_BYTES];
    size_t last;                       /* the place of --unix, --held, --successor, or of the NULL in their stead */
    char *arguments[CHILD_ARGUMENTS_MAX + 1];
    char **environment;
};

/* Prepares the command of the layer in this directory. A missing jvm.options counts as an empty one. */
void child_command_init(struct child_command *command, const char *directory);

/* The port of the socket that the engine gets as fd 0; 0 = none, as after child_command_init. */
void child_command_udp(struct child_command *command, uint16_t port);

/* In which second its points begin; 0 as after child_command_init. */
void child_command_begin(struct child_command *command, int64_t begin_s);

/* What the child gets, under other numbers. */
struct child_files {
    int stdin_fd;
    int read_fd;
    int write_fd;
    int relay_fd; /* -1 = none */
    int held_fd;  /* likewise */
};

/*
 * From now on without the AOT cache of jvm.options: an engine has died before it was ready, and a cache whose body is broken does
 * that to each of them. The JVM then starts several times as slowly. False if there was none to leave out.
 */
bool child_command_without_cache(struct child_command *command);

/* Which of the files there will be, and whether there was an engine before this one; none after child_command_init. */
void child_command_more(struct child_command *command, const struct child_files *files, bool successor);

/* The process id; -1 and errno when it could not be started, exec included. The descriptors stay open. */
pid_t child_start(const struct child_command *command, const struct child_files *files);

#endif
