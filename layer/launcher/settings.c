#include "settings.h"

#include "clock.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEFAULT_PORT = 8125, DEFAULT_BUDGET_MS = 250, LARGEST_BUDGET_MS = 900000, LARGEST_BUFFER_BYTES = 1 << 30 };

static const char *read_text(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value == NULL || *value == '\0' ? otherwise : value;
}

/* Longer ones than any usable value become "", which is the default as well. */
struct value {
    char text[SOCKET_PATH_BYTES];
};

/* The value without the white space around it: what String.strip leaves to the engine. */
static struct value read_value(const char *name)
{
    static const char BLANKS[] = " \t\n\v\f\r\x1c\x1d\x1e\x1f";
    struct value value = {.text = ""};
    const char *text = read_text(name, "");
    text += strspn(text, BLANKS);
    size_t length = strlen(text);
    while (length > 0 && strchr(BLANKS, text[length - 1]) != NULL) {
        length--;
    }
    if (length < sizeof value.text) {
        memcpy(value.text, text, length);
    }
    return value;
}

/* One to ten digits and nothing else, in [least, most]; otherwise the default. The engine's Settings.wholeNumber. */
static long number_of(const char *text, long least, long most, long otherwise)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 10 || text[digits] != '\0') {
        return otherwise;
    }
    long value = strtol(text, NULL, 10);
    return value < least || value > most ? otherwise : value;
}

static long read_number(const char *name, long least, long most, long otherwise)
{
    struct value value = read_value(name);
    return number_of(value.text, least, most, otherwise);
}

/* The engine's Settings.flag: anything else is false. */
static bool is_true(const char *name)
{
    struct value value = read_value(name);
    return strcasecmp(value.text, "true") == 0 || strcasecmp(value.text, "t") == 0 || strcmp(value.text, "1") == 0;
}

/* An address in numerals; everything else, "localhost" too, is the loopback address. The engine's BindHost. */
static void read_bind_host(struct settings *settings)
{
    struct value value = read_value("DD_BIND_HOST");
    struct in6_addr address;
    bool literal = inet_pton(AF_INET, value.text, &address) == 1 || inet_pton(AF_INET6, value.text, &address) == 1;
    const char *host = is_true("DD_DOGSTATSD_NON_LOCAL_TRAFFIC") ? "0.0.0.0" : literal ? value.text : "127.0.0.1";
    memcpy(settings->bind_host, host, strlen(host) + 1); /* no literal is longer than INET6_ADDRSTRLEN */
}

static void read_udp(struct settings *settings)
{
    struct value value = read_value("DD_DOGSTATSD_PORT");
    bool any_port = strcmp(value.text, "__random__") == 0;
    long port = number_of(value.text, 0, 65535, DEFAULT_PORT);
    settings->udp_enabled = any_port || port != 0;
    settings->udp_port = any_port ? 0 : (uint16_t)port;
    settings->receive_buffer_bytes = (int)read_number("DD_DOGSTATSD_SO_RCVBUF", 0, LARGEST_BUFFER_BYTES, 0);
    read_bind_host(settings);
}

/* An absolute path that fits into a socket's address. */
static void read_unix_path(struct settings *settings)
{
    struct value value = read_value("DD_DOGSTATSD_SOCKET");
    if (*value.text == '/') {
        memcpy(settings->unix_path, value.text, sizeof value.text);
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
    struct value level = read_value("DD_LOG_LEVEL");
    settings->debug = strcasecmp(level.text, "debug") == 0 || strcasecmp(level.text, "trace") == 0;
}
