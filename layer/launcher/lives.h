/*
 * In which second the points of an engine begin (docs/decisions/016-first-bucket.md): the second of its start, but not one that
 * another engine of this sandbox has in the same bucket of 10 s, launchers before this one included. What they left is a file
 * in /tmp, which survives when Lambda starts everything again after a crash or a time-out: the bucket, the last digits of the
 * seconds that are taken, and by which address Lambda was reached. Local Lambdas share a /tmp; what another one's extension
 * left says nothing to us.
 */
#ifndef DOGSLED_LIVES_H
#define DOGSLED_LIVES_H

#include <stdint.h>

#define LIVES_FILE "/tmp/.dogsled-began"

/*
 * Seconds since the epoch, never the first second of a bucket; notes it in the file. Where the file cannot be read or
 * written, or nine engines began in this bucket before, it may be a second that another one has.
 */
int64_t lives_begin_s(const char *file, const char *runtime_api, int64_t wall_ms);

#endif
