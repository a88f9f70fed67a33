package io.dogsled.serializer;

import io.dogsled.metrics.Event;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.metrics.SketchPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Encodes the model, one payload a call: as many items from the front of a list as the intake takes in one request
 * (protocol.md §4.6). The caller goes on with what is left.
 *
 * <p>Points of one context that follow each other in the list become one series with several points; who wants small
 * payloads sorts them so. Belongs to one thread: buffers and compressor are reused.
 */
public final class PayloadSerializer {
    private final boolean compress;
    private final Body body;
    private final SeriesWriter series = new SeriesWriter();
    private final SketchWriter sketches = new SketchWriter();
    private final EventWriter events = new EventWriter();
    private final CheckWriter checks = new CheckWriter();

    /** @param compress {@code Content-Encoding: deflate}, or none */
    public PayloadSerializer(boolean compress) {
        this.compress = compress;
        this.body = new Body(compress);
    }

    /** Series v2 as protobuf; takes at most {@code maxItems}, which is at least 1, of at least one point. */
    public Payload series(List<SeriesPoint> points, int maxItems) {
        return payload(Payload.Kind.SERIES, series, points, maxItems);
    }

    /** Sketches as protobuf; takes at most {@code maxItems}, which is at least 1, of at least one point. */
    public Payload sketches(List<SketchPoint> points, int maxItems) {
        return payload(Payload.Kind.SKETCHES, sketches, points, maxItems);
    }

    /** Events as JSON; takes at most {@code maxItems}, which is at least 1, of at least one event. */
    public Payload events(List<Event> list, int maxItems) {
        return payload(Payload.Kind.EVENTS, events, list, maxItems);
    }

    /** Service checks as JSON; takes at most {@code maxItems}, which is at least 1, of at least one check. */
    public Payload checks(List<ServiceCheck> list, int maxItems) {
        return payload(Payload.Kind.CHECKS, checks, list, maxItems);
    }

    private <T> Payload payload(Payload.Kind kind, ItemWriter<T> writer, List<T> items, int maxItems) {
        int count = writer.fitting(items, Math.min(maxItems, items.size()));
        while (!fits(kind, writer, items, count)) {
            if (count == 1) {
                return Payload.tooLarge(kind);
            }
            count = Math.max(1, fewer(kind, count));
        }
        return new Payload(kind, compress ? "deflate" : "", body.toBytes(), count);
    }

    private <T> boolean fits(Payload.Kind kind, ItemWriter<T> writer, List<T> items, int count) {
        body.reset();
        try {
            writer.write(items, count, body);
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory cannot fail", impossible);
        }
        body.finish();
        return body.plainBytes() <= kind.maxPlainBytes() && body.size() <= kind.maxBytes();
    }

    /** So many that the larger of the two excesses is gone, with a tenth to spare. */
    private int fewer(Payload.Kind kind, int count) {
        double plain = (double) kind.maxPlainBytes() / body.plainBytes();
        double sent = (double) kind.maxBytes() / body.size();
        return (int) (count * Math.min(0.9, 0.9 * Math.min(plain, sent)));
    }
}
