package io.dogsled.it.flush;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.TestServer;
import java.time.Duration;
import java.util.List;

/** Rows about an intake that is slow, failing, silent, or closes connections: 1, 2, 5, 6 and 9. */
final class FailingRows {
    /** Two flushes in a row have failed by then under every strategy. */
    private static final int UNTIL_OPEN = 4;

    private static final int WHILE_OPEN = 5;

    /** What an invocation may cost once the breaker is open (rulings.md 10). */
    private static final Duration CHEAP = Duration.ofMillis(5);

    /** An endpoint that is well is waited for as ever, while the other is not. */
    private static final Duration WELL = Duration.ofMillis(15);

    private FailingRows() {}

    static void latency(World world, Claims claims) {
        world.warmUp();
        for (long ms : List.of(0L, 50L, 500L, 10_000L)) {
            world.struck().latency(Duration.ofMillis(ms));
            world.invoke(3);
        }
        world.struck().latency(Duration.ZERO);
        world.settle();
    }

    static void unavailable(World world, Claims claims) {
        world.warmUp();
        for (int times : List.of(1, 2, 5)) {
            world.struck().play(Scenario.everywhere().status(503).times(times));
            world.invoke(2);
            world.settle();
            assertThat(world.struck().retried()).as("all of them were played").isGreaterThanOrEqualTo(times);
        }
        world.intakes().forEach(claims::onceAt);
    }

    static void blackHole(World world, Claims claims) {
        world.warmUp();
        world.struck().play(Scenario.everywhere().cut(Scenario.Cut.BLACK_HOLE));
        world.invoke(UNTIL_OPEN);
        world.invoke(WHILE_OPEN);
        List<Duration> open =
                world.afterRuntime().stream().skip(UNTIL_OPEN).sorted().toList();
        Duration limit = world.intakes().size() == 1 ? CHEAP : CHEAP.plus(WELL);
        claims.time("the median invocation while the breaker is open", open.get(WHILE_OPEN / 2), limit);
        world.struck().clearScenarios();
        if (claims.full()) {
            world.settle(); // what waits for an answer that never comes is given up after a while
        }
    }

    static void stale(World world, Claims claims) {
        world.warmUp();
        TestServer struck = world.struck();
        World.awaitQuiet(struck);
        int notTaken = struck.total() - struck.accepted();
        struck.closeIdleConnections();
        world.invoke();
        World.pass(Strategy.DUE);
        world.settle();
        World.awaitQuiet(struck);
        assertThat(struck.total() - struck.accepted())
                .as("no request was spent on the connection that was closed")
                .isEqualTo(notTaken);
        struck.play(Scenario.everywhere().cut(Scenario.Cut.BEFORE_READING).times(1));
        world.invoke();
        World.pass(Strategy.DUE);
        world.settle();
        assertThat(struck.aborted()).as("one reset in a request").isEqualTo(1);
        world.intakes().forEach(claims::onceAt);
    }

    static void oneHangs(World world, Claims claims) {
        world.warmUp();
        world.struck().play(Scenario.everywhere().cut(Scenario.Cut.BLACK_HOLE));
        for (int i = 0; i < UNTIL_OPEN + WHILE_OPEN; i++) {
            world.invoke();
            if (world.cell().strategy().deliversAtTheEnd()) {
                world.well()
                        .forEach(intake -> assertThat(world.arrival(intake).most())
                                .as("all but the last batch, which a busy machine may leave for the next invocation")
                                .isLessThanOrEqualTo(Sent.EACH));
            }
            World.pass(Strategy.DUE);
        }
        world.settle(world.well());
    }
}
