/**
 * Owns every value from the swap until the intake has acknowledged it, or until it is declared lost under a name. What
 * waits is kept as model, one value per context and bucket, and encoded at the moment it is sent (rulings.md 7).
 *
 * <p>May use {@code serializer}, {@code http} and {@code metrics}.
 *
 * <p>Threads: the {@code lambda} thread offers batches, asks for a round and waits for it until its deadline, never for the
 * network. {@code forwarder} (one per endpoint, started after {@code ready}) runs the rounds and is their first lane;
 * {@code forwarder-2} to {@code forwarder-4} are further lanes, which are started while somebody waits for a slow intake and end
 * with the round. A lane owns its connection and the parcel it carries. What they share is guarded by short locks, none held
 * during I/O or encoding: what waits and is out in {@link io.dogsled.forwarder.Outbox}, how far a round is in
 * {@link io.dogsled.forwarder.Round}, how the endpoint is in {@link io.dogsled.forwarder.Breaker}, whose turn it is in
 * {@link io.dogsled.forwarder.Turns}. Encoding has a lock of its own: one parcel is carved at a time.
 *
 * <p>What the main endpoint has not taken at the end leaves in {@link io.dogsled.forwarder.DeadLetters}, which writes on a thread
 * of its own, {@code dead-letters}, because a write to the log may block for ever.
 *
 * <p>Without threads and sockets: {@link io.dogsled.forwarder.Round} says how a round is played in virtual time.
 */
@NullMarked
package io.dogsled.forwarder;

import org.jspecify.annotations.NullMarked;
