package io.dogsled.cli;

import io.dogsled.testserver.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The end of every story: what the function said it emitted against what arrived, and what the extension says became of it.
 *
 * <p>Answers come from the thread that plays, lines from any. The ledgers of several lives of an extension are added up.
 */
final class Reckoning {
    private final StoryScreen screen;
    private final List<EmittedSample> emitted = new ArrayList<>();
    private final AtomicInteger sandboxes = new AtomicInteger();
    private final List<Ledger> ledgers = new ArrayList<>();
    private boolean functionTells;
    private boolean failed;

    Reckoning(StoryScreen screen) {
        this.screen = screen;
    }

    /** An answer of the function; what it lists was received between these two seconds since the epoch. */
    void answered(String answer, long fromS, long toS) {
        Optional<List<EmittedSample>> told = EmittedSample.in(answer, fromS, toS);
        functionTells |= told.isPresent();
        told.ifPresent(emitted::addAll);
    }

    /** Something happened that makes the story a bad one, whatever arrived. */
    void failed() {
        failed = true;
    }

    /** An environment was initialised, with an extension of its own. */
    void coldStart() {
        sandboxes.incrementAndGet();
    }

    /** True if a line of the function's log was a ledger, and so is taken. */
    boolean takes(String line) {
        Optional<Ledger> found = Ledger.parse(line);
        synchronized (ledgers) {
            found.ifPresent(ledgers::add);
        }
        return found.isPresent();
    }

    /** Shows all of it; the server has everything it will ever get. */
    Verdict close(TestServer server) {
        boolean equal = true;
        if (functionTells) {
            screen.title("Emitted by the function, arrived at the intake");
            List<Comparison.Row> rows = Comparison.of(emitted, server.intake());
            screen.table(rows);
            equal = rows.stream().allMatch(Comparison.Row::equal);
        } else {
            screen.faint(
                    "The function does not tell what it emitted (see --help), so there is nothing to compare with.");
        }
        server.intake().problems().forEach(problem -> screen.bad("payload problem: " + problem));
        Optional<Ledger> ledger = showLedger();
        screen.title("Result");
        Verdict verdict = Verdict.of(ledger, !failed, equal, functionTells ? emitted.size() : -1);
        screen.verdict(verdict);
        return verdict;
    }

    private Optional<Ledger> showLedger() {
        screen.title("Ledger of the extension");
        synchronized (ledgers) {
            if (sandboxes.get() > 1) {
                screen.warn("There were " + sandboxes + " cold starts, each with its own extension; " + ledgers.size()
                        + " left a ledger, and this is their sum.");
            }
            Optional<Ledger> sum = ledgers.stream().reduce(Ledger::plus);
            sum.ifPresentOrElse(
                    screen::ledger, () -> screen.bad("the extension left no ledger: it was killed or has no engine"));
            return sum;
        }
    }
}
