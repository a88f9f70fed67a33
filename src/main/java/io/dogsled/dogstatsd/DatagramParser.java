package io.dogsled.dogstatsd;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.dogstatsd.listeners.DatagramHandler;
import io.dogsled.metrics.SampleSink;

/**
 * One datagram → its lines → what they say (protocol.md §1.2; Agent: server_worker.go). A line ends with LF or CR LF, the last one
 * also with the datagram. Empty lines are skipped; a bad line is counted under its reason, and only that line is lost. Owned by the
 * thread that hands the datagrams over.
 */
final class DatagramParser implements DatagramHandler {
    private static final String EVENT_PREFIX = "_e{";
    private static final String CHECK_PREFIX = "_sc";

    private final boolean eolRequired;
    private final SampleSink sink;
    private final Clock clock;
    private final Counters counters;
    private final RejectionListener rejections;
    private final MetricParser metrics;
    private final PlainLine plain;
    private final EventParser events;
    private final ServiceCheckParser checks;

    /** Lines of this datagram that were understood; published once a datagram. */
    private int parsed;

    DatagramParser(Config.Dogstatsd config, SampleSink sink, Instruments instruments, RejectionListener rejections) {
        this.eolRequired = config.eolRequired();
        this.sink = sink;
        this.clock = instruments.clock();
        this.counters = instruments.counters();
        this.rejections = rejections;
        this.metrics = new MetricParser(config.readTimestamps(), counters);
        this.plain = new PlainLine(metrics.sample());
        this.events = new EventParser(config.tags());
        this.checks = new ServiceCheckParser(config.tags());
    }

    @Override
    public void onDatagram(byte[] buffer, int length) {
        counters.increment(Counter.DATAGRAMS);
        counters.add(Counter.BYTES, length);
        onPacket(buffer, length);
    }

    /** The same for datagrams that have been counted and joined with LF. */
    void onPacket(byte[] buffer, int length) {
        sink.beginDatagram(clock.nowMs());
        parsed = 0;
        try {
            readLines(buffer, length);
        } finally {
            sink.endDatagram();
            counters.add(Counter.PARSED, parsed);
        }
    }

    private void readLines(byte[] buffer, int length) {
        int start = 0;
        int plainLines = 0;
        while (start < length) {
            if (plain.parse(buffer, start, length) && !(eolRequired && plain.end() == length)) {
                sink.accept(metrics.sample());
                plainLines++;
                start = plain.end() + 1;
            } else {
                start = readAnyLine(buffer, start, length);
            }
        }
        parsed += plainLines;
    }

    /** Reads the line that begins at {@code start} and returns where the next one does. */
    private int readAnyLine(byte[] buffer, int start, int length) {
        int lineFeed = Bytes.indexOfFar(buffer, start, length, '\n');
        if (lineFeed == length && eolRequired) {
            reject(Rejection.UNTERMINATED, buffer, start, length);
            return length;
        }
        int end = lineFeed > start && buffer[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
        if (end > start) {
            readLine(buffer, start, end);
        }
        return lineFeed + 1;
    }

    private void readLine(byte[] buffer, int start, int end) {
        if (buffer[start] != '_') {
            readMetric(buffer, start, end);
        } else if (Bytes.startsWith(buffer, start, end, EVENT_PREFIX)) {
            if (events.parse(buffer, start, end)) {
                parsed++;
                sink.accept(events.event());
            } else {
                reject(events.rejection(), buffer, start, end);
            }
        } else if (Bytes.startsWith(buffer, start, end, CHECK_PREFIX)) {
            if (checks.parse(buffer, start, end)) {
                parsed++;
                sink.accept(checks.check());
            } else {
                reject(checks.rejection(), buffer, start, end);
            }
        } else {
            readMetric(buffer, start, end);
        }
    }

    private void readMetric(byte[] buffer, int start, int end) {
        if (metrics.parse(buffer, start, end)) {
            parsed++;
            sink.accept(metrics.sample());
        } else {
            reject(metrics.rejection(), buffer, start, end);
        }
    }

    private void reject(Rejection rejection, byte[] buffer, int start, int end) {
        counters.increment(rejection.counter());
        rejections.onRejection(rejection, buffer, start, end);
    }
}
