#include "log.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 500 };

static bool debug_enabled;

void log_enable_debug(bool enabled)
{
    debug_enabled = enabled;
}

static void write_line(const char *format, va_list arguments)
{
    char line[LINE_MAX_BYTES + 1] = "dogsled: ";
    const size_t prefix = sizeof("dogsled: ") - 1;
    int written = vsnprintf(line + prefix, sizeof line - prefix - 1, format, arguments);
    if (written < 0) {
        return;
    }
    size_t length = prefix + (size_t)written;
    if (length > sizeof line - 2) {
        length = sizeof line - 2;
    }
    for (size_t i = prefix; i < length; i++) { /* texts from outside must not forge a second line */
        if ((unsigned char)line[i] < ' ') {
            line[i] = ' ';
        }
    }
    line[length++] = '\n';
    struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (poll(&room, 1, 0) == 1 && (room.revents & POLLOUT) != 0) {
        ssize_t ignored = write(STDERR_FILENO, line, length);
        (void)ignored; /* nobody is left to be told */
    }
}

void log_line(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

void log_debug(const char *format, ...)
{
    if (!debug_enabled) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}
