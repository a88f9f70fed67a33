package io.dogsled.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Mode;
import io.dogsled.emulator.Sandbox;
import io.dogsled.it.Packaged;
import io.dogsled.it.SteppedLayer;
import io.dogsled.testing.ContractCase;
import io.dogsled.testserver.IntakeView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** SNP: a snapshot after init, woken another day; and the other world whose init nobody waits for, provisioned concurrency. */
@Timeout(120)
class SnapStartIT {
    private static final Duration DAY = Duration.ofDays(1);

    @RegisterExtension
    private final Trial trial = new Trial();

    @TempDir
    private Path folder;

    @Test
    @ContractCase("SNP-01")
    void nothingOfTheSnapshotsDayIsSent() throws Exception {
        steppedSnapStart();
        trial.sandbox();
        trial.init();
        trial.sandbox().thaw(); // init's own metrics come before the snapshot
        sendAndWait("init:1|c\ninit.size:5|d\n_sc|init|0\nstamped:1|c|T"
                + (trial.sandbox().nowMs() / 1_000 - 30));
        trial.sandbox().freeze();

        trial.sandbox().stepClock(DAY);
        final long wokenS = trial.sandbox().nowMs() / 1_000;
        assertThat(trial.sandbox().restore().ok()).isTrue();
        trial.send("hook:1|c");
        trial.succeeds("orders:1|c");
        trial.succeeds("orders:1|c");
        trial.shutdown();

        assertThat(trial.count("hook")).as("of the hooks after the restore").isEqualTo(1);
        assertThat(trial.count("orders")).isEqualTo(2);
        assertThat(trial.ledger())
                .contains("\"received\":7,\"delivered\":3,\"held\":0")
                .contains("\"lost\":{\"snapshot\":4}");
        assertThat(trial.lines("4 samples from before the snapshot")).hasSize(1);
        onlyTheRestoredLifeIsSeen(wokenS);
    }

    private void onlyTheRestoredLifeIsSeen(long wokenS) {
        IntakeView view = trial.intake().intake();
        assertThat(view.counts())
                .allSatisfy(count -> assertThat(count.points().firstKey()).isGreaterThan(wokenS - 20));
        assertThat(view.counts())
                .extracting(count -> count.context().metric())
                .containsExactlyInAnyOrder("hook", "orders");
        assertThat(view.sketches()).isEmpty();
        assertThat(view.checks()).isEmpty();
    }

    @Test
    void aConnectionOfTheSnapshotIsNotUsedAndItsCountersAreGone() throws Exception {
        int control = freeTcpPort();
        trial.with("DD_DOGSLED_CONTROL_PORT", String.valueOf(control))
                .emulator()
                .freeze(false);
        steppedSnapStart();
        trial.init();
        sendAndWait("init:1|c");
        assertThat(ask(control, "POST /lambda/flush")).contains("\"flushed\":true,\"delivered\":1");
        int connections = trial.intake().connections();

        trial.sandbox().stepClock(Duration.ofSeconds(25));
        trial.succeeds("orders:1|c");
        assertThat(trial.count("orders")).isEqualTo(1);
        assertThat(trial.intake().connections()).isEqualTo(connections + 1);
        trial.shutdown();
        assertThat(trial.ledger())
                .contains("\"received\":1,\"delivered\":1,\"held\":0")
                .contains("\"lost\":{}");
    }

    @Test
    void whatTheSnapshotCouldNotDeliverIsNotDeliveredByItsCopies() throws Exception {
        int control = freeTcpPort();
        trial.with("DD_DOGSLED_CONTROL_PORT", String.valueOf(control))
                .emulator()
                .freeze(false);
        steppedSnapStart();
        trial.init();
        sendAndWait("init:1|c");
        trial.intake().refuseConnections();
        assertThat(ask(control, "POST /lambda/flush")).contains("\"held\":1");

        trial.sandbox().stepClock(DAY);
        trial.intake().acceptConnections();
        trial.succeeds("orders:1|c");
        trial.shutdown();
        assertThat(trial.count("orders")).isEqualTo(1);
        assertThat(trial.count("init")).isZero();
        assertThat(trial.ledger())
                .contains("\"received\":2,\"delivered\":1,\"held\":0")
                .contains("\"lost\":{\"snapshot\":1}");
    }

