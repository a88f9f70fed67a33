/**
 * <em>Lambda's</em> Telemetry API, not Dogsled's own: batches that the launcher received → platform events.
 *
 * <p>Uses {@code base}, and jackson-core once the engine is ready. Everything runs on the main thread, from within the loop.
 * What is to come here: {@code EnhancedMetrics}, which turns platform events into {@code aws.lambda.enhanced.*}, and is why
 * the room may use {@code metrics}.
 */
@NullMarked
package io.dogsled.telemetry;

import org.jspecify.annotations.NullMarked;
