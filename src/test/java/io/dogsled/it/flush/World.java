package io.dogsled.it.flush;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Sandbox;
import io.dogsled.it.Packaged;
import io.dogsled.it.ScriptedFunction;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One sandbox of a cell: the layer, the function that sends, one intake or two, and what was measured. The test's thread plays; the
 * function's own thread runs its bodies.
 */
final class World implements AutoCloseable {
    static final Duration BUDGET = Duration.ofMillis(250);

    /** How long a test waits for what must happen on a machine that does much else. */
    static final Duration LONG = Duration.ofSeconds(30);

    private final Cell cell;
    private final TestServer main = TestServer.newTestServer();
    private final List<TestServer> additional;
    private final ScriptedFunction function;
    private final LocalEndpoint local;
    private final Sent sent = new Sent();
    private final AtomicReference<ScriptedFunction.Body> body = new AtomicReference<>(event -> {});
    private final List<Account> readings = new ArrayList<>();
    private final List<Duration> afterRuntime = new ArrayList<>();

    World(Cell cell) throws IOException {
        this.cell = cell;
        this.additional = cell.endpoints() == Endpoints.ONE ? List.of() : List.of(TestServer.newTestServer());
        this.local = new LocalEndpoint(freeTcpPort());
        int port = ScriptedFunction.freePort();
        this.function =
                ScriptedFunction.start(emulator(port), port, event -> body.get().run(event));
    }

    private Emulator emulator(int port) {
        Emulator emulator = Emulator.newEmulator()
                .layer(Packaged.layer())
                .variable("DD_API_KEY", "0123456789abcdef")
                .variable("DD_DD_URL", main.url())
                .variable("DD_SERVERLESS_FLUSH_STRATEGY", cell.strategy().setting())
                .variable("DD_DOGSTATSD_PORT", String.valueOf(port))
                .variable("DD_DOGSLED_CONTROL_PORT", String.valueOf(local.port()))
                .variable("DD_DOGSLED_FLUSH_BUDGET_MS", String.valueOf(BUDGET.toMillis()))
                .variable("DD_ENHANCED_METRICS", "false")
                .timeout(cell.row().timeout());
        if (Boolean.getBoolean("dogsled.flush.debug")) {
            emulator.variable("DD_LOG_LEVEL", "debug");
        }
        for (TestServer other : additional) {
            emulator.variable("DD_ADDITIONAL_ENDPOINTS", "{\"" + other.url() + "\":[\"fedcba9876543210\"]}");
        }
        return emulator;
    }

    Cell cell() {
        return cell;
    }

    Sandbox sandbox() {
        return function.sandbox();
    }

    ScriptedFunction function() {
        return function;
    }

    LocalEndpoint local() {
        return local;
    }

    Sent sent() {
        return sent;
    }

    TestServer main() {
        return main;
    }

    List<TestServer> intakes() {
        List<TestServer> all = new ArrayList<>(additional);
        all.addFirst(main);
        return all;
    }

    /** The intake that the row's fault is played at. */
    TestServer struck() {
        return cell.endpoints() == Endpoints.OTHER_STRUCK ? additional.getFirst() : main;
    }

    /** The intakes that are well all the time. */
    List<TestServer> well() {
        TestServer struck = struck();
        return intakes().stream().filter(intake -> intake != struck).toList();
    }

    /** All ledgers that were read while the function ran. */
    List<Account> readings() {
        return List.copyOf(readings);
    }

    /** How long each invocation was held after the word about its end had been sent. */
    List<Duration> afterRuntime() {
        return List.copyOf(afterRuntime);
    }

    /** An invocation that reads the ledger, then sends a batch. */
    void invoke() {
        invoke(() -> {
            readings.addAll(local.ledgers());
            sent.batch(function::send);
        });
    }

    /** An invocation that only sends, as quick as they come. */
    void invokeInHaste() {
        invoke(() -> sent.batch(function::send));
    }

    /** An invocation that sends nothing. */
    void invokeIdly() {
        invoke(() -> readings.addAll(local.ledgers()));
    }

    /** What a function does in an invocation. */
    interface Work {
        void run() throws IOException;
    }

    /** An invocation that does this, must succeed, and is waited for. */
    Invocation.Result invoke(Work work) {
        int before = sent.batches().size();
        body.set(event -> work.run());
        Invocation.Result result = succeeds(sandbox().invoke("{}"));
        afterRuntime.add(result.times().afterRuntimeDoneSent());
        sent.receivedBefore(before); // what was sent just now may be read after the thaw
        return result;
    }

    /** The function waits for the engine, then sends, until every intake has had something; faults begin after that. */
    void warmUp() {
        invoke(() -> {
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(cell.row().engineStart())
                    .until(() -> !local.ledgers().isEmpty());
            sent.batch(function::send);
        });
        pass(Strategy.DUE);
        invoke();
        pass(Strategy.DUE);
        settle();
        afterRuntime.clear(); // the first flush may take the whole budget and a little more
    }

    /** Ends the sandbox. */
    void shutdown() {
        sandbox().shutdown();
        sent.receivedBefore(sent.batches().size());
    }

    /** Invokes without sending anything until every intake shows all of it. */
    void settle() {
        settle(intakes());
    }

    /** The same for some of the intakes. */
    void settle(List<TestServer> which) {
        await().pollInterval(Duration.ofMillis(1))
                .atMost(LONG)
                .until(() -> isComplete(which) || isCompleteAfterAnInvocation(which));
    }

    private boolean isCompleteAfterAnInvocation(List<TestServer> which) {
        invokeIdly();
        pass(Strategy.DUE);
        return isComplete(which);
    }

    /** Several invocations, each as late after the other as it takes for a flush to be due. */
    void invoke(int times) {
        for (int i = 0; i < times; i++) {
            invoke();
            pass(Strategy.DUE);
        }
    }

    Arrival arrival(TestServer intake) {
        return Arrival.of(sent, intake.intake());
    }

    /** What a person wants to see when a cell fails: the extension's lines and what each intake counted. */
    String story() {
        StringBuilder story = new StringBuilder();
        for (TestServer intake : intakes()) {
            story.append(intake.statusLine())
                    .append(' ')
                    .append(arrival(intake))
                    .append('\n');
        }
        sandbox().lines().stream()
                .filter(line -> line.source().equals(EXTENSION))
                .forEach(line -> story.append(line.text()).append('\n'));
        return story.append(afterRuntime).toString();
    }

    /** The sandbox is frozen, or a retry has to wait: time is what has to pass here, and nothing else tells that it has. */
    static void pass(Duration time) {
        long untilNs = System.nanoTime() + time.toNanos();
        await().pollInterval(Duration.ofMillis(2)).atMost(time.plus(LONG)).until(() -> System.nanoTime() >= untilNs);
    }

    /** Waits until no request is being worked on. */
    static void awaitQuiet(TestServer intake) {
        await().pollInterval(Duration.ofMillis(2))
                .atMost(LONG)
                .untilAsserted(
                        () -> assertThat(intake.accepted() + intake.failed() + intake.retried() + intake.aborted())
                                .isEqualTo(intake.total()));
    }

    private boolean isComplete(List<TestServer> which) {
        return which.stream().allMatch(intake -> arrival(intake).isComplete());
    }

    private static int freeTcpPort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    @Override
    public void close() {
        function.close();
        intakes().forEach(TestServer::close);
    }
}
