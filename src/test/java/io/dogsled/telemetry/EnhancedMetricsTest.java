package io.dogsled.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dogsled.base.Counter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnhancedMetricsTest {
    private static final String[] OF_DONE = {
        "runtime_duration", "response_latency", "produced_bytes",
    };
    private static final String[] OF_REPORT = {
        "duration", "billed_duration", "memorysize", "max_memory_used", "estimated_cost", "post_runtime_duration",
    };

    private final Enhanced sandbox = Enhanced.onDemand();

    @Test
    void anInvocationIsMeasuredInTheAgentsUnits() {
        sandbox.invoke("r1");
        sandbox.start("r1");
        sandbox.clock.advanceMs(1_400);
        sandbox.done("r1", "success");
        sandbox.clock.advanceMs(100);
        sandbox.report("r1", "success");

        assertThat(sandbox.value("invocations").value()).isEqualTo(1);
        assertThat(sandbox.value("runtime_duration").value()).as("ms").isEqualTo(1_400);
        assertThat(sandbox.value("response_latency").value()).as("ms").isEqualTo(4);
        assertThat(sandbox.value("produced_bytes").value()).isEqualTo(3);
        assertThat(sandbox.value("duration").value()).as("s").isEqualTo(1.5005, within(1e-12));
        assertThat(sandbox.value("billed_duration").value()).as("s").isEqualTo(1.501, within(1e-12));
        assertThat(sandbox.value("memorysize").value()).as("MB").isEqualTo(512);
        assertThat(sandbox.value("max_memory_used").value()).as("MB").isEqualTo(100);
        assertThat(sandbox.value("post_runtime_duration").value()).as("ms").isEqualTo(100.5);
        assertThat(sandbox.value("estimated_cost").value()).as("$").isBetween(0.00001, 0.000013);
        assertThat(sandbox.names())
                .as("what the records do not say is not sent as 0")
                .doesNotContain("response_duration", "init_duration", "errors", "timeouts", "out_of_memory");
        assertThat(sandbox.counters.value(Counter.ENHANCED)).isEqualTo(sandbox.values.size());
    }

    @Test
    void aReportThatComesInTheNextInvocationHasItsOwnTime() {
        sandbox.invoke("r1");
        sandbox.start("r1");
        sandbox.done("r1", "success");
        long endedS = sandbox.clock.nowMs() / 1_000;
        String late = "[" + sandbox.eventText("platform.report", "r1", ",\"metrics\":{\"durationMs\":9}") + "]";
        sandbox.clock.advanceMs(3_600_000);
        sandbox.invoke("r2");
        sandbox.clear();

        sandbox.batch(late);

        assertThat(sandbox.value("duration").timestampS()).isEqualTo(endedS);
        assertThat(sandbox.value("post_runtime_duration").timestampS()).isEqualTo(endedS);
        assertThat(sandbox.value("duration").tags()).as("the first one's").contains("cold_start:true");
    }

    @Test
    void aRecordWithoutATimeHasThatOfItsArrival() {
        sandbox.invoke("r1");
        sandbox.clock.advanceMs(5_000);

        sandbox.batch("[{\"time\":\"yesterday\",\"type\":\"platform.runtimeDone\",\"record\":{\"requestId\":\"r1\","
                + "\"metrics\":{\"durationMs\":2}}}]");

        assertThat(sandbox.value("runtime_duration").timestampS()).isEqualTo(sandbox.clock.nowMs() / 1_000);
        assertThat(sandbox.value("runtime_duration").value())
                .as("no pair of times")
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"success, 0, 0", "error, 1, 0", "failure, 1, 0", "timeout, 1, 1", "somethingNew, 0, 0"})
    void aFailureIsCountedOnceWhoeverTellsIt(String status, int errors, int timeouts) {
        sandbox.invoke("r1");
        sandbox.done("r1", status);
        sandbox.done("r1", status);
        sandbox.report("r1", status);
        sandbox.report("r1", status);
        sandbox.metrics.onShutdown(status);

        assertThat(Collections.frequency(sandbox.names(), "errors")).isEqualTo(errors);
        assertThat(Collections.frequency(sandbox.names(), "timeouts")).isEqualTo(timeouts);
        assertThat(Collections.frequency(sandbox.names(), "invocations")).isEqualTo(1);
    }

    @Test
    void anExtensionThatTookTooLongMakesATimeoutOfASuccess() {
        sandbox.invoke("r1");
        sandbox.done("r1", "success");
        sandbox.metrics.onShutdown("TIMEOUT");
        sandbox.report("r1", "timeout");

        assertThat(Collections.frequency(sandbox.names(), "errors")).isEqualTo(1);
        assertThat(Collections.frequency(sandbox.names(), "timeouts")).isEqualTo(1);
    }

    @Test
    void aCrashDuringAnInvocationIsAnErrorAndOneAfterItIsNone() {
        sandbox.invoke("r1");
        sandbox.metrics.onShutdown("failure");
        assertThat(sandbox.names()).containsExactly("invocations", "errors");

        Enhanced other = Enhanced.onDemand();
        other.invoke("r1");
        other.done("r1", "success");
        other.metrics.onShutdown("failure");
        assertThat(other.names()).doesNotContain("errors");
    }

    @ParameterizedTest
    @CsvSource({
        "error, '', 512, 1",
        "failure, '', 513, 1",
        "timeout, '', 512, 1",
        "success, '', 512, 0",
        "error, '', 511, 0",
        "error, Runtime.OutOfMemory, 100, 1"
    })
    void aFailureThatUsedAllMemoryIsOutOfMemory(String status, String errorType, int usedMb, int expected) {
        sandbox.invoke("r1");
        sandbox.event(
                "platform.report",
                "r1",
                ",\"status\":\"" + status + "\",\"errorType\":\"" + errorType
                        + "\",\"metrics\":{\"memorySizeMB\":512,\"maxMemoryUsedMB\":" + usedMb + "}");

        assertThat(Collections.frequency(sandbox.names(), "out_of_memory")).isEqualTo(expected);
        assertThat(Collections.frequency(sandbox.names(), "errors")).isEqualTo(status.equals("success") ? 0 : 1);
    }

    @Test
    void onlyTheFirstInvocationOfASandboxIsACold() {
        sandbox.invoke("r1");
        sandbox.event("platform.report", "r1", ",\"metrics\":{\"initDurationMs\":250}");
        sandbox.invoke("r2");

        assertThat(sandbox.value("init_duration").value()).as("s").isEqualTo(0.25);
        assertThat(sandbox.values.getFirst().tags()).contains("cold_start:true", "init_type:on-demand");
        assertThat(sandbox.values.getLast().tags()).contains("cold_start:false");
    }

    @Test
    void aSandboxThatWasReadyLongBeforeIsNoColdStart() {
        sandbox.clock.advanceMs(10_001);
        sandbox.invoke("r1");

        assertThat(sandbox.value("invocations").tags()).contains("cold_start:false", "proactive_initialization:true");
    }

    @ParameterizedTest
    @CsvSource({"snap-start", "provisioned-concurrency"})
    void aPreparedSandboxHasNoColdStartWhateverInitEventsAreReplayed(String type) {
        Enhanced prepared = new Enhanced(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", type));
        prepared.metrics.onSubscribed(200, true);
        prepared.batch(
                "[{\"time\":\"2023-11-13T00:00:00.000Z\",\"type\":\"platform.initStart\",\"record\":{\"phase\":\"init\"}},"
                        + "{\"time\":\"2023-11-13T00:00:01.000Z\",\"type\":\"platform.initReport\",\"record\":{\"metrics\":"
                        + "{\"durationMs\":900}}}]");
        assertThat(prepared.values).as("of the day of the snapshot").isEmpty();

        prepared.invoke("r1");
        prepared.event("platform.report", "r1", ",\"metrics\":{\"restoreDurationMs\":300}");

        assertThat(prepared.value("invocations").tags()).contains("cold_start:false", "init_type:" + type);
        assertThat(prepared.value("snapstart_restore_duration").value()).isEqualTo(0.3);
    }

    @Test
    void aSuccessorDoesNotCountWhatTheEngineBeforeItCounted() {
        sandbox.metrics.succeedAnother();
        sandbox.done("r1", "error");
        sandbox.report("r1", "error");

        assertThat(sandbox.names()).contains("errors", "duration").doesNotContain("invocations");
        assertThat(sandbox.value("duration").tags()).as("nobody knows").noneMatch(tag -> tag.startsWith("cold_start"));

        sandbox.invoke("r2");
        assertThat(sandbox.value("invocations").tags()).noneMatch(tag -> tag.startsWith("cold_start:true"));
    }

    @Test
    void theLifeBeforeAResetHasCountedItsErrorsItself() {
        sandbox.start("before");
        sandbox.done("before", "timeout");
        sandbox.report("before", "timeout");
        sandbox.invoke("r1");

        assertThat(sandbox.names()).doesNotContain("errors", "timeouts").contains("duration");
        assertThat(sandbox.value("invocations").tags()).as("the first one here").contains("cold_start:true");
    }

    @Test
    void onManagedInstancesInterleavedReportsAreEnough() {
        Enhanced managed = new Enhanced(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "lambda-managed-instances"));
        managed.metrics.onSubscribed(200, false);
        managed.start("r1");
        managed.start("r2");
        managed.event("platform.report", "r2", ",\"status\":\"error\",\"metrics\":{\"durationMs\":20}");
        managed.event("platform.report", "r1", ",\"status\":\"success\",\"metrics\":{\"durationMs\":10}");
        managed.event("platform.report", "r3", ",\"status\":\"success\",\"metrics\":{\"durationMs\":30}");

        assertThat(managed.names())
                .containsExactlyInAnyOrder(
                        "invocations", "invocations", "invocations", "duration", "duration", "duration", "errors");
        assertThat(managed.metrics.awaitsReport())
                .as("nothing says that no other request began")
                .isTrue();
    }

    @Test
    void aReportIsAwaitedOnlyIfItCanCome() {
        assertThat(sandbox.metrics.awaitsReport()).isFalse();
        sandbox.invoke("r1");
        assertThat(sandbox.metrics.awaitsReport()).isTrue();
        sandbox.report("r1", "success");
        assertThat(sandbox.metrics.awaitsReport()).isFalse();

        Enhanced local = new Enhanced(Map.of());
        local.metrics.onSubscribed(202, true);
        local.invoke("r1");
        assertThat(local.names()).containsExactly("invocations");
        assertThat(local.metrics.awaitsReport()).as("no telemetry").isFalse();
    }

    @Test
    void whatIsRememberedIsBounded() {
        for (int i = 0; i < 3 * Requests.MAX_OPEN; i++) {
            sandbox.invoke("lost-" + i);
        }
        sandbox.report("lost-0", "error");
        assertThat(sandbox.names()).as("forgotten, so it is a stranger").doesNotContain("errors");

        sandbox.report("lost-" + (3 * Requests.MAX_OPEN - 1), "error");
        assertThat(sandbox.names()).contains("errors");
    }

    /** Late, again, in another order, lost: never twice, and never missing if a record that says it has come. */
    @Test
    void anyOrderOfRecordsSaysEachThingOnce() {
        long seed = Long.getLong("dogsled.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Enhanced any = Enhanced.onDemand();
            any.invoke("r1");
            List<String> records = new ArrayList<>(List.of("start", "done", "report"));
            records.remove(random.nextInt(6) == 0 ? records.get(random.nextInt(3)) : "none");
            List<String> batch = new ArrayList<>(records);
            for (int i = random.nextInt(4); i > 0; i--) {
                batch.add(records.get(random.nextInt(records.size())));
            }
            Collections.shuffle(batch, random);
            for (String record : batch) {
                tell(any, record);
            }
            String how = batch + ", replay with -Ddogsled.seed=" + seed;
            assertThat(any.names()).as(how).doesNotHaveDuplicates().contains("invocations");
            assertThat(any.names().contains("errors"))
                    .as(how)
                    .isEqualTo(records.size() > 1 || !records.contains("start"));
            if (records.contains("done")) {
                assertThat(any.names()).as(how).contains(OF_DONE);
            }
            if (records.containsAll(List.of("done", "report"))) {
                assertThat(any.names()).as(how).contains(OF_REPORT);
            }
        }
    }

    private static void tell(Enhanced sandbox, String record) {
        switch (record) {
            case "start" -> sandbox.start("r1");
            case "done" -> sandbox.done("r1", "timeout");
            default -> sandbox.report("r1", "timeout");
        }
    }
}
