package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.timgroup.statsd.Event;
import com.timgroup.statsd.NonBlockingStatsDClientBuilder;
import com.timgroup.statsd.ServiceCheck;
import com.timgroup.statsd.StatsDClient;
import com.timgroup.statsd.TagsCardinality;
import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.LogLine;
import io.dogsled.testserver.DecodedPayload;
import io.dogsled.testserver.IntakeView;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The official Java client as a guest of the packaged layer, over a real socket: everything it can emit arrives with its value,
 * in every mode of the client, and nothing else does. Clients of other languages: {@code .ci/clients}.
 */
@Timeout(60)
class JavaClientIT {
    private final TestServer intake = TestServer.newTestServer();
    private ScriptedFunction function;
    private int port;

    @BeforeEach
    void start() throws IOException {
        port = ScriptedFunction.freePort();
        function = ScriptedFunction.start(
                Emulator.newEmulator()
                        .layer(Packaged.layer())
                        .variable("DD_API_KEY", "0123456789abcdef")
                        .variable("DD_DD_URL", intake.url())
                        .variable("DD_DOGSTATSD_PORT", String.valueOf(port))
                        .variable("DD_DOGSLED_CONTROL_PORT", "0"),
                port);
        function.invoke("{}");
        // sets and histograms are per bucket of ten seconds: everything below is to fall into one
        await().atMost(Duration.ofSeconds(6)).until(() -> System.currentTimeMillis() % 10_000 < 6_000);
    }

    @AfterEach
    void close() {
        function.close();
        intake.close();
    }

    @Test
    void everyMetricArrivesWithItsValue() {
        try (StatsDClient client = plain().build()) {
            emitEveryType(client);
        }
        IntakeView view = shutDown(17);

        assertEveryType(view);
    }

    @Test
    void everyMetricArrivesWithItsValueWhenTheClientAggregates() {
        try (StatsDClient client = plain().enableAggregation(true).build()) {
            emitEveryType(client);
        }
        IntakeView view = shutDown(13); // two of them are one context in another spelling

        assertEveryType(view);
    }

    @Test
    void aSampleStandsForAsManyAsItsRateSays() {
        int each = 200;
        try (StatsDClient client = plain().build()) {
            for (int i = 0; i < each; i++) {
                client.count("rated.count", 3, 0.5, "a:b");
                client.histogram("rated.histogram", 7, 0.25);
                client.time("rated.time", 7, 0.5);
                client.distribution("rated.distribution", 7, 0.125);
                client.gauge("rated.gauge", 7, 0.5);
            }
        }
        IntakeView view = shutDown(-1);

        double counts = view.countTotal("rated.count", "a:b") / (3 / 0.5);
        double histograms = view.countTotal("rated.histogram.count") * 0.25;
        double times = view.countTotal("rated.time.count") * 0.5;
        double distributions = view.sketchTotal("rated.distribution").cnt() * 0.125;
        assertThat(List.of(counts, histograms, times, distributions)).allSatisfy(sent -> {
            assertThat(sent).as("samples sent: a whole number").isEqualTo(Math.rint(sent));
            assertThat(sent).isBetween(1.0, each - 1.0);
        });
        assertThat(view.lastGauge("rated.gauge")).isEqualTo(7);
        double gauges = received() - counts - histograms - times - distributions;
        assertThat(gauges).as("what is left of the samples received").isBetween(1.0, each - 1.0);
    }

    @Test
    void timestampedCountsAndGaugesArriveAtTheirSecond() {
        long then = System.currentTimeMillis() / 1000 - 3_600;
        try (StatsDClient client = plain().build()) {
            client.countWithTimestamp("then.count", 2, then, "a:b");
            client.countWithTimestamp("then.count", 3.5, then, "a:b");
            client.countWithTimestamp("then.count", 1, then + 1, "a:b");
            client.gaugeWithTimestamp("then.gauge", 4.25, then);
            client.gaugeWithTimestamp("then.gauge", 5, then + 20);
        }
        IntakeView view = shutDown(5);

        assertThat(points(view.counts(), "then.count")).isEqualTo(Map.of(then, 5.5, then + 1, 1.0));
        assertThat(points(view.gauges(), "then.gauge")).isEqualTo(Map.of(then, 4.25, then + 20, 5.0));
    }

