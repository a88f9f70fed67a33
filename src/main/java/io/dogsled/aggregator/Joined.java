package io.dogsled.aggregator;

import io.dogsled.metrics.Event;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.ServiceCheck;
import java.util.ArrayList;
import java.util.List;

/** Two that are flushed together. What is sent to it goes to the first. */
final class Joined implements Pipelines {
    private final Pipelines clients;
    private final Pipelines own;

    Joined(Pipelines clients, Pipelines own) {
        this.clients = clients;
        this.own = own;
    }

    @Override
    public void beginAt(long nowMs) {
        clients.beginAt(nowMs);
        own.beginAt(nowMs);
    }

    @Override
    public void beginDatagram(long nowMs) {
        clients.beginDatagram(nowMs);
    }

    @Override
    public void accept(Sample sample) {
        clients.accept(sample);
    }

    @Override
    public void accept(Event event) {
        clients.accept(event);
    }

    @Override
    public void accept(ServiceCheck check) {
        clients.accept(check);
    }

    @Override
    public void endDatagram() {
        clients.endDatagram();
    }

    @Override
    public MetricBatch flush(long nowMs) {
        return both(clients.flush(nowMs), own.flush(nowMs));
    }

    @Override
    public long heldSamples() {
        return clients.heldSamples() + own.heldSamples();
    }

    @Override
    public int contexts() {
        return clients.contexts() + own.contexts();
    }

    private static MetricBatch both(MetricBatch a, MetricBatch b) {
        if (b.isEmpty() && b.newSamples() == 0) {
            return a;
        }
        return new MetricBatch(
                joined(a.series(), b.series()),
                joined(a.sketches(), b.sketches()),
                joined(a.events(), b.events()),
                joined(a.checks(), b.checks()),
                a.newSamples() + b.newSamples());
    }

    private static <T> List<T> joined(List<T> a, List<T> b) {
        List<T> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }
}
