package io.dogsled.it.contract;

import static io.dogsled.it.Platform.EXTENSION;
import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Fault;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Mode;
import io.dogsled.it.Platform;
import io.dogsled.testing.ContractCase;
import io.dogsled.testserver.DecodedPayload.SketchPoint;
import io.dogsled.testserver.IntakeView.Distribution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the platform says of invocations becomes {@code aws.lambda.enhanced.*}, if it is asked for. */
@Timeout(60)
class EnhancedIT {
    private static final String PREFIX = "aws.lambda.enhanced.";
    private static final String ARN = "arn:aws:lambda:us-east-1:123456789012:function:sample";

    @RegisterExtension
    private final Trial trial = new Trial().with("DD_ENHANCED_METRICS", "true");

    /** Reports as the platform wrote them, kept back from the extension. */
    private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();

    @Test
    @ContractCase("TEL-09")
    void aReportDuringTheNextInvocationCountsOnceAndAtItsOwnTime() {
        long tenMinutesAgoS = Instant.now().getEpochSecond() / 10 * 10 - 600;
        trial.start(event -> {
            if (event.equals("late")) {
                String report = "[" + withTime(nextReport(), Instant.ofEpochSecond(tenMinutesAgoS)) + "]";
                trial.sandbox().postTelemetry(report);
                trial.sandbox().postTelemetry(report);
            }
        });
        keepReportsBack();
        trial.succeeds("first");
        trial.succeeds("late");
        trial.shutdown();

        List<Distribution> durations = distributions("duration");
        assertThat(durations).hasSize(1);
        assertThat(durations.getFirst().points()).containsOnlyKeys(tenMinutesAgoS);
        assertThat(durations.getFirst().total().cnt()).isEqualTo(1);
        assertThat(durations.getFirst().context().tags()).contains("cold_start:true");
        assertThat(count("invocations")).isEqualTo(2);
    }

    @Test
    @ContractCase("TEL-10")
    void aReportThatComesAHundredMillisecondsAfterShutdownIsInTheFinalFlush() throws InterruptedException {
        keepReportsBack();
        trial.warmUp();
        reports.clear();
        // what waits for a flush makes that one the first step of the end; the wait for the report begins behind it
        trial.intake().latency(Duration.ofMillis(300));
        trial.send("rest:1|c");
        int events = trial.sandbox().marks(Mark.Kind.EVENT, EXTENSION).size();
        Thread platform = Thread.ofPlatform().start(() -> {
            if (trial.sandbox().await(Mark.Kind.EVENT, EXTENSION, events + 1, Trial.LONG)) {
                long dueNs = trial.sandbox()
                                .marks(Mark.Kind.EVENT, EXTENSION)
                                .getLast()
                                .atNs()
                        + 100_000_000;
                String report = "[" + nextReport() + "]";
                LockSupport.parkNanos(dueNs - System.nanoTime());
                trial.sandbox().postTelemetry(report);
            }
        });

        trial.shutdown();
        platform.join();

        assertThat(count("duration")).isEqualTo(1);
        assertThat(trial.count("rest")).isEqualTo(1);
        assertThat(trial.ledger()).contains("\"lost\":{}");
    }

    @Test
    void withoutALastReportTheSandboxEndsInTimeAllTheSame() {
        keepReportsBack();
        trial.warmUp();

        trial.shutdown();

        long shutdownNs =
                trial.sandbox().marks(Mark.Kind.EVENT, EXTENSION).getLast().atNs();
        assertThat(Duration.ofNanos(trial.exit().atNs() - shutdownNs)).isLessThan(Duration.ofMillis(1_900));
        assertThat(distributions("duration")).isEmpty();
    }

    @Test
    @ContractCase("TEL-12")
    void anErrorAndATimeoutAreCountedOnceEach() {
        CountDownLatch never = new CountDownLatch(1);
        trial.emulator().timeout(Duration.ofSeconds(2));
        trial.with("DD_DOGSLED_FLUSH_BUDGET_MS", "1000");
        trial.start(event -> {
            if (event.equals("hang")) {
                awaitForEver(never);
            }
        });
        Platform.succeeds(trial.invoke("good"));
        trial.sandbox().rewriteTelemetry(EnhancedIT::failed);
        trial.invoke("reported as an error");
        trial.invoke("another");
        trial.sandbox().rewriteTelemetry(batch -> batch);

        assertThat(trial.invoke("hang").outcome()).isEqualTo(Invocation.Outcome.TIMEOUT);

        assertThat(count("invocations")).isEqualTo(4);
        assertThat(count("errors")).isEqualTo(3);
        assertThat(count("timeouts")).isEqualTo(1);
        never.countDown();
    }

