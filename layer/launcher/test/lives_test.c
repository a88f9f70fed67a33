/* In which second an engine begins, when others began before it. */
#include "check.h"

#include "../lives.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/dogsled-lives-XXXXXX";
static char file[64];
static const char *const api = "127.0.0.1:9001";

static void put(const char *text)
{
    FILE *out = fopen(file, "w");
    if (out != NULL) {
        (void)fputs(text, out);
        (void)fclose(out);
    }
}

static void begins(const char *before, int64_t wall_ms, int64_t expected_s)
{
    (void)unlink(file);
    if (before != NULL) {
        put(before);
    }
    int64_t begin_s = lives_begin_s(file, api, wall_ms);
    CHECK(begin_s == expected_s, "noted '%s', at %lld: %lld", before == NULL ? "" : before, (long long)wall_ms, (long long)begin_s);
}

static void lives_of_one_second_differ(void)
{
    (void)unlink(file);
    for (int i = 0; i < 7; i++) {
        int64_t begin_s = lives_begin_s(file, api, 1002100 + 100 * i);
        CHECK(begin_s == 1002 + i, "life %d began in %lld", i, (long long)begin_s);
    }
    CHECK(lives_begin_s(file, api, 1005000) == 1009, "the seconds before are taken, though not over");
    CHECK(lives_begin_s(file, api, 1007000) == 1007, "no second is left in this bucket: its own");
    CHECK(lives_begin_s(file, api, 1010000) == 1011, "the next bucket begins anew");
}

static void what_is_noted_may_be_anything(void)
{
    begins(NULL, 1003500, 1003);
    begins("", 1003500, 1003);
    begins("nonsense", 1003500, 1003);
    begins("99999999999999999999999999", 1003500, 1003);
    begins("-5 127.0.0.1:9001", 1003500, 1003);
    begins("1001 127.0.0.1:9001\n", 1003500, 1003);
    begins("1003 127.0.0.1:9001\n", 1003500, 1004);
    begins("1003", 1003500, 1003);
    begins("1003 127.0.0.1:90011\n", 1003500, 1003); /* another local Lambda */
    begins("1004 127.0.0.1:9001", 1003500, 1005);
    begins("1009 127.0.0.1:9001", 1003500, 1003); /* the clock was set back by more than there is room for */
    begins("5000 127.0.0.1:9001", 1003500, 1003);
    begins("999 127.0.0.1:9001", 1000000, 1001);
    begins("1001 127.0.0.1:9001", 1000999, 1002);
}

static void without_a_file_it_is_its_own_second(void)
{
    CHECK(lives_begin_s("/nowhere/at/all", api, 1003500) == 1003, "no folder");
    CHECK(lives_begin_s(folder, api, 1003500) == 1003, "a folder in its place");
    char link[96];
    (void)snprintf(link, sizeof link, "%s-link", file);
    put("1003");
    CHECK(symlink(file, link) == 0, "symlink");
    CHECK(lives_begin_s(link, api, 1003500) == 1003, "a link is not followed");
    (void)unlink(link);
}

void lives_tests(void)
{
    if (mkdtemp(folder) == NULL) {
        CHECK(false, "mkdtemp");
        return;
    }
    (void)snprintf(file, sizeof file, "%s/began", folder);
    lives_of_one_second_differ();
    what_is_noted_may_be_anything();
    without_a_file_it_is_its_own_second();
    (void)unlink(file);
    (void)rmdir(folder);
}
