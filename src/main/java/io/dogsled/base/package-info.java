/**
 * What every room may use: the clock, deadlines, the list of everything Dogsled counts about itself, and log lines.
 *
 * <p>Uses no other room. {@link io.dogsled.base.Counters} and {@link io.dogsled.base.Log} may be called from any thread;
 * the rest is immutable. The only room that reads the system's clocks and writes to stdout and stderr.
 */
@NullMarked
package io.dogsled.base;

import org.jspecify.annotations.NullMarked;
