package io.dogsled.dogstatsd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A parser with its sink, driven by hand: feed datagrams, read what came of them. */
final class Parsed implements RejectionListener {
    private final Instruments instruments = Settings.instruments();
    private final List<Rejection> rejections = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final RecordingSink sink;
    private final DatagramParser parser;

    Parsed(Config.Dogstatsd config) {
        sink = new RecordingSink(DogStatsDServer.enricher(config, instruments));
        parser = new DatagramParser(config, sink, instruments, this);
    }

    static Parsed of(String datagram) {
        return new Parsed(Settings.defaults()).feed(datagram);
    }

    Parsed feed(String datagram) {
        return feed(datagram.getBytes(StandardCharsets.UTF_8));
    }

    /** In the middle of a larger buffer, so that a parser that reads on is caught. */
    Parsed feed(byte[] datagram) {
        byte[] buffer = new byte[datagram.length + 16];
        java.util.Arrays.fill(buffer, (byte) '1');
        System.arraycopy(datagram, 0, buffer, 0, datagram.length);
        parser.onDatagram(buffer, datagram.length);
        return this;
    }

    /** Forgets what came of the datagrams so far; the parser stays as it is. */
    void clear() {
        sink.clear();
        rejections.clear();
        errors.clear();
    }

    RecordingSink sink() {
        return sink;
    }

    /** The one sample, as parsed. */
    ObjectNode sample() {
        return only(sink.parsed());
    }

    ObjectNode event() {
        return only(sink.events());
    }

    ObjectNode check() {
        return only(sink.checks());
    }

    /** Why lines were rejected, in order. */
    List<Rejection> rejections() {
        return rejections;
    }

    /** The same in the Agent's words. */
    List<String> errors() {
        return errors;
    }

    long count(Counter counter) {
        return instruments.counters().value(counter);
    }

    long rejectedLines() {
        return instruments.counters().sum(Counter.Kind.REJECTED);
    }

    @Override
    public void onRejection(Rejection rejection, byte[] buffer, int from, int to) {
        rejections.add(rejection);
        errors.add(rejection.errorText(buffer, from, to));
    }

    private ObjectNode only(List<ObjectNode> all) {
        if (all.size() != 1) {
            throw new AssertionError("expected one, got " + all + ", rejected " + errors);
        }
        return all.getFirst();
    }
}