    @Test
    void invocationsAreMeasuredAndTheAccountIsATag() {
        for (int i = 0; i < 10; i++) {
            trial.succeeds("{}");
        }
        trial.shutdown();

        for (String each : List.of(
                "invocations", "runtime_duration", "duration", "billed_duration", "memorysize", "max_memory_used")) {
            assertThat(count(each)).as(each).isEqualTo(10);
        }
        assertThat(count("init_duration")).isEqualTo(1);
        assertThat(count("errors")).isZero();
        for (Distribution one : trial.intake().intake().sketches()) {
            assertThat(one.context().tags())
                    .contains("account_id:123456789012", "functionname:sample", "region:us-east-1")
                    .noneMatch(tag -> tag.endsWith(":") || tag.contains("null"));
        }
    }

    @Test
    void withoutAnAccountThereIsNoSuchTag() {
        trial.emulator().accountId("");
        trial.script(
                Fault.Route.REGISTER,
                Fault.body(body ->
                        body.replaceAll("\"accountId\":\"[^\"]*\",?", "").replace(",}", "}")));
        trial.warmUp();
        trial.shutdown();

        assertThat(count("invocations")).isPositive();
        for (Distribution one : trial.intake().intake().sketches()) {
            assertThat(one.context().tags())
                    .noneMatch(tag -> tag.startsWith("account_id") || tag.startsWith("aws_account"));
        }
    }

    @Test
    void theTagsAreThoseOfTheInvocationsOwnArn() {
        for (String qualifier : List.of("7", "live", "live")) {
            Invocation.Request request = Invocation.Request.of("{}").withArn(ARN + ":" + qualifier);
            Platform.succeeds(trial.sandbox().invoke(request).result().join());
        }
        trial.shutdown();

        assertThat(tagged("duration", "resource:sample:7")).isEqualTo(1);
        assertThat(tagged("duration", "resource:sample:live")).isEqualTo(2);
        assertThat(tagged("runtime_duration", "resource:sample:live")).isEqualTo(2);
    }

    @Test
    void onManagedInstancesStartsAndReportsAreEnough() {
        trial.emulator().mode(Mode.MANAGED_INSTANCES);
        for (int i = 0; i < 5; i++) {
            trial.succeeds("{}");
        }
        trial.shutdown();

        assertThat(count("invocations")).isEqualTo(5);
        assertThat(count("duration")).isEqualTo(5);
        assertThat(distributions("billed_duration")).isEmpty();
        assertThat(distributions("runtime_duration")).isEmpty();
    }

    private void keepReportsBack() {
        trial.sandbox().rewriteTelemetry(batch -> {
            List<String> kept =
                    batch.stream().filter(event -> isOf(event, "report")).toList();
            reports.addAll(kept);
            return batch.stream().filter(event -> !isOf(event, "report")).toList();
        });
    }

    /** That of the invocation before: the platform makes it when everybody is done, and sends it after the thaw. */
    private String nextReport() {
        try {
            return String.valueOf(reports.poll(20, TimeUnit.SECONDS));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static List<String> failed(List<String> batch) {
        return batch.stream()
                .map(event -> isOf(event, "runtimeDone") ? event.replace("\"success\"", "\"error\"") : event)
                .toList();
    }

    private static boolean isOf(String event, String type) {
        return event.contains("\"platform." + type + "\"");
    }

    private static String withTime(String event, Instant time) {
        return event.replaceFirst("\"time\":\"[^\"]*\"", "\"time\":\"" + time + "\"");
    }

    private static void awaitForEver(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Distribution> distributions(String name) {
        return trial.intake().intake().sketches().stream()
                .filter(one -> one.context().metric().equals(PREFIX + name))
                .toList();
    }

    /** How many values came, whatever their tags. */
    private long count(String name) {
        return distributions(name).stream()
                .map(Distribution::total)
                .mapToLong(SketchPoint::cnt)
                .sum();
    }

    private long tagged(String name, String tag) {
        return distributions(name).stream()
                .filter(one -> one.context().tags().contains(tag))
                .map(Distribution::total)
                .mapToLong(SketchPoint::cnt)
                .sum();
    }
}
