/**
 * Owns every value from the swap until the intake has acknowledged it, or until it is declared lost under a name. What
 * waits is kept as model, one value per context and bucket, and encoded at the moment it is sent (rulings.md 7).
 *
 * <p>May use {@code serializer}, {@code http} and {@code metrics}.
 *
 * <p>Threads: {@code forwarder} (one per endpoint, started after {@code ready}) runs the rounds and owns the connection and
 * what is in hand. The {@code lambda} thread offers batches, asks for a round and waits for it until its deadline, never
 * for the network. What both touch is guarded by one short lock in {@link io.dogsled.forwarder.Outbox}, and the handing
 * over of the turn by another in {@link io.dogsled.forwarder.Turns}; neither is held during I/O or encoding.
 *
 * <p>The next steps have their places here: a breaker, which there is not yet, is what {@link io.dogsled.forwarder.Pause}
 * grows into; further
 * endpoints are further {@code Forwarder}s, dead letters leave where {@link io.dogsled.forwarder.Outbox#close} counts.
 */
@NullMarked
package io.dogsled.forwarder;

import org.jspecify.annotations.NullMarked;
