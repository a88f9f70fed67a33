/* What the launcher does with what it inherits, and without what it may expect. */
#include "process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* An invocation and the end, where there may be no log. */
static void live_on(struct fake_platform *p)
{
    platform_init_phase(p, 202);
    platform_answer_invoke(p, "r-1", 5000);
    REQUIRE(platform_request_within(p, 2000 + BUSY_MS), "the invocation was held");
    shut_down(p);
}

static void leave_signals_and_descriptors(void)
{
    sigset_t all;
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, NULL);
    for (int number = 1; number < NSIG; number++) {
        (void)signal(number, SIG_IGN);
    }
    for (int fd = 20; fd < 60; fd++) {
        (void)dup2(2, fd);
    }
}

void what_is_inherited_does_not_reach_the_engine(struct fake_platform *p)
{
    p->prepare = leave_signals_and_descriptors;
    launch_list(p, true,
                (const char *const[]){"_JAVA_OPTIONS=-bad", "JDK_JAVA_OPTIONS=-bad", "JDK_AOT_VM_OPTIONS=-bad", "CLASSPATH=/nowhere",
                                      "MALLOC_PERTURB_=7", "GLIBC_TUNABLES=glibc.malloc.check=3", "LD_BIND_NOW=1", "KEPT=1", NULL});
    platform_init_phase(p, 200);
    platform_wait_log(p, "engine ready", 1);
    REQUIRE(strstr(p->log, "LEAKED") == NULL && platform_count_log(p, "engine: group") == 1, "something leaked");
    REQUIRE(invoke(p, "r") < BUSY_MS, "works");
    (void)kill(p->launcher, SIGTERM);
    REQUIRE(platform_wait_end(p) == 0 && platform_count_log(p, "engine: shutdown") == 1, "SIGTERM although it was blocked and ignored");
}

static void close_standard_descriptors(void)
{
    (void)close(0);
    (void)close(1);
    (void)close(2);
}

void missing_standard_descriptors_are_made_up_for(struct fake_platform *p)
{
    p->prepare = close_standard_descriptors;
    launch(p, "good", NULL);
    live_on(p);
}

static void be_poor(void)
{
    static const struct rlimit nothing = {0, 0};
    char folder[] = "/tmp/dogsled-gone-XXXXXX";
    if (mkdtemp(folder) != NULL && chdir(folder) == 0) {
        (void)rmdir(folder);
    }
    (void)umask(0777);
    (void)setrlimit(RLIMIT_FSIZE, &nothing); /* as with a read-only file system, no file can be written */
    (void)setrlimit(RLIMIT_CORE, &nothing);
    (void)!setuid(54321); /* nobody knows it; without privileges we stay who we are */
}

void no_folder_no_files_no_name_is_no_matter(struct fake_platform *p)
{
    p->prepare = be_poor;
    launch(p, "good", NULL);
    platform_init_phase(p, 200);
    platform_wait_log(p, "engine ready", 1);
    REQUIRE(platform_count_log(p, "engine: directory /dogsled") == 1, "directory");
    REQUIRE(invoke(p, "r") < BUSY_MS, "works");
    shut_down(p);
    REQUIRE(lines_for_people(p) == 0, "quiet");
}

static void have_few_descriptors(void)
{
    static const struct rlimit few = {12, 12};
    (void)setrlimit(RLIMIT_NOFILE, &few);
}

static double cpu_seconds(const struct fake_platform *p)
{
    char path[64];
    unsigned long user = 0, system = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/stat", p->launcher);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        (void)!fscanf(file, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
        (void)fclose(file);
    }
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

void without_descriptors_the_function_goes_on(struct fake_platform *p)
{
    p->prepare = have_few_descriptors;
    launch(p, "good", "ASAN_OPTIONS=detect_leaks=0"); /* that would need some, too */
    platform_init_phase(p, 200);
    platform_wait_log(p, "Too many open files; the function goes on", 1);
    int connections[12];
    for (size_t i = 0; i < 12; i++) {
        connections[i] = platform_connect(p->telemetry_port); /* more than it has places for */
    }
    for (int i = 0; i < 3; i++) {
        platform_answer_invoke(p, "r", 5000);
        REQUIRE(platform_request_within(p, BUSY_MS), "invocation %d was held", i);
    }
    double before = cpu_seconds(p);
    REQUIRE(!platform_request_within(p, 400), "a second poll");
    REQUIRE(cpu_seconds(p) - before < 0.2, "it spins: %.2f s in 0.4 s", cpu_seconds(p) - before);
    shut_down(p);
    for (size_t i = 0; i < 12; i++) {
        (void)close(connections[i]);
    }
}

void long_names_and_a_large_environment_are_survived(struct fake_platform *p)
{
    enum { LONG = 100000, MANY = 12 };
    static char name[LONG + 32], values[MANY][LONG + 32];
    const char *variables[MANY + 2] = {"FAKE_ENGINE=good"};
    memset(name, 'n', LONG);
    memcpy(name, "/opt/extensions/", 16);
    p->argv0 = name;
    for (int i = 0; i < MANY; i++) {
        int length = snprintf(values[i], sizeof values[i], "LONG_%d=", i);
        memset(values[i] + length, 'x', LONG);
        variables[i + 1] = values[i];
    }
    launch_list(p, true, variables);
    platform_expect(p, "POST /2020-01-01/extension/register ");
    const char *sent = strstr(p->request, "Lambda-Extension-Name: ");
    REQUIRE(sent != NULL && strspn(sent + 23, "n") == 255, "as long as a file name may be");
    platform_answer(p, 200, "Lambda-Extension-Identifier: 1\r\n", "{}");
    platform_expect(p, "PUT /2022-07-01/telemetry ");
    platform_answer(p, 202, "", "{}");
    platform_expect(p, NEXT);
    platform_answer_invoke(p, "r-1", 5000);
    platform_expect(p, NEXT);
    shut_down(p);
}
