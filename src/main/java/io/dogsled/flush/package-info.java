/**
 * When and how a flush happens: the policy decides, the flusher drains, swaps, hands over and waits; the ledger says what
 * became of everything.
 *
 * <p>May use {@code dogstatsd}, {@code aggregator}, {@code serializer}, {@code forwarder} and {@code metrics}.
 *
 * <p>Threads: the {@code lambda} thread decides and flushes; any thread may ask for the ledger.
 */
@NullMarked
package io.dogsled.flush;

import org.jspecify.annotations.NullMarked;
