/**
 * Environment variables → immutable records, one nested record a room, and a list of every problem found on the way.
 *
 * <p>Uses {@code base} alone. The only room that reads the environment. Read once, by the main thread, before anything else.
 */
@NullMarked
package io.dogsled.config;

import org.jspecify.annotations.NullMarked;
