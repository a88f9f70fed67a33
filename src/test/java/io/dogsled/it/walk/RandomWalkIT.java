package io.dogsled.it.walk;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.ledger;
import static io.dogsled.it.Platform.matching;
import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Sandbox;
import io.dogsled.emulator.Violation;
import io.dogsled.it.flush.Account;
import io.dogsled.it.flush.Arrival;
import io.dogsled.it.flush.Sent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lives at random, several side by side, since they mostly wait. {@code -Ddogsled.walk.seed=17} plays one alone;
 * {@code -Ddogsled.walk.seeds=500} so many, from {@code -Ddogsled.walk.from=1} on.
 */
class RandomWalkIT {
    private static final int AT_A_TIME = 4;

    /** What platform and launcher take on top of the budget, and what a machine that plays four lives at once does. */
    private static final Duration GRACE = Duration.ofMillis(50 + 700);

    /** The engine, its launcher and the queue's bound (docs/architecture.md), with room. */
    private static final long MOST_RESIDENT_KB = 160_000;

    private static final Set<String> MAY_COME_TWICE = Set.of("distribution", "event", "check");

    private static final ExecutorService PLAYERS = Executors.newFixedThreadPool(AT_A_TIME);

    @TempDir
    private static Path folder;

    @TestFactory
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    Stream<DynamicTest> whateverHappensNothingIsLostInSilence() {
        List<Long> seeds = seeds().boxed().toList();
        List<Future<Void>> played =
                seeds.stream().map(seed -> PLAYERS.submit(player(seed))).toList();
        return Stream.iterate(0, i -> i < seeds.size(), i -> i + 1)
                .map(i -> DynamicTest.dynamicTest("seed " + seeds.get(i), () -> await(played.get(i))));
    }

    @AfterAll
    static void stop() {
        PLAYERS.shutdownNow();
    }

    private static LongStream seeds() {
        Long one = Long.getLong("dogsled.walk.seed");
        long from = Long.getLong("dogsled.walk.from", 1);
        return one == null
                ? LongStream.range(from, from + Integer.getInteger("dogsled.walk.seeds", 10))
                : LongStream.of(one);
    }

    private static void await(Future<Void> played) throws Throwable {
        try {
            played.get();
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static Callable<Void> player(long seed) {
        return () -> {
            try (Walk walk = new Walk(seed)) {
                try {
                    walk.play();
                    judge(walk, folder.resolve("log-" + seed));
                } catch (Throwable e) {
                    System.out.println("random walk: replay with -Ddogsled.walk.seed=" + seed + "\n" + walk.story()
                            + "\n" + lines(walk.sandbox()));
                    throw e;
                }
            }
            return null;
        };
    }

    private static void judge(Walk walk, Path log) throws Exception {
        Sandbox sandbox = walk.sandbox();
        assertThat(sandbox.exitCode(EXTENSION)).as("exit code").hasValue(0);
        assertThat(sandbox.violations()).extracting(Violation::who).doesNotContain(EXTENSION);
        assertThat(matching(sandbox, "internal_errors")).isEmpty();
        assertThat(walk.afterRuntime())
                .as("after the runtime")
                .allMatch(held -> held.compareTo(Walk.BUDGET.plus(GRACE)) <= 0);
        assertThat(walk.residentKb()).as("resident KB").isLessThan(MOST_RESIDENT_KB);
        Account account = Account.in(ledger(sandbox)).getFirst();
        assertThat(account.balances()).as(account.toString()).isTrue();
        assertThat(account.held()).as(account.toString()).isZero();
        if (!walk.wasKilled()) {
            assertThat(account.received() + account.kernelDropped())
                    .as(account.toString())
                    .isEqualTo(walk.sent().samples());
        }
        replay(walk, account, log);
        everythingIsThereOrHasAName(walk, account);
    }

    private static void replay(Walk walk, Account account, Path log) throws Exception {
        boolean letters = !matching(walk.sandbox(), "DOGSLED deadletter ").isEmpty();
        assertThat(letters)
                .as("letters, and " + account)
                .isEqualTo(account.lost().getOrDefault("dead_lettered", 0L) > 0);
        if (letters) {
            Weather.WELL.over(walk.intake());
            Replay.Result result = Replay.into(walk.intake(), Replay.export(walk.sandbox(), log));
            assertThat(result.exitCode()).as(result.said()).isZero();
        }
    }

    private static void everythingIsThereOrHasAName(Walk walk, Account account) {
        Arrival arrival = Arrival.of(walk.sent(), walk.intake().intake());
        String all = account + " " + arrival;
        assertThat(walk.intake().intake().problems()).isEmpty();
        Map<String, Long> lost = account.lost();
        // a datagram that no engine read counts as one, whatever was in it
        long named = account.totalLost()
                - lost.getOrDefault("dead_lettered", 0L)
                + lost.getOrDefault("engine", 0L) * (Sent.EACH - 1)
                + account.kernelDropped() * Sent.EACH;
        if (walk.wasKilled()) {
            assertThat(matching(walk.sandbox(), "which nobody counted")).isNotEmpty();
            named += walk.mostUncounted();
        }
        assertThat(arrival.least()).as("missing, and named: " + all).isLessThanOrEqualTo(named);
        if (named == 0) {
            assertThat(arrival.isComplete()).as(all).isTrue();
        }
        assertThat(MAY_COME_TWICE)
                .as("twice: " + all)
                .containsAll(arrival.surplus().keySet());
        long twice = arrival.surplus().getOrDefault("distribution", 0L)
                + arrival.surplus().getOrDefault("event", 0L);
        if (!walk.wasKilled()) {
            assertThat(twice).as("twice: " + all).isLessThanOrEqualTo(account.possiblyDuplicated());
        }
    }

    private static String lines(Sandbox sandbox) {
        StringBuilder lines = new StringBuilder();
        for (LogLine line : sandbox.lines()) {
            String text = line.text();
            lines.append(text.length() > 400 ? text.substring(0, 400) + "…" : text)
                    .append('\n');
        }
        return lines.toString();
    }
}
