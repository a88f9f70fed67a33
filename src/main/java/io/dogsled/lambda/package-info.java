/**
 * The engine's side of Lambda: frames to and from the launcher, the life cycle, the loop over events.
 *
 * <p>Uses {@code base}, and jackson-core for the events once the engine is ready. Everything belongs to the main thread but
 * the writing half of {@link io.dogsled.lambda.LauncherChannel}, {@link io.dogsled.lambda.DataSignal#onData} and the
 * {@code submit…} methods, which other threads call. It knows neither the server nor the flush: it tells an
 * {@link io.dogsled.lambda.InvocationListener} what the moment is, and until when that may take.
 */
@NullMarked
package io.dogsled.lambda;

import org.jspecify.annotations.NullMarked;
