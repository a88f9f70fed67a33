/**
 * The model in the middle: the one reused view of a sample on its way in, and the immutable values on their way out.
 * Parsers and encoders meet only here.
 *
 * <p>Uses {@code base} alone. {@link io.dogsled.metrics.Sample} belongs to the thread that parses;
 * {@link io.dogsled.metrics.Receipt} is guarded by the forwarder's lock; everything else is immutable.
 */
@NullMarked
package io.dogsled.metrics;

import org.jspecify.annotations.NullMarked;
