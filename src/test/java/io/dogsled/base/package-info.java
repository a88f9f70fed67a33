/** Tests of clock, deadlines, counters and log lines. */
@NullMarked
package io.dogsled.base;

import org.jspecify.annotations.NullMarked;
