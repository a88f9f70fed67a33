package io.dogsled.it.flush;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.matching;
import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.cli.Emitted;
import io.dogsled.cli.Replayed;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.IntakeView;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What has to be true of every cell when its sandbox is gone. */
final class Verdict {
    /** Two seconds without the engine's margin, and what its last lines and its end may take. */
    private static final Duration SHUTDOWN = Duration.ofMillis(1_900 + 40);

    private static final List<String> GROWING =
            List.of("flush.count", "flush.gauge", "flush.set", "flush.histogram.count", "flush.timing.max");

    /** Of invocations while a burst fills the socket. */
    private static final long MARKERS = 32;

    private final World world;
    private final Sandbox sandbox;

    Verdict(World world) {
        this.world = world;
        this.sandbox = world.sandbox();
    }

    void judge(Claims claims) {
        List<String> killed = matching(sandbox, "because the time for the shutdown was over");
        if (!killed.isEmpty()) {
            throw new Claims.TooLate(killed.getFirst());
        }
        theSandboxEndedWell();
        claims.time("SHUTDOWN", shutdown(), SHUTDOWN);
        for (Account reading : world.readings()) {
            assertThat(reading.balances()).as("a reading: " + reading).isTrue();
        }
        for (TestServer intake : world.intakes()) {
            assertThat(world.readings())
                    .as("readings of every endpoint's ledger")
                    .anyMatch(reading -> reading.endpoint().equals(endpoint(intake)));
            nothingIsMissingThatIsNotNamed(intake);
        }
    }

    private void theSandboxEndedWell() {
        assertThat(sandbox.exitCode(EXTENSION)).as("exit code").hasValue(0);
        assertThat(sandbox.violations())
                .extracting(violation -> violation.who())
                .doesNotContain(EXTENSION);
        assertThat(matching(sandbox, "; the function goes on, ")).isEmpty();
        assertThat(matching(sandbox, "internal_errors")).isEmpty();
    }

    private Duration shutdown() {
        assertThat(sandbox.await(Mark.Kind.EXIT, EXTENSION, 1, World.LONG)).isTrue();
        long fromNs = sandbox.marks(Mark.Kind.SHUTDOWN, "platform").getFirst().atNs();
        long toNs = sandbox.marks(Mark.Kind.EXIT, EXTENSION).getFirst().atNs();
        return Duration.ofNanos(toNs - fromNs);
    }

    private void nothingIsMissingThatIsNotNamed(TestServer intake) {
        Account account = account(intake);
        IntakeView view = intake.intake();
        Arrival arrival = Arrival.of(world.sent(), view);
        String all = account + " " + arrival;
        assertThat(view.problems()).isEmpty();
        assertThat(account.balances()).as(all).isTrue();
        assertThat(account.held()).as(all).isZero();
        long notHandedOver = notHandedOver(account);
        assertThat(account.received() + notHandedOver)
                .as("received, and dropped before: " + all)
                .isBetween(world.sent().samples(), mostReceived());
        Set<String> mayLose = world.cell().row().mayLose(intake == world.struck());
        assertThat(mayLose).as("may be lost: " + all).containsAll(account.lost().keySet());
        long named = account.totalLost() + notHandedOver;
        assertThat(named).as("named: " + all).isBetween(arrival.least(), mostNamed(account, arrival));
        assertThat(arrival.timesTwice()).as("there twice: " + all).isLessThanOrEqualTo(account.possiblyDuplicated());
        assertThat(Set.of("distribution", "event", "check"))
                .as("only these can be there twice: " + all)
                .containsAll(arrival.surplus().keySet());
        if (named == 0 && arrival.timesTwice() == 0) {
            assertThat(differences(view)).isEmpty();
        }
    }

