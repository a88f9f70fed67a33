package io.dogsled.it.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Rows about much at once: 8, 10, 11, 13 and 15. */
final class LoadRows {
    private static final Duration SLOW = Duration.ofMillis(100);
    private static final int BURST = 50_000;
    private static final byte[] ONE = "flush.burst:1|c".getBytes(StandardCharsets.US_ASCII);
    private static final int FLOOD = 10_000;
    private static final int SHORT_FLOOD = 900;
    private static final Duration BETWEEN_FLUSHES = Duration.ofMillis(100);
    private static final long BUCKET_MS = 10_000;
    private static final int LANES = 3;

    private LoadRows() {}

    static void burst(World world, Claims claims) throws Exception {
        world.warmUp();
        world.intakes().forEach(intake -> intake.latency(SLOW));
        TestServer struck = world.struck();
        int before = struck.total();
        CompletableFuture<Void> burst = CompletableFuture.runAsync(() -> burstOnceAsked(world, before));
        world.invoke();
        await().pollInterval(Duration.ofMillis(1)).atMost(World.LONG).until(() -> {
            World.pass(Strategy.DUE);
            world.invoke(() -> {}); // a datagram that the kernel drops shall be one of the burst
            return struck.total() > before;
        });
        finish(burst);
        world.invoke(() -> world.function().awaitRead());
        world.intakes().forEach(intake -> intake.latency(Duration.ZERO));
        claims.afterShutdown(() -> assertThat(world.sent().burst()).isEqualTo(BURST));
    }

    private static void finish(CompletableFuture<Void> burst) throws InterruptedException, ExecutionException {
        try {
            burst.get(World.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("the burst did not end", e);
        }
    }

    /** As soon as a request is on its way; what the frozen sandbox does not take the kernel drops and counts. */
    private static void burstOnceAsked(World world, int before) {
        await().pollInterval(Duration.ofMillis(1))
                .atMost(World.LONG)
                .until(() -> world.struck().total() > before);
        try {
            for (int i = 0; i < BURST; i++) {
                world.function().send(ONE);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        world.sent().burst(BURST);
    }

    /** More than the aggregator takes between two flushes, or about all of that; then metrics still flow. */
    static void eventsAndChecks(World world, Claims claims) {
        world.warmUp();
        world.invoke(() -> world.sent().flood(unhurried(world), claims.full() ? FLOOD : SHORT_FLOOD));
        World.pass(Strategy.DUE);
        world.invoke(3);
        claims.afterShutdown(() -> world.intakes()
                .forEach(intake -> assertThat(world.arrival(intake).missing().keySet())
                        .as("a flood costs nothing but the flood")
                        .isSubsetOf("flood of events", "flood of checks")));
    }

    /** So that nothing is dropped at the socket, which is another row. */
    private static Sent.Socket unhurried(World world) {
        return datagram -> {
            world.function().send(datagram);
            world.function().awaitRead();
        };
    }

    static void manyFlushes(World world, Claims claims) {
        world.warmUp();
        int flushes = claims.full() ? 90 : 25;
        long lastsMs = flushes * BETWEEN_FLUSHES.toMillis();
        await().pollInterval(Duration.ofMillis(10))
                .atMost(World.LONG)
                .until(() -> System.currentTimeMillis() % BUCKET_MS + lastsMs < BUCKET_MS - 200);
        world.invoke(() -> {
            for (int i = 0; i < flushes; i++) {
                long startNs = System.nanoTime();
                world.sent().batch(world.function()::send);
                world.local().flush();
                World.pass(BETWEEN_FLUSHES.minusNanos(System.nanoTime() - startNs));
            }
        });
        world.settle();
        world.intakes().forEach(claims::onceAt);
    }

    static void frequent(World world, Claims claims) {
        world.warmUp();
        world.sandbox().hurryTelemetry();
        int invocations = claims.full() ? 1_000 : 100;
        for (int i = 0; i < invocations; i++) {
            world.invokeInHaste();
        }
    }

    static void peak(World world, Claims claims) {
        world.warmUp();
        world.intakes().forEach(intake -> intake.latency(SLOW.multipliedBy(2)));
        world.invoke(4);
        world.intakes().forEach(intake -> {
            intake.latency(Duration.ZERO);
            claims.afterShutdown(() -> assertThat(intake.peak())
                    .as("requests at a time at one endpoint")
                    .isBetween(1, LANES));
        });
        world.settle();
    }
}
