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

/* However late in the bucket, and however many within a second: nine. */
static void lives_of_one_bucket_differ(void)
{
    for (int64_t first_ms = 1000000; first_ms < 1010000; first_ms += 700) {
        (void)unlink(file);
        unsigned seen = 1;
        for (int life = 0; life < 9; life++) {
            int64_t second = lives_begin_s(file, api, first_ms + 10 * life) - 1000;
            CHECK(second > 0 && second < 10 && (seen >> second & 1) == 0, "life %d from %lld on began in %lld", life,
                  (long long)first_ms, (long long)second);
            seen |= 1u << (second & 15);
        }
        int64_t tenth_s = lives_begin_s(file, api, first_ms + 100);
        CHECK(tenth_s > 1000 && tenth_s < 1010, "the tenth shares one: %lld", (long long)tenth_s);
        CHECK(lives_begin_s(file, api, 1013000) == 1013, "the next bucket begins anew");
    }
}

static void what_is_noted_may_be_anything(void)
{
    begins(NULL, 1003500, 1003);
    begins("", 1003500, 1003);
    begins("nonsense", 1003500, 1003);
    begins("99999999999999999999999999 3 127.0.0.1:9001", 1003500, 1003);
    begins("-5 3 127.0.0.1:9001", 1003500, 1003);
    begins("1000", 1003500, 1003);
    begins("1000 3", 1003500, 1003);
    begins("1000  127.0.0.1:9001\n", 1003500, 1003);
    begins("1000 12 127.0.0.1:9001\n", 1003500, 1003);
    begins("1000 3 127.0.0.1:9001\n", 1003500, 1004);
    begins("1000 3 127.0.0.1:90011\n", 1003500, 1003); /* another local Lambda */
    begins("1000 345678999 127.0.0.1:9001", 1003500, 1002);
    begins("1000 89 127.0.0.1:9001", 1008500, 1007);
    begins("1000 0123456789 127.0.0.1:9001", 1008500, 1008);
    begins("1010 3 127.0.0.1:9001", 1003500, 1003); /* the clock was set back */
    begins("990 9 127.0.0.1:9001", 1000000, 1001);
    begins("1000 1 127.0.0.1:9001", 1000999, 1002);
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
    lives_of_one_bucket_differ();
    what_is_noted_may_be_anything();
    without_a_file_it_is_its_own_second();
    (void)unlink(file);
    (void)rmdir(folder);
}
