/* Addresses, the UDP socket, and the settings that choose them. */
#include "check.h"

#include "../clock.h"
#include "../settings.h"
#include "../sockets.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void addresses_are_literals_or_known_names(void)
{
    static const struct {
        const char *text;
        int family; /* 0 = refused */
    } cases[] = {
        {"127.0.0.1:9001", AF_INET},  {"169.254.100.1:9001", AF_INET}, {"localhost:1", AF_INET}, {"LocalHost:65535", AF_INET},
        {"[::1]:9001", AF_INET6},     {"::1:9001", AF_INET6},          {"[fe80::1]:80", AF_INET6}, {"", 0},
        {"127.0.0.1", 0},             {"127.0.0.1:", 0},               {"127.0.0.1:0", 0},       {"127.0.0.1:65536", 0},
        {"127.0.0.1:9001x", 0},       {"127.0.0.1:-1", 0},             {"127.0.0.1: 1", 0},      {":9001", 0},
        {"300.1.1.1:9001", 0},        {"no.such.host.invalid:80", 0},  {"http://127.0.0.1:1", 0}, {"[::1:9001", 0},
        {"a@127.0.0.1:1", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct endpoint endpoint;
        bool ok = endpoint_parse(&endpoint, cases[i].text);
        CHECK(ok == (cases[i].family != 0), "'%s'", cases[i].text);
        CHECK(!ok || (endpoint.address.ss_family == cases[i].family && strcmp(endpoint.text, cases[i].text) == 0), "'%s'",
              cases[i].text);
    }
}

static struct settings settings_of(const char *name, const char *value)
{
    struct settings settings;
    (void)setenv(name, value, 1);
    settings_read(&settings);
    (void)unsetenv(name);
    return settings;
}

static void settings_are_read_leniently(void)
{
    struct settings settings;
    settings_read(&settings);
    CHECK(settings.udp_enabled && settings.udp_port == 8125 && settings.budget_ns == 250 * NS_PER_MS, "defaults");
    CHECK(strcmp(settings.bind_host, "127.0.0.1") == 0 && !settings.debug && !settings.managed_instances, "defaults");
    CHECK(!settings_of("DD_DOGSTATSD_PORT", "0").udp_enabled, "off");
    CHECK(settings_of("DD_DOGSTATSD_PORT", " 9125 ").udp_port == 9125, "another port");
    CHECK(settings_of("DD_DOGSTATSD_PORT", "65536").udp_port == 8125, "out of range");
    CHECK(settings_of("DD_DOGSTATSD_PORT", "eighty").udp_port == 8125, "no number");
    CHECK(settings_of("DD_DOGSTATSD_PORT", "__random__").udp_port == 0, "any free one");
    CHECK(settings_of("DD_DOGSTATSD_PORT", "__random__").udp_enabled, "any free one is on");
    CHECK(settings_of("DD_DOGSLED_FLUSH_BUDGET_MS", "70").budget_ns == 70 * NS_PER_MS, "budget");
    CHECK(settings_of("DD_DOGSLED_FLUSH_BUDGET_MS", "-1").budget_ns == 250 * NS_PER_MS, "negative budget");
    CHECK(strcmp(settings_of("DD_DOGSTATSD_NON_LOCAL_TRAFFIC", "TRUE").bind_host, "0.0.0.0") == 0, "everywhere");
    CHECK(settings_of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start").waits_for_ready, "SnapStart");
    CHECK(settings_of("AWS_LAMBDA_INITIALIZATION_TYPE", "lambda-managed-instances").managed_instances, "MI");
    CHECK(settings_of("DD_LOG_LEVEL", "DEBUG").debug, "debug");
    CHECK(settings.unix_path[0] == '\0', "no Unix socket");
    CHECK(strcmp(settings_of("DD_DOGSTATSD_SOCKET", " /tmp/dsd.socket\n").unix_path, "/tmp/dsd.socket") == 0, "a path");
    CHECK(settings_of("DD_DOGSTATSD_SOCKET", "unix:///tmp/dsd.socket").unix_path[0] == '\0', "as the Agent: no prefix");
    CHECK(settings_of("DD_DOGSTATSD_SOCKET", "dsd.socket").unix_path[0] == '\0', "not absolute");
    char longest[SOCKET_PATH_BYTES + 1];
    memset(longest, '/', sizeof longest);
    longest[SOCKET_PATH_BYTES] = '\0';
    CHECK(settings_of("DD_DOGSTATSD_SOCKET", longest).unix_path[0] == '\0', "108 bytes do not fit");
    CHECK(settings_of("DD_DOGSTATSD_SOCKET", longest + 1).unix_path[106] == '/', "107 do");
}

static void ports_and_flags_are_what_the_engine_takes(void)
{
    static const char *const no_ports[] = {"+29001", "-0", "-1", "8125x", "00000009125", "0x10", "__RANDOM__", "9125 9126"};
    for (size_t i = 0; i < sizeof no_ports / sizeof no_ports[0]; i++) {
        struct settings settings = settings_of("DD_DOGSTATSD_PORT", no_ports[i]);
        CHECK(settings.udp_enabled && settings.udp_port == 8125, "'%s' → %u", no_ports[i], settings.udp_port);
    }
    CHECK(settings_of("DD_DOGSTATSD_PORT", " __random__\n").udp_port == 0, "blanks around a word");
    CHECK(settings_of("DD_DOGSTATSD_PORT", "\v0000009125\x1f").udp_port == 9125, "ten digits, all that String.strip takes");
    CHECK(settings_of("DD_DOGSTATSD_SO_RCVBUF", "1073741824").receive_buffer_bytes == 1 << 30, "the largest buffer");
    CHECK(settings_of("DD_LOG_LEVEL", " trace ").debug, "blanks around a level");
    static const struct {
        const char *text;
        bool taken;
    } flags[] = {
        {"t", true},      {" true", true}, {"True\t", true}, {"T", true},      {"1", true},
        {"false", false}, {"yes", false},  {"01", false},    {"true x", false}, {" ", false},
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        struct settings settings = settings_of("DD_DOGSTATSD_NON_LOCAL_TRAFFIC", flags[i].text);
        CHECK((strcmp(settings.bind_host, "0.0.0.0") == 0) == flags[i].taken, "'%s'", flags[i].text);
    }
}

/* The same texts are in the engine's BindHostTest. */
static void bind_hosts_are_what_the_engine_takes(void)
{
    static const char *const taken[] = {
        "10.0.0.1", "0.0.0.0", "255.255.255.255", "::", "::1", "fe80::1", "1::", "1:2:3:4:5:6:7:8", "::2:3:4:5:6:7:8",
        "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "ABCD::0001",
    };
    static const char *const refused[] = {
        "my.host", "[::1]", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ,", "1..2.3", "::1%lo", ":", ":::", "1:",
        ":1::", "::1::", "12345::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4::5:6:7:8", "1.2.3.4::", "::1.2.3", "::g",
        "1:2:3:4:5:6:7:1.2.3.4", "-1.2.3.4", "1.2.3.4:80",
    };
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        struct settings settings = settings_of("DD_BIND_HOST", taken[i]);
        CHECK(strcmp(settings.bind_host, taken[i]) == 0, "'%s'", taken[i]);
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct settings settings = settings_of("DD_BIND_HOST", refused[i]);
        CHECK(strcmp(settings.bind_host, "127.0.0.1") == 0, "'%s'", refused[i]);
    }
    CHECK(strcmp(settings_of("DD_BIND_HOST", " 10.0.0.1\n").bind_host, "10.0.0.1") == 0, "blanks around an address");
    CHECK(strcmp(settings_of("DD_BIND_HOST", "LocalHost").bind_host, "127.0.0.1") == 0, "localhost");
}

static void a_marker_comes_back_and_a_taken_port_is_named(void)
{
    struct settings settings = {.udp_enabled = true, .bind_host = "0.0.0.0"};
    struct udp udp, second;
    char got[16] = "";
    udp_bind(&udp, &settings);
    CHECK(udp.fd >= 0 && udp.port != 0 && udp.receive_buffer_bytes > 0 && udp.error[0] == '\0', "%s", udp.error);
    CHECK(udp_send_to_self(&udp, "marker-1", 8) && recv(udp.fd, got, sizeof got, MSG_DONTWAIT) == 8, "marker");
    CHECK(strcmp(got, "marker-1") == 0 && udp_kernel_drops(&udp) == 0, "'%s'", got);
    settings.udp_port = udp.port;
    (void)snprintf(settings.bind_host, sizeof settings.bind_host, "127.0.0.1"); /* where the port is taken, too */
    udp_bind(&second, &settings);
    CHECK(second.fd == -1 && second.port == 0 && strcmp(second.error, "Address already in use") == 0, "'%s'", second.error);
    CHECK(!udp_send_to_self(&second, "x", 1), "there is nothing to send to");
    (void)close(udp.fd);
    (void)close(udp.self_fd);
}

void sockets_tests(void)
{
    addresses_are_literals_or_known_names();
    settings_are_read_leniently();
    ports_and_flags_are_what_the_engine_takes();
    bind_hosts_are_what_the_engine_takes();
    a_marker_comes_back_and_a_taken_port_is_named();
}
