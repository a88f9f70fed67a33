/* The few lines of test support the launcher needs: a failed check prints the defect and the run goes on. */
#ifndef DOGSLED_CHECK_H
#define DOGSLED_CHECK_H

#include <stdio.h>
#include <string.h>

extern int checks_made;
extern int checks_failed;

#define CHECK(condition, ...)                                                                                          \
    do {                                                                                                               \
        checks_made++;                                                                                                 \
        if (!(condition)) {                                                                                            \
            checks_failed++;                                                                                           \
            fprintf(stderr, "FAILED %s:%d: %s: ", __FILE__, __LINE__, #condition);                                    \
            fprintf(stderr, __VA_ARGS__);                                                                              \
            fputc('\n', stderr);                                                                                       \
        }                                                                                                              \
    } while (0)

void json_tests(void);
void http_tests(void);
void frames_tests(void);
void guard_tests(void);
void sockets_tests(void);
void relay_tests(void);
void held_tests(void);
void lives_tests(void);
void fuzz_tests(void);
void listener_fuzz_tests(void);

#endif
