/**
 * Tests of what the build packaged, as real files and real processes; failsafe runs them after {@code make layer}. Each waits
 * for a condition with a deadline, binds ephemeral ports only, and ends what it started.
 */
@NullMarked
package io.dogsled.it;

import org.jspecify.annotations.NullMarked;
