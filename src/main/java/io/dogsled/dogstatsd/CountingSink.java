package io.dogsled.dogstatsd;

import io.dogsled.metrics.Event;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SampleSink;
import io.dogsled.metrics.ServiceCheck;

/** Shows every sample to the debug statistics on its way to the sink. Owned by the thread that parses, one each. */
final class CountingSink implements SampleSink {
    private final SampleSink sink;
    private final ContextStats stats;
    private long nowMs;

    CountingSink(SampleSink sink, ContextStats stats) {
        this.sink = sink;
        this.stats = stats;
    }

    @Override
    public void beginDatagram(long arrivalMs) {
        nowMs = arrivalMs;
        sink.beginDatagram(arrivalMs);
    }

    @Override
    public void accept(Sample sample) {
        stats.count(sample, nowMs);
        sink.accept(sample);
    }

    @Override
    public void accept(Event event) {
        sink.accept(event);
    }

    @Override
    public void accept(ServiceCheck check) {
        sink.accept(check);
    }

    @Override
    public void endDatagram() {
        sink.endDatagram();
    }
}
