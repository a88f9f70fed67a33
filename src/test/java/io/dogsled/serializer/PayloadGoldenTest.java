package io.dogsled.serializer;

import io.dogsled.metrics.Event;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.ServiceCheck;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The exact bytes of every kind of payload, before compression. */
class PayloadGoldenTest {
    private final PayloadSerializer serializer = new PayloadSerializer(false);

    @Test
    void everySeriesType() throws IOException {
        MetricBatch batch = Batches.of(
                1_700_000_003,
                "orders.placed:1:2|c|@0.5|#env:dev,team:a",
                "queue.depth:-7.5|g",
                "users:ann|s|#env:dev",
                "users:bob|s|#env:dev",
                "zero:0|c",
                "late:3|c|T1699999001",
                "latency:1:20:3|ms|#route:/cart");
        check("types", batch);
    }

    @Test
    void pointsOfOneContextThatFollowEachOtherAreOneSeries() throws IOException {
        check("grouped", Batches.of(1_700_000_003, "a:1|c|#x:y", "a:2|c|#x:y|T1699999991", "a:3|c|#x:y|T1699999992"));
    }

    @Test
    void someTagsBecomeResources() throws IOException {
        MetricBatch batch = Batches.of(
                1_700_000_003,
                "disk:1|g|#device:sda,dd.internal.resource:queue:arn:aws:sqs,env:dev",
                "disk:1|g|#device:,dd.internal.resource:queue,dd.internal.resource::x,dd.internal.resource:y:,devices:2");
        check("resources", batch);
    }

    @Test
    void textsAreWrittenAsTheirBytes() throws IOException {
        check("unicode", Batches.of(1_700_000_003, "größe:1|g|#straße:weiß,emoji:🐕"));
    }

    @Test
    void sketches() throws IOException {
        MetricBatch batch = Batches.of(
                1_700_000_003,
                "request.size:0:1:10:100:-5:1e-9:1e9|d|#env:dev,route:/cart",
                "request.size:5|d|@0.001|#env:dev,route:/cart|T1699999985",
                "other:0|d");
        Golden.check("sketches", serializer.sketches(batch.sketches(), 100));
    }

    @Test
    void events() throws IOException {
        List<Event> events = List.of(
                new Event(
                        "deploy",
                        "v2 \"is\" out\n\u0001€ 🐕",
                        1_700_000_001,
                        "low",
                        "web-1",
                        List.of("env:dev", "a"),
                        "success",
                        "key",
                        "ci"),
                new Event("plain", "", 1_700_000_002, "normal", "", List.of(), "info", "", ""),
                new Event("second of ci", "x", 1_700_000_003, "normal", "", List.of("b"), "error", "", "ci"));
        Golden.check("events", serializer.events(events, 100));
    }

    @Test
    void checks() throws IOException {
        List<ServiceCheck> checks = List.of(
                new ServiceCheck("db.up", 0, 1_700_000_001, "web-1", "fine", List.of("env:dev", "shard:1")),
                new ServiceCheck("db.up", 3, 1_700_000_002, "", "", List.of()));
        Golden.check("checks", serializer.checks(checks, 100));
    }

    private void check(String name, MetricBatch batch) throws IOException {
        Golden.check(name, serializer.series(batch.series(), 1_000));
    }
}
