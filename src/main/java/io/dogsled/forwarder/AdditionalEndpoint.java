package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.serializer.PayloadSerializer;

/**
 * An additional endpoint: a forwarder with counters of its own, so that it has a ledger of its own (rulings.md 8). There,
 * received are the samples that were handed over to it.
 */
public final class AdditionalEndpoint {
    private final String url;
    private final int key;
    private final int number;
    private final Counters counters = new Counters();
    private final Forwarder forwarder;

    /**
     * @param number of the endpoint, 1 and up
     * @param key which of the keys of its address it has, 1 and up
     */
    AdditionalEndpoint(Endpoint endpoint, int number, int key, PayloadSerializer serializer, Instruments instruments) {
        this.url = endpoint.url();
        this.key = key;
        this.number = number;
        this.forwarder =
                new Forwarder(endpoint, serializer, new Instruments(instruments.clock(), counters, instruments.log()));
    }

    /** The address. */
    public String url() {
        return url;
    }

    /** Which of the keys of this address it has, 1 and up: a key itself is never shown. */
    public int key() {
        return key;
    }

    /** What became of the samples handed over to it. Any thread. */
    public Counters counters() {
        return counters;
    }

    /** Samples handed over to it and not settled yet. Any thread. */
    public long heldSamples() {
        return forwarder.heldSamples();
    }

    Forwarder forwarder() {
        return forwarder;
    }

    /** As {@link Forwarders#beginAnew}. */
    void beginAnew(long beforeS, Deadline deadline) {
        counters.beginAnew();
        forwarder.beginAnew(beforeS, deadline);
    }

    /** The lambda thread alone. */
    void offer(MetricBatch batch) {
        counters.add(Counter.RECEIVED, batch.newSamples());
        forwarder.offer(batch.forEndpoint(number));
    }
}
