/**
 * The Agent's sketch: pure arithmetic on values and bins, no clock, no lock, no thread of its own.
 *
 * <p>Uses no other room. A {@link io.dogsled.sketch.Sketch} belongs to whoever fills it; once finished nothing in it
 * changes any more and any thread may read it.
 */
@NullMarked
package io.dogsled.sketch;

import org.jspecify.annotations.NullMarked;
