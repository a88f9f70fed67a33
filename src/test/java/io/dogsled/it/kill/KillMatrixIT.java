package io.dogsled.it.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Emulator;
import io.dogsled.it.Stalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kill matrix: whatever happens to the engine, whenever, the function answers as if nothing had happened, nobody waits longer
 * than the budget and 50 ms, the launcher lives to SHUTDOWN and exits with 0, and what was lost has a name. With
 * {@code -Ddogsled.kill=all} every cell, as {@code make nightly} plays it; with {@code STOP} those whose name has that in it; without,
 * or with {@code chosen}, those that differ for the launcher.
 *
 * <p>A time that was too long is measured once more, and then what the machine demonstrably stood still is forgiven; both are printed.
 *
 * <p>Not here, with the reason: the kernel's own OOM kill is SIGKILL to a process of the group, which is {@link Blow#KILL}; a
 * whole sandbox out of memory takes the launcher with it, and nobody is left to judge.
 */
@Timeout(60)
class KillMatrixIT {
    /** What the launcher may take on top of the budget. */
    private static final Duration GRACE = Duration.ofMillis(50);

    private static final List<Duration> TIMES = new ArrayList<>();

    @TempDir
    private static Path shared;

    private static Path standIn = Path.of("");

    @TempDir
    private Path folder;

    @BeforeAll
    static void prepare() throws IOException {
        standIn = KillLayer.compileStandIn(shared);
        Emulator.warmUp();
    }

    static List<Cell> matrix() {
        String which = System.getProperty("dogsled.kill", "");
        boolean chosen = which.isEmpty() || which.equals("chosen");
        List<Cell> cells = Cell.matrix(!chosen);
        return chosen || which.equals("all")
                ? cells
                : cells.stream().filter(cell -> cell.toString().contains(which)).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("matrix")
    void theFunctionFeelsNothing(Cell cell) throws Exception {
        Duration worst = play(cell, "once");
        Duration stalled = Duration.ZERO;
        if (worst.compareTo(Trial.BUDGET.plus(GRACE)) > 0) {
            System.out.println("kill matrix: " + cell + " took " + worst.toMillis()
                    + " ms after the runtime; the machine may be busy, so once more");
            try (Stalls stalls = Stalls.watch()) {
                worst = play(cell, "again");
                stalled = stalls.longest();
            }
            System.out.println("kill matrix: " + cell + " took " + worst.toMillis()
                    + " ms then, in which the machine stood still for " + stalled.toMillis() + " ms");
        }
        assertThat(worst)
                .as("post-runtime time; the machine stood still for " + stalled)
                .isLessThanOrEqualTo(Trial.BUDGET.plus(GRACE).plus(stalled));
    }

    /** Returns the longest time after the runtime. */
    private Duration play(Cell cell, String attempt) throws Exception {
        KillLayer layer = KillLayer.of(cell, Files.createDirectory(folder.resolve(attempt)), standIn);
        try (Trial trial = new Trial(cell, layer)) {
            trial.play();
            new Verdict(cell, trial).judge();
            TIMES.addAll(trial.afterRuntime());
            return trial.afterRuntime().stream().max(Duration::compareTo).orElse(Duration.ZERO);
        }
    }

    @AfterAll
    static void sayTimes() {
        List<Duration> sorted = TIMES.stream().sorted().toList();
        if (!sorted.isEmpty()) {
            System.out.println("kill matrix: " + sorted.size() + " invocations, post-runtime p50 "
                    + sorted.get(sorted.size() / 2).toMillis() + " ms, p99 "
                    + sorted.get(sorted.size() * 99 / 100).toMillis() + " ms, max "
                    + sorted.getLast().toMillis() + " ms, budget " + Trial.BUDGET.toMillis() + " ms");
        }
    }
}
