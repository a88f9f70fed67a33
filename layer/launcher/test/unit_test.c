/* Runs the unit tests of the launcher; the exit status says whether all of them held. */
#include "check.h"

int checks_made;
int checks_failed;

int main(void)
{
    json_tests();
    http_tests();
    frames_tests();
    guard_tests();
    sockets_tests();
    relay_tests();
    held_tests();
    lives_tests();
    fuzz_tests();
    listener_fuzz_tests();
    printf("launcher unit tests: %d checks, %d failed\n", checks_made, checks_failed);
    return checks_failed == 0 ? 0 : 1;
}
