package io.dogsled.cli;

import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The story of {@link Story} in AWS's own emulator, where there is no telemetry, no freeze, and the answer waits for the
 * extension. The main thread plays; the thread that reads the emulator's output fills the row of the invocation.
 */
final class RieStory {
    private static final String API_KEY = "0123456789abcdef0123456789abcdef";
    private static final long LAST_WORD_MS = 2000;

    private final RiePlan plan;
    private final StoryScreen screen;
    private final Reckoning reckoning;
    private final List<Double> heldMs = new ArrayList<>();
    private volatile RieRow row = new RieRow();

    RieStory(RiePlan plan, StoryScreen screen) {
        this.plan = plan;
        this.screen = screen;
        this.reckoning = new Reckoning(screen);
    }

    /** Plays it to the end and returns the exit code. */
    int play() throws IOException, InterruptedException {
        try (TestServer server = TestServer.newTestServer()) {
            plan.environment().putIfAbsent("DD_API_KEY", API_KEY);
            plan.environment().putIfAbsent("DD_DD_URL", server.url());
            introduce(server);
            try (RieProcess rie = RieProcess.start(plan, this::onLine)) {
                IntakeProgress progress = new IntakeProgress(server);
                invokeAll(rie, progress);
                shutdown(rie, progress);
            }
            return reckoning.close(server).exitCode();
        }
    }

    private void introduce(TestServer server) {
        screen.title("A function's life in AWS's own Lambda emulator");
        screen.text("emulator  " + plan.emulator().getFileName() + ", the one inside sam local");
        screen.text("layer     /opt");
        screen.text("function  " + plan.label() + ", timeout " + plan.timeout().toSeconds() + " s");
        screen.text("intake    " + server.url());
    }

    private void invokeAll(RieProcess rie, IntakeProgress progress) throws IOException, InterruptedException {
        screen.title("Invocations");
        screen.faint("                          the caller     runtime   extension");
        screen.faint(" # event                      waited     took        held it  arrived at the intake meanwhile");
        for (int i = 0; i < plan.invokes(); i++) {
            StoryPlan.NamedEvent event = plan.events().get(i % plan.events().size());
            RieRow mine = new RieRow();
            row = mine;
            long fromS = Instant.now().getEpochSecond();
            RieProcess.Answer answer = rie.invoke(event.json());
            boolean told = mine.await(LAST_WORD_MS);
            reckoning.answered(answer.body(), fromS, Instant.now().getEpochSecond());
            mine.heldMs().ifPresent(heldMs::add);
            String intake = progress.next(Optional.empty());
            screen.text(String.format(Locale.ROOT, "%2d %s", i + 1, mine.text(event.name(), answer, intake)));
            if (answer.status() != 200 || !told || mine.reset().isPresent()) {
                reckoning.failed();
                screen.bad("    status " + answer.status() + ": " + answer.body());
            }
        }
        showHeld();
    }

    private void showHeld() {
        heldMs.sort(null);
        if (!heldMs.isEmpty()) {
            screen.text(String.format(
                    Locale.ROOT,
                    "The emulator holds the answer until the extension is done: %.1f ms in the median, %.1f ms at most.",
                    heldMs.get(heldMs.size() / 2),
                    heldMs.getLast()));
        }
    }

    private void shutdown(RieProcess rie, IntakeProgress progress) throws InterruptedException {
        screen.title("Shutdown");
        RieRow last = new RieRow();
        row = last;
        long beganNs = System.nanoTime();
        int exit = rie.terminate();
        double tookMs = (System.nanoTime() - beganNs) / 1e6;
        String how = last.reset().map(why -> ", SHUTDOWN " + why).orElse("");
        screen.text(String.format(
                Locale.ROOT, "SIGTERM to the emulator%s; it ended after %.0f ms with exit code %d", how, tookMs, exit));
        screen.text("at the intake: " + progress.next(Optional.empty()));
        if (exit != 0) {
            reckoning.failed();
            screen.bad(exit < 0 ? "it did not end by itself and was killed" : "exit code 0 was expected");
        }
    }

    private void onLine(String line) {
        row.takes(line);
        if (RieLog.initMs(line).isPresent()) {
            reckoning.coldStart();
        }
        if (!reckoning.takes(line) && !RieLog.own(line) && !line.isBlank()) {
            screen.line("log", line);
        }
    }
}
