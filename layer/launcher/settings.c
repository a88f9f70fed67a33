#include "settings.h"

#include "clock.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEFAULT_PORT = 8125, DEFAULT_BUDGET_MS = 250, LARGEST_BUDGET_MS = 900000 };

static const char *read_text(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value == NULL || *value == '\0' ? otherwise : value;
}

/* A whole decimal number in [least, most], blanks around it allowed; otherwise the default. */
static long read_number(const char *name, long least, long most, long otherwise)
{
    const char *text = read_text(name, "");
    char *end = NULL;
    long value = strtol(text, &end, 10);
    if (end == text || end[strspn(end, " \t")] != '\0' || value < least || value > most) {
        return otherwise;
    }
    return value;
}

static bool is_true(const char *name)
{
    const char *text = read_text(name, "");
    return strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
}

static void read_udp(struct settings *settings)
{
    bool any_port = strcmp(read_text("DD_DOGSTATSD_PORT", ""), "__random__") == 0;
    long port = read_number("DD_DOGSTATSD_PORT", 0, 65535, DEFAULT_PORT);
    settings->udp_enabled = any_port || port != 0;
    settings->udp_port = any_port ? 0 : (uint16_t)port;
    settings->bind_host = is_true("DD_DOGSTATSD_NON_LOCAL_TRAFFIC") ? "0.0.0.0" : read_text("DD_BIND_HOST", "127.0.0.1");
    settings->receive_buffer_bytes = (int)read_number("DD_DOGSTATSD_SO_RCVBUF", 0, INT_MAX / 2, 0);
}

/* An absolute path that fits into a socket's address, without the blanks around it. */
static void read_unix_path(struct settings *settings)
{
    const char *text = read_text("DD_DOGSTATSD_SOCKET", "");
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL) {
        length--;
    }
    if (*text == '/' && length < sizeof settings->unix_path) {
        memcpy(settings->unix_path, text, length);
    }
}

void settings_read(struct settings *settings)
{
    memset(settings, 0, sizeof *settings);
    read_udp(settings);
    read_unix_path(settings);
    settings->runtime_api = read_text("AWS_LAMBDA_RUNTIME_API", NULL);
    settings->budget_ns =
        read_number("DD_DOGSLED_FLUSH_BUDGET_MS", 0, LARGEST_BUDGET_MS, DEFAULT_BUDGET_MS) * NS_PER_MS;
    const char *type = read_text("AWS_LAMBDA_INITIALIZATION_TYPE", "");
    settings->managed_instances = strcmp(type, "lambda-managed-instances") == 0;
    settings->waits_for_ready = strcmp(type, "snap-start") == 0 || strcmp(type, "provisioned-concurrency") == 0;
    const char *level = read_text("DD_LOG_LEVEL", "");
    settings->debug = strcasecmp(level, "debug") == 0 || strcasecmp(level, "trace") == 0;
}
