package io.dogsled.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformEventsTest {
    private static final String DONE =
            "{\"time\":\"2023-11-14T22:13:20.001Z\",\"type\":\"platform.runtimeDone\",\"record\":{\"requestId\":\"r1\","
                    + "\"status\":\"success\",\"metrics\":{\"durationMs\":12.5,\"producedBytes\":7},\"spans\":[{\"name\":\"x\"},7,"
                    + "{\"durationMs\":3.25,\"name\":\"responseLatency\"}]}}";

    private final Counters counters = new Counters();
    private final List<PlatformEvent> events = new ArrayList<>();

    @Test
    void theEndOfAnInvocationIsRead() {
        read("[" + DONE + "]");

        assertThat(events)
                .containsExactly(new PlatformEvent(
                        PlatformEvent.Kind.RUNTIME_DONE,
                        "platform.runtimeDone",
                        "2023-11-14T22:13:20.001Z",
                        "r1",
                        "success",
                        "",
                        events.getFirst().measures()));
        Measures measures = events.getFirst().measures();
        assertThat(measures.get(Measure.DURATION)).isEqualTo(12.5);
        assertThat(measures.get(Measure.PRODUCED_BYTES)).isEqualTo(7);
        assertThat(measures.get(Measure.RESPONSE_LATENCY)).isEqualTo(3.25);
        assertThat(measures.get(Measure.RESPONSE_DURATION)).as("not told").isEqualTo(-1);
        assertThat(unreadable()).isZero();
    }

    @Test
    void allTypesComeInTheOrderOfTheBatchAndUnknownOnesAreKeptApart() {
        read("[{\"type\":\"platform.start\",\"record\":{\"requestId\":\"r1\"}},{\"type\":\"platform.futureThing\"},"
                + DONE + ",{\"type\":\"platform.report\",\"record\":{\"requestId\":\"r1\",\"status\":\"timeout\","
                + "\"errorType\":\"Sandbox.Timedout\",\"metrics\":{\"durationMs\":3000}}},"
                + "{\"type\":\"platform.logsDropped\",\"record\":{\"droppedRecords\":5}},"
                + "{\"type\":\"function\",\"record\":\"a log line\"}]");

        assertThat(events)
                .extracting(PlatformEvent::kind)
                .containsExactly(
                        PlatformEvent.Kind.START,
                        PlatformEvent.Kind.OTHER,
                        PlatformEvent.Kind.RUNTIME_DONE,
                        PlatformEvent.Kind.REPORT,
                        PlatformEvent.Kind.LOGS_DROPPED,
                        PlatformEvent.Kind.OTHER);
        PlatformEvent report = events.get(3);
        assertThat(report.status()).isEqualTo("timeout");
        assertThat(report.errorType()).isEqualTo("Sandbox.Timedout");
        assertThat(report.measures().get(Measure.DURATION))
                .as("an integer where a double is expected")
                .isEqualTo(3000);
    }

    @Test
    void theRecordMayStandBeforeTheType() {
        read(
                "[{\"record\":{\"requestId\":\"r1\",\"tracing\":{\"requestId\":\"no\"}},\"type\":\"platform.runtimeDone\"}]");

        assertThat(events.getFirst().kind()).isEqualTo(PlatformEvent.Kind.RUNTIME_DONE);
        assertThat(events.getFirst().requestId()).isEqualTo("r1");
        assertThat(events.getFirst().measures().get(Measure.DURATION))
                .as("metrics are missing")
                .isEqualTo(-1);
    }

    @Test
    void fieldsOfAnUnexpectedTypeAreAsIfMissing() {
        read(
                "[{\"type\":\"platform.runtimeDone\",\"time\":5,\"record\":{\"requestId\":9,\"status\":null,\"metrics\":[1]}},"
                        + "7,null,[{\"type\":\"platform.start\"}]]");

        assertThat(events)
                .containsExactly(new PlatformEvent(
                        PlatformEvent.Kind.RUNTIME_DONE, "platform.runtimeDone", "", "", "", "", Measures.NONE));
        assertThat(unreadable()).isZero();
    }

    @Test
    void whatCameBeforeAFaultCounts() {
        read("[" + DONE + ",{\"type\":");

        assertThat(events).hasSize(1);
        assertThat(unreadable()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "nonsense", "[", "[1", "\u0000", "[{\"type\":\"platform.start\"}"})
    void whatIsNoBatchIsCountedAndIgnored(String text) {
        read(text);

        assertThat(unreadable()).isEqualTo(1);
    }

    @Test
    void numbersThatNobodyWantsAreNotRead() {
        byte[] bytes = ("[" + DONE + "]").getBytes(StandardCharsets.UTF_8);
        new PlatformEvents(counters, false).read(bytes, 0, bytes.length, events::add);

        assertThat(events.getFirst().measures()).isSameAs(Measures.NONE);
        assertThat(events.getFirst().status()).isEqualTo("success");
    }

    @Test
    void anEmptyBatchIsABatch() {
        read("[]");

        assertThat(events).isEmpty();
        assertThat(unreadable()).isZero();
    }

    @Test
    void noBytesWhateverMakeItThrow() {
        long seed = Long.getLong("dogsled.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] valid = ("[" + DONE + "]").getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = valid.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(bytes.length + 1);
            try {
                new PlatformEvents(counters, true).read(bytes, 0, length, events::add);
            } catch (RuntimeException thrown) {
                throw new AssertionError("replay with -Ddogsled.seed=" + seed, thrown);
            }
        }
    }

    private void read(String batch) {
        byte[] bytes = ("12345678" + batch).getBytes(StandardCharsets.UTF_8);
        new PlatformEvents(counters, true).read(bytes, 8, bytes.length - 8, events::add);
    }

    private long unreadable() {
        return counters.value(Counter.TELEMETRY_UNREADABLE);
    }
}
