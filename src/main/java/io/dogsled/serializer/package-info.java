/**
 * From the model to what the intake takes: encoded, split by the intake's limits, compressed.
 *
 * <p>Uses {@code metrics}, protobuf's {@code CodedOutputStream}, and jackson-core's streaming generator; both libraries are
 * loaded with the first payload, after the engine is ready. A {@link io.dogsled.serializer.PayloadSerializer} belongs to
 * one thread; a {@link io.dogsled.serializer.Payload} is immutable.
 *
 * <p>Sources: protocol.md §4; agent-payload: proto/metrics/agent_payload.proto; Agent: pkg/serializer.
 */
@NullMarked
package io.dogsled.serializer;

import org.jspecify.annotations.NullMarked;
