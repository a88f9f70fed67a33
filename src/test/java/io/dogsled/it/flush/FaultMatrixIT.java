package io.dogsled.it.flush;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Emulator;
import io.dogsled.it.Stalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The fault matrix: whatever the intake does, under every strategy, with one endpoint or two, an invocation is held no longer than
 * the budget, every sample is at the intake or has a name in the ledger, and the ledger balances whenever it is read. With
 * {@code -Ddogsled.flush.cells=all} every cell in its long form, as {@code make nightly} plays it; with {@code "5 black hole, end"}
 * those whose name has that in it; without, or with {@code chosen}, every row at least once.
 *
 * <p>Cells mostly wait, so several are played side by side. A time that was too long is measured once more, alone, and then what
 * the machine demonstrably stood still is forgiven; both are printed.
 */
class FaultMatrixIT {
    /** What the platform and the launcher take on top of the budget. */
    private static final Duration GRACE = Duration.ofMillis(50);

    private static final int AT_A_TIME = 6;
    private static final int AGAIN = 3;
    private static final List<Duration> TIMES = Collections.synchronizedList(new ArrayList<>());
    private static final ExecutorService PLAYERS = Executors.newFixedThreadPool(AT_A_TIME);
    private static final ReadWriteLock MACHINE = new ReentrantReadWriteLock(true);
    private static final String WHICH = System.getProperty("dogsled.flush.cells", "chosen");

    @BeforeAll
    static void prepare() {
        Emulator.warmUp();
    }

    static List<Cell> cells() {
        return switch (WHICH) {
            case "all" -> Cell.all();
            case "", "chosen" -> Cell.chosen();
            default ->
                Cell.all().stream()
                        .filter(cell -> cell.toString().contains(WHICH))
                        .toList();
        };
    }

    @TestFactory
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    Stream<DynamicTest> everySampleArrivesOrHasAName() {
        List<Cell> cells = cells();
        assertThat(cells).as("cells with '" + WHICH + "' in their names").isNotEmpty();
        List<Future<Void>> played =
                cells.stream().map(cell -> PLAYERS.submit(player(cell))).toList();
        return Stream.iterate(0, i -> i < cells.size(), i -> i + 1)
                .map(i -> DynamicTest.dynamicTest(cells.get(i).toString(), () -> await(played.get(i))));
    }

    private static void await(Future<Void> played) throws Throwable {
        try {
            played.get();
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static Callable<Void> player(Cell cell) {
        return () -> {
            String late = playBeside(cell);
            if (!late.isEmpty()) {
                System.out.println(
                        "fault matrix: " + cell + ": " + late + "; the machine may be busy, so once more, alone");
                playAlone(cell);
            }
            return null;
        };
    }

    /** Returns what came too late, {@code ""} for nothing. */
    private static String playBeside(Cell cell) throws Exception {
        MACHINE.readLock().lock();
        try {
            List<Claims.Time> late = late(play(cell), Duration.ZERO);
            return late.isEmpty() ? "" : late.toString();
        } catch (Claims.TooLate e) {
            return String.valueOf(e.getMessage());
        } finally {
            MACHINE.readLock().unlock();
        }
    }

    /** Several times if need be: there are machines that are never quiet. */
    private static void playAlone(Cell cell) throws Exception {
        MACHINE.writeLock().lock();
        try {
            String late = "";
            for (int i = 0; i < AGAIN && (i == 0 || !late.isEmpty()); i++) {
                late = playWatched(cell);
            }
            assertThat(late).as("too late, each time").isEmpty();
        } finally {
            MACHINE.writeLock().unlock();
        }
    }

    private static String playWatched(Cell cell) throws Exception {
        try (Stalls stalls = Stalls.watch()) {
            List<Claims.Time> times = play(cell);
            Duration stalled = stalls.longest();
            System.out.println("fault matrix: " + cell + ": " + late(times, Duration.ZERO)
                    + " then, in which the machine stood still for " + stalled.toMillis() + " ms");
            List<Claims.Time> late = late(times, stalled);
            return late.isEmpty() ? "" : late.toString();
        } catch (Claims.TooLate e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static List<Claims.Time> late(List<Claims.Time> times, Duration forgiven) {
        return times.stream().filter(time -> !time.holds(forgiven)).toList();
    }

    /** Returns the times that it took. */
    private static List<Claims.Time> play(Cell cell) throws Exception {
        boolean full = !WHICH.isEmpty() && !WHICH.equals("chosen");
        Claims claims = new Claims(full);
        try (World world = new World(cell)) {
            try {
                cell.row().script().play(world, claims);
                world.shutdown();
                Verdict verdict = new Verdict(world);
                verdict.judge(claims);
                claims.judgeLate();
                verdict.replayDeadLetters();
            } catch (Claims.TooLate e) {
                throw e;
            } catch (Throwable e) {
                System.out.println("fault matrix: " + cell + ": " + world.story());
                throw e;
            }
            world.afterRuntime()
                    .forEach(held -> claims.time("an invocation after its runtime", held, World.BUDGET.plus(GRACE)));
            TIMES.addAll(world.afterRuntime());
        }
        return claims.times();
    }

    @AfterAll
    static void sayTimes() {
        PLAYERS.shutdownNow();
        List<Duration> sorted = TIMES.stream().sorted().toList();
        if (!sorted.isEmpty()) {
            System.out.println("fault matrix: " + sorted.size() + " invocations, post-runtime p50 "
                    + sorted.get(sorted.size() / 2).toMillis() + " ms, p99 "
                    + sorted.get(sorted.size() * 99 / 100).toMillis() + " ms, max "
                    + sorted.getLast().toMillis() + " ms, budget " + World.BUDGET.toMillis() + " ms");
        }
    }
}
