package io.dogsled.it.flush;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.serializer.Payload;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.TestServer;
import java.time.Duration;
import java.util.List;

/** Rows about what the platform does: 7, 12 and 14. */
final class LastRows {
    private static final Duration SLOWER_THAN_SHUTDOWN = Duration.ofSeconds(10);

    private LastRows() {}

    /** Series are taken but not answered, so that what was tried can be seen; the rest is not even read. */
    static void slowAtShutdown(World world, Claims claims) {
        world.warmUp();
        TestServer struck = world.struck();
        struck.latency(SLOWER_THAN_SHUTDOWN);
        struck.play(Scenario.onRoute(Payload.Kind.SERIES.path())
                .latency(Duration.ZERO)
                .delayBeforeHeaders(SLOWER_THAN_SHUTDOWN));
        world.invoke(2);
        world.invoke(() -> world.sent().aged(world.function()::send));
        claims.afterShutdown(() -> {
            assertThat(world.arrival(struck).missing())
                    .as("the intake has answered nothing of it")
                    .containsKeys("distribution", "event", "check");
            assertThat(agesInOrder(struck)).as("the newest first").isSorted().contains(10, 50);
        });
    }

    /** How old the buckets were that came last, in the order of the payload. */
    private static List<Integer> agesInOrder(TestServer intake) {
        return intake.payloads().stream()
                .flatMap(payload -> payload.decoded().series().stream())
                .filter(series -> series.metric().equals("flush.aged"))
                .map(series -> Integer.valueOf(series.tags().getFirst().substring("age:".length())))
                .toList();
    }

    static void noTelemetry(World world, Claims claims) {
        world.sandbox().rewriteTelemetry(batch -> List.of());
        world.warmUp();
        for (int i = 0; i < 3; i++) {
            Duration held = world.invoke(() -> world.sent().batch(world.function()::send))
                    .times()
                    .afterRuntime();
            claims.time("an invocation whose end nobody announces", held, World.BUDGET);
            World.pass(Strategy.DUE);
        }
    }

    static void frozen(World world, Claims claims) {
        world.warmUp();
        TestServer struck = world.struck();
        struck.latency(Duration.ofMillis(600));
        world.invoke(2);
        World.pass(claims.full() ? Duration.ofSeconds(60) : Duration.ofSeconds(1));
        struck.closeIdleConnections();
        struck.latency(Duration.ZERO);
        world.settle();
        world.intakes()
                .forEach(intake -> assertThat(world.arrival(intake).surplus())
                        .as("what was answered while frozen counts as answered")
                        .isEmpty());

        struck.play(Scenario.everywhere()
                .latency(Duration.ofMillis(600))
                .cut(Scenario.Cut.LOSE_ANSWER)
                .times(1));
        world.invoke(2);
        World.pass(Duration.ofSeconds(1));
        world.settle();
    }
}