    @Test
    void severalValuesInOneLineAllCount() {
        try (var client = plain().buildDirectStatsDClient()) {
            client.recordDistributionValues("packed", new double[] {1, 2.5, -3}, 1, "a:b");
            client.recordDistributionValues("packed", new long[] {10, 20}, 1, "a:b");
        }
        DecodedPayload.SketchPoint sketch = shutDown(5).sketchTotal("packed", "a:b");

        assertThat(sketch.cnt()).isEqualTo(5);
        assertThat(sketch.sum()).isEqualTo(30.5);
        assertThat(sketch.min()).isEqualTo(-3);
        assertThat(sketch.max()).isEqualTo(20);
    }

    @Test
    void eventsArriveWithEveryField() {
        long then = System.currentTimeMillis() / 1000 - 60;
        try (StatsDClient client = plain().constantTags("constant:1").build()) {
            client.recordEvent(
                    Event.builder()
                            .withTitle("Größe")
                            .withText("two\nlines | with a bar")
                            .withDate(then * 1000)
                            .withHostname("somewhere")
                            .withAggregationKey("key")
                            .withPriority(Event.Priority.LOW)
                            .withSourceTypeName("java")
                            .withAlertType(Event.AlertType.ERROR)
                            .withTagsCardinality(TagsCardinality.LOW)
                            .build(),
                    "a:b");
        }

        assertThat(shutDown(1).events()).singleElement().satisfies(event -> {
            assertThat(event.title()).isEqualTo("Größe");
            assertThat(event.text()).isEqualTo("two\nlines | with a bar");
            assertThat(event.timestampS()).isEqualTo(then);
            assertThat(event.host()).isEqualTo("somewhere");
            assertThat(event.aggregationKey()).isEqualTo("key");
            assertThat(event.priority()).isEqualTo("low");
            assertThat(event.sourceTypeName()).isEqualTo("java");
            assertThat(event.alertType()).isEqualTo("error");
            assertThat(event.tags()).containsExactlyInAnyOrder("a:b", "constant:1");
        });
    }

    @Test
    void checksArriveWithEveryFieldAndStatus() {
        int then = (int) (System.currentTimeMillis() / 1000 - 60);
        try (StatsDClient client = plain().build()) {
            for (ServiceCheck.Status status : ServiceCheck.Status.values()) {
                client.serviceCheck(ServiceCheck.builder()
                        .withName("check." + status)
                        .withStatus(status)
                        .withHostname("somewhere")
                        .withTimestamp(then)
                        .withMessage("it is\n" + status)
                        .withTags(new String[] {"a:b"})
                        .build());
            }
        }

        assertThat(shutDown(4).checks())
                .containsExactlyInAnyOrderElementsOf(Stream.of(ServiceCheck.Status.values())
                        .map(status -> new DecodedPayload.Check(
                                "check." + status,
                                "somewhere",
                                then,
                                status.ordinal(),
                                "it is\\n" + status, // the client escapes, nobody unescapes
                                List.of("a:b")))
                        .toList());
    }

