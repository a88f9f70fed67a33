/**
 * <em>Lambda's</em> Telemetry API, not Dogsled's own: batches that the launcher received → platform events, and from those,
 * when they are switched on, {@code aws.lambda.enhanced.*} ({@link io.dogsled.telemetry.EnhancedMetrics}).
 *
 * <p>Uses {@code base}, {@code metrics}, and jackson-core once the engine is ready. Everything runs on the main thread, from
 * within the loop.
 */
@NullMarked
package io.dogsled.telemetry;

import org.jspecify.annotations.NullMarked;
