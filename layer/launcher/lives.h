/*
 * In which second the points of an engine begin (docs/decisions/016-first-bucket.md): the second of its start, but not one in
 * which another engine of this sandbox began, launchers before this one included. What they left is a file in /tmp, which
 * survives when Lambda starts everything again after a crash or a time-out: the second, and by which address Lambda was
 * reached. Local Lambdas share a /tmp; what another one's extension left says nothing to us.
 */
#ifndef DOGSLED_LIVES_H
#define DOGSLED_LIVES_H

#include <stdint.h>

#define LIVES_FILE "/tmp/.dogsled-began"

/*
 * Seconds since the epoch, never the first second of a bucket of 10 s; notes them in the file. Where the file cannot be read or
 * written, or the bucket has no second left, an earlier engine of the same second is not known.
 */
int64_t lives_begin_s(const char *file, const char *runtime_api, int64_t wall_ms);

#endif
