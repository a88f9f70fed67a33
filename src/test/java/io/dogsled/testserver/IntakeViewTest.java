package io.dogsled.testserver;

import static io.dogsled.testserver.WireSamples.series;
import static io.dogsled.testserver.WireSamples.sketch;
import static io.dogsled.testserver.WireSamples.sketches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dogsled.testserver.DecodedPayload.Bin;
import io.dogsled.testserver.DecodedPayload.SketchPoint;
import io.dogsled.testserver.IntakeView.Context;
import io.dogsled.testserver.IntakeView.Duplicate;
import io.dogsled.testserver.wire.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class IntakeViewTest {
    private static final long T = 1_700_000_000;

    private final IntakeMerge merge = new IntakeMerge();

    @Test
    void ofAPointThatCameTwiceTheLastValueWins() {
        deliver(series(series("orders", MetricType.COUNT, T, 3, "b:2", "a:1")));
        deliver(series(series("orders", MetricType.COUNT, T, 5, "a:1", "b:2")));
        deliver(series(series("orders", MetricType.COUNT, T + 10, 1, "a:1", "b:2")));
        IntakeView view = merge.view();
        assertThat(view.counts()).hasSize(1);
        assertThat(view.counts().getFirst().points()).isEqualTo(Map.of(T, 5.0, T + 10, 1.0));
        assertThat(view.countTotal("orders", "b:2", "a:1")).isEqualTo(6);
        assertThat(view.countTotal("orders")).isZero();
    }

    @Test
    void typesOfOneNameStayApart() {
        deliver(series(
                series("x", MetricType.COUNT, T, 1),
                series("x", MetricType.GAUGE, T, 2),
                series("x", MetricType.RATE, T, 3)));
        IntakeView view = merge.view();
        assertThat(view.countTotal("x")).isEqualTo(1);
        assertThat(view.lastGauge("x")).isEqualTo(2);
        assertThat(view.lastGauge("y")).isNaN();
        assertThat(view.rates().getFirst().last()).isEqualTo(3);
        assertThat(view.duplicates()).isEmpty();
    }

    @Test
    void sketchesOfOneSecondAddUp() {
        deliverSketches(sketches(sketch("d", T, List.of(1, 2), List.of(1, 1))));
        deliverSketches(sketches(sketch("d", T, List.of(2, 3), List.of(4, 1))));
        SketchPoint total = merge.view().sketchTotal("d", "env:t");
        assertThat(total.cnt()).isEqualTo(7);
        assertThat(total.sum()).isCloseTo(14, within(1e-9));
        assertThat(total.bins()).containsExactly(new Bin(1, 1), new Bin(2, 5), new Bin(3, 1));
        assertThat(merge.view().sketchTotal("d").cnt()).isZero();
    }

    @Test
    void theTotalOfADistributionSpansItsSeconds() {
        deliverSketches(sketches(sketch("d", T, List.of(1), List.of(2)), sketch("d", T + 10, List.of(1), List.of(3))));
        IntakeView view = merge.view();
        assertThat(view.sketches().getFirst().points()).hasSize(2);
        assertThat(view.sketchTotal("d", "env:t"))
                .isEqualTo(new SketchPoint(T + 10, 5, 1, 3, 2, 10, List.of(new Bin(1, 5))));
    }

    @Test
    void duplicatesTellAResendFromANewerValue() {
        deliver(series(series("same", MetricType.GAUGE, T, 1), series("newer", MetricType.COUNT, T, 1)));
        deliver(series(series("same", MetricType.GAUGE, T, 1), series("newer", MetricType.COUNT, T, 2)));
        assertThat(merge.view().duplicates())
                .containsExactly(
                        new Duplicate("GAUGE", "same[]", T, List.of("1.0", "1.0"), true),
                        new Duplicate("COUNT", "newer[]", T, List.of("1.0", "2.0"), false));
    }

    @Test
    void aSketchAnEventAndACheckSentTwiceAreDuplicatesToo() {
        for (int i = 0; i < 2; i++) {
            deliverSketches(sketches(sketch("d", T, List.of(1), List.of(1))));
            deliverJson("/api/v1/check_run", "[{\"check\":\"c\",\"timestamp\":7,\"status\":0}]");
            deliverJson("/api/v1/events", "{\"title\":\"t\",\"text\":\"x\",\"date_happened\":7}");
        }
        IntakeView view = merge.view();
        assertThat(view.duplicates()).extracting(Duplicate::kind).containsExactly("SKETCH", "CHECK", "EVENT");
        assertThat(view.duplicates()).allMatch(Duplicate::same);
        assertThat(view.events()).hasSize(2);
        assertThat(view.checks()).hasSize(2);
    }

    @Test
    void contextsAreEqualWhateverTheOrderAndRepetitionOfTheirTags() {
        assertThat(Context.of("m", "b", "a", "b")).isEqualTo(Context.of("m", "a", "b"));
        assertThat(Context.of("m", "b", "a")).hasToString("m[a, b]");
    }

    @Test
    void problemsNameThePathTheyCameOn() {
        deliverJson("/api/v1/check_run", "nonsense");
        assertThat(merge.view().problems())
                .singleElement()
                .asString()
                .startsWith("/api/v1/check_run: the body is not JSON");
    }

    private void deliver(byte[] body) {
        merge.add("/api/v2/series", PayloadDecoder.decode("/api/v2/series", WireSamples.PROTOBUF, body));
    }

    private void deliverSketches(byte[] body) {
        merge.add("/api/beta/sketches", PayloadDecoder.decode("/api/beta/sketches", WireSamples.PROTOBUF, body));
    }

    private void deliverJson(String path, String body) {
        merge.add(path, PayloadDecoder.decode(path, Map.of(), body.getBytes(StandardCharsets.UTF_8)));
    }
}
