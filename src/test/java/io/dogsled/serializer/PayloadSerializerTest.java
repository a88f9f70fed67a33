package io.dogsled.serializer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Receipt;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.SeriesPoint.Kind;
import io.dogsled.metrics.SeriesPoint.Value;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.metrics.SketchPoint;
import io.dogsled.metrics.Text;
import io.dogsled.testserver.DecodedPayload;
import io.dogsled.testserver.PayloadDecoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadSerializerTest {
    private final PayloadSerializer serializer = new PayloadSerializer(true);

    @Test
    void aPayloadTakesTenThousandPointsAtMost() {
        List<SeriesPoint> points = points(10_001, 10, false);
        Payload first = serializer.series(points, Integer.MAX_VALUE);
        assertThat(first.items()).isEqualTo(10_000);
        assertThat(first.contentEncoding()).isEqualTo("deflate");
        assertThat(decoded(first).series()).hasSize(10_000);
        Payload second = serializer.series(points.subList(first.items(), points.size()), Integer.MAX_VALUE);
        assertThat(second.items()).isEqualTo(1);
        assertThat(decoded(second).series().getFirst().metric()).isEqualTo("m10000");
    }

    @Test
    void theCallerMayAskForLess() {
        Payload payload = serializer.series(points(100, 10, false), 7);
        assertThat(payload.items()).isEqualTo(7);
        assertThat(decoded(payload).series()).hasSize(7);
    }

    /** What does not compress: the bound on the body as sent counts, half a megabyte. */
    @Test
    void noBodyIsLargerThanTheIntakeTakes() {
        List<SeriesPoint> points = points(3_000, 900, true);
        int taken = 0;
        int payloads = 0;
        while (taken < points.size()) {
            Payload payload = serializer.series(points.subList(taken, points.size()), Integer.MAX_VALUE);
            assertThat(payload.tooLarge()).isFalse();
            assertThat(payload.body()).hasSizeBetween(1, 512_000);
            taken += payload.items();
            payloads++;
        }
        assertThat(taken).isEqualTo(points.size());
        assertThat(payloads).as("payloads are reasonably full").isLessThan(10);
    }

    /** What compresses well: the bound before compression counts, five megabytes. */
    @Test
    void noPlainBodyIsLargerThanTheIntakeTakes() {
        List<SeriesPoint> points = points(3_000, 4_000, false);
        Payload payload = new PayloadSerializer(false).series(points, Integer.MAX_VALUE);
        assertThat(payload.body()).hasSizeBetween(400_000, 512_000);
        Payload compressed = serializer.series(points, Integer.MAX_VALUE);
        assertThat(compressed.items()).isBetween(1_200, 1_310);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anItemThatNoPayloadHoldsIsSaidToBeTooLarge(boolean compress) {
        List<SeriesPoint> points = new ArrayList<>(points(1, 6_000_000, false));
        points.addAll(points(1, 10, false));
        Payload payload = new PayloadSerializer(compress).series(points, 10);
        assertThat(payload.tooLarge()).isTrue();
        assertThat(payload.items()).isEqualTo(1);
        assertThat(payload.body()).isEmpty();
    }

    @Test
    void anItemTooLargeInTheMiddleDoesNotHarmThoseBeforeIt() {
        List<SeriesPoint> points = new ArrayList<>(points(3, 10, false));
        points.addAll(points(1, 6_000_000, false));
        assertThat(serializer.series(points, 10).items()).isEqualTo(3);
        assertThat(serializer.series(points.subList(3, 4), 10).tooLarge()).isTrue();
    }

    @Test
    void manyLargeSketchesAreSplit() {
        StringBuilder line = new StringBuilder("d");
        for (int i = 0; i < 4_000; i++) {
            line.append(':').append(Math.pow(1.015625, i - 1_300));
        }
        SketchPoint large = Batches.of(1_700_000_000, line + "|d").sketches().getFirst();
        List<SketchPoint> points = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Context context = new Context(MetricType.DISTRIBUTION, Text.of("d" + i), List.of());
            points.add(new SketchPoint(context, large.timestampS(), 1, new Receipt(), large.sketch()));
        }
        Payload payload = serializer.sketches(points, Integer.MAX_VALUE);
        assertThat(payload.items()).isBetween(200, 399);
        assertThat(decoded(payload).problems()).isEmpty();
        assertThat(decoded(payload).sketches()).hasSize(payload.items());
    }

    @Test
    void manyLargeEventsAndChecksAreSplit() {
        String text = "x".repeat(60_000);
        List<Event> events = Collections.nCopies(100, new Event("t", text, 1, "normal", "", List.of(), "info", "", ""));
        assertThat(serializer.events(events, 100).items()).isBetween(60, 69);
        List<ServiceCheck> checks = Collections.nCopies(100, new ServiceCheck("c", 0, 1, "", text, List.of()));
        assertThat(serializer.checks(checks, 100).items()).isBetween(60, 69);
    }

    /** Six bytes a character: more than expected, so the payload is written again with fewer. */
    @Test
    void textsThatGrowWhenEscapedAreSplitToo() {
        String text = "\u0001".repeat(60_000);
        List<Event> events = Collections.nCopies(50, new Event("t", text, 1, "normal", "", List.of(), "info", "", ""));
        Payload payload = serializer.events(events, 50);
        assertThat(payload.items()).isBetween(5, 11);
        assertThat(decoded(payload).events()).hasSize(payload.items());
    }

    @Test
    void bytesThatAreNoUtf8StayAsTheyAre() {
        byte[] name = {'a', (byte) 0xFF, (byte) 0xC0, 'b'};
        Context context = new Context(MetricType.GAUGE, Text.copyOf(name, 0, 4), List.of(Text.copyOf(name, 1, 3)));
        Value value = new Value(context.name(), Kind.GAUGE, 10, 1);
        SeriesPoint point = new SeriesPoint(context, 1, 1, new Receipt(), List.of(value));
        byte[] body = new PayloadSerializer(false).series(List.of(point), 1).body();
        assertThat(body).containsSequence(0x12, 4, 'a', 0xFF, 0xC0, 'b').containsSequence(0x1a, 2, 0xFF, 0xC0);
    }

    /** Round trip through the test server's decoder, which is another implementation. */
    @Test
    void whatWentInComesOut() {
        Random random = new Random(5);
        List<SeriesPoint> points = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            double value = i % 10 == 0 ? 0 : random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
            points.add(point("m" + i, value, 1_000_000L * random.nextInt(2_000)));
        }
        List<DecodedPayload.Series> series =
                decoded(serializer.series(points, points.size())).series();
        for (int i = 0; i < points.size(); i++) {
            DecodedPayload.Series one = series.get(i);
            assertThat(one.metric()).isEqualTo("m" + i);
            assertThat(one.intervalS()).isEqualTo(10);
            assertThat(one.points())
                    .containsExactly(new DecodedPayload.Point(
                            points.get(i).timestampS(),
                            points.get(i).values().getFirst().value()));
        }
    }

    private static DecodedPayload decoded(Payload payload) {
        return PayloadDecoder.decode(
                payload.kind().path(),
                Map.of("content-type", payload.kind().contentType(), "content-encoding", payload.contentEncoding()),
                payload.body());
    }

    private static List<SeriesPoint> points(int count, int tagLength, boolean random) {
        Random source = new Random(3);
        List<SeriesPoint> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String tag = "t:" + (random ? noise(source, tagLength) : "a".repeat(tagLength));
            Context context = new Context(MetricType.COUNT, Text.of("m" + i), List.of(Text.of(tag)));
            Value value = new Value(context.name(), Kind.COUNT, 10, i);
            points.add(new SeriesPoint(context, 1_700_000_000, 1, new Receipt(), List.of(value)));
        }
        return points;
    }

    /** What does not compress much. */
    private static String noise(Random source, int length) {
        byte[] bytes = new byte[length / 4 * 3];
        source.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static SeriesPoint point(String name, double value, long timestampS) {
        Context context = new Context(MetricType.GAUGE, Text.of(name), List.of());
        Value one = new Value(context.name(), Kind.GAUGE, 10, value);
        return new SeriesPoint(context, timestampS, 1, new Receipt(), List.of(one));
    }
}