    @Test
    void aSnapshotThatIsNeverWokenEndsInGoodOrder() throws Exception {
        steppedSnapStart();
        trial.init();
        trial.sandbox().stepClock(DAY);
        trial.shutdown();
        assertThat(trial.intake().total()).isZero();
    }

    @Test
    void theLauncherThatShipsKnowsNoOtherClock() throws Exception {
        byte[] shipped = Files.readAllBytes(Packaged.layer().resolve("extensions/dogsled"));
        assertThat(new String(shipped, StandardCharsets.ISO_8859_1)).doesNotContain("DOGSLED_TEST_CLOCK");
        Path stepped = SteppedLayer.in(folder).resolve("extensions/dogsled");
        assertThat(new String(Files.readAllBytes(stepped), StandardCharsets.ISO_8859_1))
                .contains("DOGSLED_TEST_CLOCK");
    }

    /** On demand it polls at once; where nobody waits for init, only when the engine is ready. */
    @Test
    void initWaitsForTheEngineWhereNobodyWaitsForInit() {
        for (Mode mode : List.of(Mode.SNAP_START, Mode.PROVISIONED_CONCURRENCY)) {
            try (Sandbox sandbox = sandboxIn(mode, Packaged.layer())) {
                assertThat(sandbox.init().ok()).isTrue();
                assertThat(ms(sandbox, "first /next"))
                        .as(mode.toString())
                        .isGreaterThanOrEqualTo(ms(sandbox, "engine ready"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void andItWaitsForItNoLongerThanTenSeconds() throws Exception {
        Path layer = folder.resolve("layer");
        assertThat(new ProcessBuilder("cp", "-a", Packaged.layer().toString(), layer.toString())
                        .start()
                        .waitFor())
                .isZero();
        Path java = layer.resolve("dogsled/jre/bin/java");
        Files.delete(java);
        Files.writeString(java, "#!/bin/sh\nexec sleep 60\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Sandbox sandbox = sandboxIn(Mode.PROVISIONED_CONCURRENCY, layer)) {
            assertThat(sandbox.init().ok()).isTrue();
            assertThat(ms(sandbox, "first /next")).isBetween(1_000.0, 10_000.0);
        }
    }

    private Sandbox sandboxIn(Mode mode, Path layer) throws IOException {
        Emulator emulator = Emulator.newEmulator()
                .mode(mode)
                .layer(layer)
                .variable("DD_LOG_LEVEL", "debug")
                .variable("DD_DOGSTATSD_PORT", String.valueOf(trial.port()))
                .runtime(FunctionProcess.command(trial.port()));
        return emulator.start();
    }

    /** What a line of the launcher says in milliseconds after exec. */
    private static double ms(Sandbox sandbox, String what) {
        String line = sandbox.lines().stream()
                .map(l -> l.text())
                .filter(text -> text.contains(what + " "))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(line.replaceAll(".*" + what + " ([0-9.]+) ms after exec.*", "$1"));
    }

    private void steppedSnapStart() throws Exception {
        trial.emulator().mode(Mode.SNAP_START).layer(SteppedLayer.in(folder)).steppableClock();
    }

    private void sendAndWait(String datagram) {
        trial.send(datagram);
        trial.awaitRead();
    }

    private static int freeTcpPort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    /** The endpoint is there a moment after the engine reads. */
    private static String ask(int port, String methodAndPath) {
        return await().ignoreException(ConnectException.class).until(() -> answer(port, methodAndPath), text -> true);
    }

    private static String answer(int port, String methodAndPath) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((methodAndPath + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
