/**
 * The sample function: a small shop's order endpoint behind an HTTP API, written as a customer would write it. It uses AWS's
 * Lambda interfaces and Datadog's DogStatsD client and no other room, because it is what Dogsled is used by, not a part of it.
 *
 * <p>Besides its answer it tells what it emitted, so that a story or a test can compare that with what arrived without trusting
 * the extension in between. Threads: the runtime's one; the client's own threads live from {@code open} to {@code close}.
 */
@NullMarked
package io.dogsled.sample;

import org.jspecify.annotations.NullMarked;
