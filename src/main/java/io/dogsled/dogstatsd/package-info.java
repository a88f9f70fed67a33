/**
 * The DogStatsD server: datagrams → lines → samples, events and service checks, or a named {@link
 * io.dogsled.dogstatsd.Rejection}; and what is done to names and tags before anything is counted.
 *
 * <pre>
 * Listener ─► DatagramParser ─┬─► MetricParser ───────► Sample ───────┐
 *                             ├─► EventParser ────────► Event ────────┼─► SampleSink (the aggregator)
 *                             └─► ServiceCheckParser ─► ServiceCheck ─┘         │ once per new spelling
 *                                      │                                        ▼
 *                                      └─► Rejection: counted            Enrichment ─► Context
 * </pre>
 *
 * <p>Uses {@code metrics}, {@code dogstatsd.listeners} and {@code dogstatsd.mapper}. A {@code DatagramParser} and all it owns belong
 * to the thread that feeds it: a {@code dogstatsd} for each socket, or a worker; datagrams that the launcher kept have a parser of
 * their own. {@code MessageHandling} says what is between a listener and its parser.
 * {@code Enrichment} belongs to whoever holds the aggregator's lock.
 */
@NullMarked
package io.dogsled.dogstatsd;

import org.jspecify.annotations.NullMarked;
