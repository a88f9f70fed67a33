package io.dogsled.it.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.serializer.Payload;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.TestServer;
import java.time.Duration;
import java.time.Instant;

/** Rows about an intake that says no: 3 and 4. */
final class RefusingRows {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final Duration MOST_OF_IT = Duration.ofMillis(4_500);

    private RefusingRows() {}

    static void retryAfter(World world, Claims claims) {
        world.warmUp();
        TestServer struck = world.struck();
        int failed = struck.failed();
        struck.play(Scenario.parse("429:" + RETRY_AFTER.toSeconds() + "s"));
        Instant before = Instant.now();
        long beforeNs = System.nanoTime();
        invokeUntilRefused(world, failed);
        World.awaitQuiet(struck);
        int asked = struck.total();
        struck.clearScenarios();
        while (System.nanoTime() - beforeNs < MOST_OF_IT.toNanos()) {
            world.invoke();
            World.pass(Duration.ofMillis(300));
            if (System.nanoTime() - beforeNs < RETRY_AFTER.toNanos()) {
                assertThat(struck.total()).as("attempts within Retry-After").isEqualTo(asked);
            }
        }
        int accepted = struck.accepted();
        world.settle();
        assertThat(struck.payloads().get(accepted).receivedAt())
                .as("the first after 429")
                .isAfter(before.plus(RETRY_AFTER));
        world.intakes().forEach(claims::onceAt);
    }

    static void tooLarge(World world, Claims claims) {
        world.warmUp();
        TestServer struck = world.struck();
        int failed = struck.failed();
        struck.play(Scenario.onRoute(Payload.Kind.SERIES.path()).status(413).times(1));
        world.invoke(2);
        world.settle();
        assertThat(struck.failed() - failed).as("one refused, its halves taken").isEqualTo(1);
    }

    static void refused(World world, Claims claims) {
        world.warmUp();
        TestServer struck = world.struck();
        int failed = struck.failed();
        for (Payload.Kind kind : Payload.Kind.values()) {
            int before = struck.failed();
            struck.play(Scenario.onRoute(kind.path()).status(400).times(1));
            invokeUntilRefused(world, before);
            int taken = struck.accepted();
            await().pollInterval(Duration.ofMillis(1)).atMost(World.LONG).until(() -> {
                world.invoke(1);
                return struck.accepted() > taken; // the next payload is sent
            });
        }
        assertThat(struck.failed() - failed).as("each was asked once").isEqualTo(Payload.Kind.values().length);
    }

    static void forbidden(World world, Claims claims) {
        world.warmUp();
        TestServer struck = world.struck();
        int failed = struck.failed();
        struck.play(Scenario.everywhere().status(403));
        invokeUntilRefused(world, failed);
        World.awaitQuiet(struck);
        struck.clearScenarios();
        int asked = struck.total();
        world.invoke(3);
        assertThat(struck.total()).as("not asked again for ten seconds").isEqualTo(asked);
    }

    /** Until a flush has met the refusal: under some strategies what an invocation sent leaves with the next. */
    private static void invokeUntilRefused(World world, int failed) {
        await().pollInterval(Duration.ofMillis(1)).atMost(World.LONG).until(() -> {
            world.invoke();
            World.pass(Strategy.DUE);
            return world.struck().failed() > failed;
        });
    }
}