    @Test
    void theTelemetryOfTheClientArrives() {
        try (StatsDClient client =
                plain().enableTelemetry(true).telemetryFlushInterval(50).build()) {
            emitEveryType(client);
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                function.invoke("{}");
                assertThat(telemetryTotal("datadog.dogstatsd.client.metrics")).isEqualTo(14); // it does not count sets
            });
        }

        assertThat(telemetryTotal("datadog.dogstatsd.client.packets_dropped")).isZero();
        assertEveryType(intake.intake());
    }

    private void emitEveryType(StatsDClient client) {
        client.incrementCounter("all.count", "a:b", "ü:é");
        client.count("all.count", 41, "ü:é", "a:b");
        client.decrementCounter("all.count", "a:b", "ü:é");
        client.count("all.decimals", 0.25);
        client.count("all.decimals", 1.5);
        client.gauge("all.gauge", 12.0, "a:b"); // a whole one would make the aggregating client cut the next to -2
        client.recordGaugeValue("all.gauge", -2.5, "a:b");
        client.recordSetValue("all.set", "anne", "a:b");
        client.recordSetValue("all.set", "bob", "a:b");
        client.recordSetValue("all.set", "anne", "a:b");
        client.histogram("all.histogram", 1, 1.0, TagsCardinality.HIGH, "a:b");
        client.recordHistogramValue("all.histogram", 4.5, "a:b");
        client.histogram("all.histogram", 2, "a:b");
        client.time("all.time", 250, "a:b");
        client.recordExecutionTime("all.time", 750, 1.0, TagsCardinality.LOW, "a:b");
        client.distribution("all.distribution", 1.5, "a:b");
        client.recordDistributionValue("all.distribution", 9, "a:b");
    }

    private static void assertEveryType(IntakeView view) {
        assertThat(view.countTotal("all.count", "a:b", "ü:é")).isEqualTo(41);
        assertThat(view.countTotal("all.decimals")).isEqualTo(1.75);
        assertThat(view.lastGauge("all.gauge", "a:b")).isEqualTo(-2.5);
        assertThat(view.lastGauge("all.set", "a:b")).isEqualTo(2);
        assertThat(view.countTotal("all.histogram.count", "a:b")).isEqualTo(3);
        assertThat(view.lastGauge("all.histogram.max", "a:b")).isEqualTo(4.5);
        assertThat(view.lastGauge("all.histogram.median", "a:b")).isEqualTo(2);
        assertThat(view.lastGauge("all.histogram.avg", "a:b")).isEqualTo(2.5);
        assertThat(view.lastGauge("all.histogram.95percentile", "a:b")).isEqualTo(4.5);
        assertThat(view.countTotal("all.time.count", "a:b")).isEqualTo(2);
        assertThat(view.lastGauge("all.time.max", "a:b")).isEqualTo(750);
        assertThat(view.lastGauge("all.time.avg", "a:b")).isEqualTo(500);
        DecodedPayload.SketchPoint sketch = view.sketchTotal("all.distribution", "a:b");
        assertThat(sketch.cnt()).isEqualTo(2);
        assertThat(sketch.sum()).isEqualTo(10.5);
        assertThat(view.problems()).isEmpty();
    }

    private NonBlockingStatsDClientBuilder plain() {
        return new NonBlockingStatsDClientBuilder()
                .hostname("127.0.0.1")
                .port(port)
                .blocking(true)
                .enableAggregation(false)
                .enableTelemetry(false)
                .originDetectionEnabled(false);
    }

    /** Ends the sandbox; {@code samples} were received and delivered, or any number if it is negative. */
    private IntakeView shutDown(int samples) {
        function.invoke("{}");
        function.sandbox().shutdown();
        if (samples >= 0) {
            assertThat(received()).as(ledger()).isEqualTo(samples);
        }
        String delivered = "\"received\":" + received() + ",\"delivered\":" + received() + ",\"held\":0";
        assertThat(ledger()).contains(delivered).contains("\"rejected\":{}");
        assertThat(intake.intake().problems()).isEmpty();
        return intake.intake();
    }

    private int received() {
        return Integer.parseInt(ledger().replaceAll(".*\"received\":([0-9]+).*", "$1"));
    }

    private String ledger() {
        return function.sandbox().lines().stream()
                .map(LogLine::text)
                .filter(line -> line.contains("DOGSLED ledger {"))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private double telemetryTotal(String metric) {
        return intake.intake().counts().stream()
                .filter(count -> count.context().metric().equals(metric))
                .mapToDouble(IntakeView.Scalar::total)
                .sum();
    }

    private static Map<Long, Double> points(List<IntakeView.Scalar> series, String metric) {
        return series.stream()
                .filter(scalar -> scalar.context().metric().equals(metric))
                .findFirst()
                .orElseThrow()
                .points();
    }
}
