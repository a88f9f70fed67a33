/* The one thread: waits in poll(2) for sockets, pipes, signals and the next moment, and hands each to the sandbox. */
#ifndef DOGSLED_LOOP_H
#define DOGSLED_LOOP_H

#include "sandbox.h"

/* Blocks SIGCHLD, SIGTERM and SIGINT and returns the descriptor that reports them; -1 and errno. */
int loop_open_signals(void);

/* Runs until the sandbox is over. */
void loop_run(struct sandbox *sandbox, int signal_fd);

#endif