    /** What {@code dogsled replay} delivers out of the log is what was missing. */
    void replayDeadLetters() throws IOException {
        TestServer intake = world.main();
        Account account = account(intake);
        if (!account.lost().containsKey("dead_lettered")) {
            return;
        }
        intake.clearScenarios();
        intake.latency(Duration.ZERO);
        Replayed.at(intake.url(), sandbox.lines().stream().map(LogLine::text).toList());
        Arrival arrival = Arrival.of(world.sent(), intake.intake());
        long lettered = account.lost().getOrDefault("dead_lettered", 0L);
        String all = account + " after the replay " + arrival;
        assertThat(arrival.least())
                .as("still missing: " + all)
                .isLessThanOrEqualTo(account.totalLost() + notHandedOver(account) - lettered);
        assertThat(arrival.timesTwice())
                .as("there twice: " + all)
                .isLessThanOrEqualTo(account.possiblyDuplicated() + lettered);
    }

    /** What the kernel dropped no endpoint can know of, and what the aggregator had no room for no additional one. */
    private long notHandedOver(Account account) {
        Account main = account(world.main());
        long noRoom = main.lost().getOrDefault("no_room", 0L);
        return main.kernelDropped() + (account.endpoint().isEmpty() ? 0 : noRoom);
    }

    /** A full socket also drops the markers that the launcher sends to it, and the kernel counts those as well. */
    private long mostReceived() {
        return world.sent().samples() + (account(world.main()).kernelDropped() > 0 ? MARKERS : 0);
    }

    /** What was given up at the end may have been taken by an intake whose answer was not waited for. */
    private long mostNamed(Account account, Arrival arrival) {
        return arrival.most()
                + mostReceived()
                - world.sent().samples()
                + account.lost().getOrDefault("shutdown", 0L)
                + account.lost().getOrDefault("dead_lettered", 0L);
    }

    /** The last ledger of the endpoint. */
    private Account account(TestServer intake) {
        String endpoint = endpoint(intake);
        List<Account> accounts = Account.in(sandbox.lines().stream()
                .map(LogLine::text)
                .filter(line -> line.contains(Account.PREFIX))
                .collect(Collectors.joining("\n")));
        List<Account> own = accounts.stream()
                .filter(account -> account.endpoint().equals(endpoint))
                .toList();
        assertThat(own).as("ledgers of '" + endpoint + "' in " + accounts).hasSize(1);
        return own.getFirst();
    }

    /** What a ledger calls it. */
    private String endpoint(TestServer intake) {
        return intake == world.main() ? "" : intake.url();
    }

    private List<String> differences(IntakeView view) {
        Emitted emitted = new Emitted();
        for (Sent.Batch batch : world.sent().batches()) {
            emitted.number(sample("flush.count", "count", batch), 1);
            emitted.number(sample("flush.gauge", "gauge", batch), batch.number());
            emitted.number(sample("flush.histogram", "histogram", batch), batch.number());
            emitted.number(sample("flush.timing", "timing", batch), batch.number());
            emitted.text(sample("flush.set", "set", batch), "m" + batch.number());
            emitted.number(sample("flush.distribution", "distribution", batch), batch.number() + 0.5);
            emitted.text(sample("flush.event", "event", batch), "n" + batch.number());
            emitted.text(check("flush.check", batch), "OK");
        }
        return emitted.differences(view).stream()
                .filter(line -> !line.contains("flush.burst") && !line.contains("flush.aged"))
                .toList();
    }

    private static Emitted.Sample sample(String name, String type, Sent.Batch batch) {
        return new Emitted.Sample(name, type, List.of(), batch.fromS(), batch.toS());
    }

    private static Emitted.Sample check(String name, Sent.Batch batch) {
        return new Emitted.Sample(name, "check", List.of("n:" + batch.number()), batch.fromS(), batch.toS());
    }

    /** A point again only with a newer value, and each batch makes these grow; everything else once. */
    static void nothingIsRepeated(IntakeView view) {
        for (IntakeView.Duplicate again : view.duplicates()) {
            String what = again.toString();
            boolean scalar = Set.of("COUNT", "GAUGE").contains(again.kind());
            if (!scalar || GROWING.stream().anyMatch(name -> again.name().startsWith(name + "["))) {
                assertThat(again.values()).as(what).doesNotHaveDuplicates();
            }
            if (scalar && GROWING.stream().anyMatch(name -> again.name().startsWith(name + "["))) {
                assertThat(again.values().stream().map(Double::valueOf).toList())
                        .as(what)
                        .isSorted();
            }
        }
    }
}
