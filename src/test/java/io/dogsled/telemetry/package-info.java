/** Tests of what is read out of a telemetry batch. */
@NullMarked
package io.dogsled.telemetry;

import org.jspecify.annotations.NullMarked;
