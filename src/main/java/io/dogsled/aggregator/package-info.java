/**
 * Where values add up: contexts, 10 s buckets, one cell class a type, and the flush that takes the changes out.
 *
 * <p>Uses {@code metrics}, {@code sketch}, and its own section of {@code config}. Everything here but what a flush builds
 * belongs to the lock of {@link io.dogsled.aggregator.Aggregator}: the receiver holds it for a datagram, the flush for a
 * slice of the changed cells at a time.
 *
 * <p>There is one aggregator, or several behind a {@code Demultiplexer}; to everybody else both are {@link
 * io.dogsled.aggregator.Pipelines}.
 *
 * <pre>
 * sample ─► Contexts: Spellings (raw bytes ─► Slot), and by Enricher a new one's Context ─► Slot
 *           Slot: the context's cells by second       Cell: CounterCell, GaugeCell, SetCell, HistogramCell, …
 *           Room: what is taken of the Limits; past them values are kept in a coarser way, never dropped
 *           Changes: the cells a flush has to look at ─► Batch ─► MetricBatch
 * </pre>
 */
@NullMarked
package io.dogsled.aggregator;

import org.jspecify.annotations.NullMarked;
