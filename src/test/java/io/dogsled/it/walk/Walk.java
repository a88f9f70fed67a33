package io.dogsled.it.walk;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.succeeds;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Sandbox;
import io.dogsled.it.Packaged;
import io.dogsled.it.Platform;
import io.dogsled.it.ScriptedFunction;
import io.dogsled.it.flush.Account;
import io.dogsled.it.flush.Sent;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * One life of a sandbox, step by step as a seed says: the intake's weather changes, the function is invoked and sends all types of
 * metrics, time passes in between, an engine is killed. In the end the intake recovers first, or does not. The test's thread plays;
 * the function's own thread sends.
 */
final class Walk implements AutoCloseable {
    static final Duration BUDGET = Duration.ofMillis(250);

    /** The longest window of a breaker is ten seconds, also for a key that was refused once; the rest is the machine's. */
    private static final Duration RECOVERY = Duration.ofSeconds(30);

    private static final List<String> STRATEGIES =
            List.of("adaptive", "adaptive", "end", "end,500", "periodically,300", "continuously,200");

    private final Random random;
    private final TestServer intake = TestServer.newTestServer();
    private final Sent sent = new Sent();
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI ledger;
    private final ScriptedFunction function;
    private final List<String> story = new ArrayList<>();
    private final List<Duration> afterRuntime = new ArrayList<>();
    private volatile int batches;
    private volatile long held = -1;
    private boolean killed;
    private long sentBeforeTheKill;
    private boolean recovered;
    private int invocationsToRecover;
    private long residentKb;

    Walk(long seed) throws IOException {
        random = new Random(seed);
        int control = freeTcpPort();
        int port = ScriptedFunction.freePort();
        ledger = URI.create("http://127.0.0.1:" + control + "/ledger");
        String strategy = STRATEGIES.get(random.nextInt(STRATEGIES.size()));
        String ambiguous = random.nextInt(3) == 0 ? "drop" : "resend";
        story.add(strategy + ", " + ambiguous);
        Emulator emulator = Emulator.newEmulator()
                .layer(Packaged.layer())
                .variable("DD_API_KEY", "0123456789abcdef")
                .variable("DD_DD_URL", intake.url())
                .variable("DD_SERVERLESS_FLUSH_STRATEGY", strategy)
                .variable("DD_DOGSLED_AMBIGUOUS", ambiguous)
                .variable("DD_DOGSLED_FLUSH_BUDGET_MS", String.valueOf(BUDGET.toMillis()))
                .variable("DD_DOGSTATSD_PORT", String.valueOf(port))
                .variable("DD_DOGSLED_CONTROL_PORT", String.valueOf(control))
                .variable("DD_ENHANCED_METRICS", "false");
        function = ScriptedFunction.start(emulator, port, event -> run(event));
    }

    /** From the first invocation to the end of the sandbox. */
    void play() throws Exception {
        invoke(1);
        int steps = 8 + random.nextInt(10);
        for (int i = 0; i < steps; i++) {
            step();
        }
        if (random.nextBoolean()) {
            recover();
        }
        residentKb = Math.max(residentKb, sandbox().residentKb(EXTENSION));
        sandbox().shutdown();
        sent.receivedBefore(sent.batches().size());
    }

    Sandbox sandbox() {
        return function.sandbox();
    }

    TestServer intake() {
        return intake;
    }

    Sent sent() {
        return sent;
    }

    List<Duration> afterRuntime() {
        return afterRuntime;
    }

    boolean wasKilled() {
        return killed;
    }

    /** Samples the killed engine may have received after its last word, 0 without one: nobody counted them, and a line says so. */
    long mostUncounted() {
        return sentBeforeTheKill;
    }

    long residentKb() {
        return residentKb;
    }

    /** What was played, for a person who reads of a failure. */
    String story() {
        return story + (recovered ? ", recovered within " + invocationsToRecover + " invocations" : "");
    }

    private void step() throws Exception {
        int dice = random.nextInt(20);
        if (dice < 6) {
            Weather weather = Weather.any(random);
            story.add(weather.name());
            weather.over(intake);
        } else if (dice < 17) {
            invoke(random.nextInt(4));
        } else if (dice < 19) {
            pass(Duration.ofMillis(random.nextInt(600)));
        } else if (!killed) {
            kill();
        }
        residentKb = Math.max(residentKb, sandbox().residentKb(EXTENSION));
    }

    private void invoke(int howMany) {
        batches = howMany;
        story.add("invoke " + howMany);
        int before = sent.batches().size();
        Invocation.Result result = succeeds(sandbox().invoke("send"));
        sent.receivedBefore(before);
        if (!killed) {
            afterRuntime.add(result.times().afterRuntimeDoneSent());
        }
    }

    /** Between two invocations, when the engine has said what it holds. The launcher sees it when it is thawed. */
    private void kill() throws IOException, InterruptedException {
        story.add("kill");
        killed = true;
        sentBeforeTheKill = sent.samples();
        ProcessHandle engine = Platform.engine(sandbox());
        Platform.signal("KILL", engine);
    }

    /** The intake is well again: within a bounded time, and a few invocations, nothing is held any more. */
    private void recover() throws Exception {
        Weather.WELL.over(intake);
        story.add("WELL for good");
        long untilNs = System.nanoTime() + RECOVERY.toNanos();
        held = -1;
        while (held != 0) {
            if (System.nanoTime() > untilNs) {
                throw new AssertionError("held for " + RECOVERY + " after the intake recovered: " + held);
            }
            succeeds(sandbox().invoke("look"));
            invocationsToRecover++;
            pass(Duration.ofMillis(50));
        }
        recovered = true;
    }

    /** The function's thread. */
    private void run(String event) throws IOException {
        if (event.equals("look")) {
            held = readHeld();
            return;
        }
        for (int i = 0; i < batches; i++) {
            sent.batch(function::send);
        }
    }

    private long readHeld() throws IOException {
        try {
            HttpRequest request = HttpRequest.newBuilder(ledger)
                    .timeout(Duration.ofSeconds(5))
                    .build();
            String body =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return Account.in(body).getFirst().held();
        } catch (IOException e) {
            return -1; // a successor that is still starting
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** The sandbox is frozen: nothing but time tells that it has passed. */
    private static void pass(Duration time) {
        long untilNs = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < untilNs) {
            LockSupport.parkNanos(untilNs - System.nanoTime());
        }
    }

    private static int freeTcpPort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    @Override
    public void close() {
        function.close();
        intake.close();
        http.shutdownNow();
    }
}
