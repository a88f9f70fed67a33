import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The life that the AOT cache is trained on: {@code java -cp dogsled-tools.jar Train.java layer target events keystore}.
 *
 * <p>The launcher, the engine, the sample function under AWS's runtime client and an intake with TLS, as in production: cold
 * start, invocations with every type of metric, flushes, shutdown. What the engine used is in the cache afterwards; what it
 * never touched here is loaded the slow way there. Leaves with 1 when nothing was delivered.
 */
final class Train {
    private static final int ROUNDS = 3;
    /** Far more than Lambda grants, because the JVM writes down what it saw when it exits. */
    private static final Duration SHUTDOWN = Duration.ofSeconds(60);

    private Train() {}

    public static void main(String[] args) throws IOException {
        Path target = Path.of(args[1]);
        TestServer.Options options = TestServer.Options.defaults().withPort(0).withKeystore(Path.of(args[3]), "training");
        try (TestServer intake = TestServer.start(options);
                Sandbox sandbox = Emulator.newEmulator()
                        .layer(Path.of(args[0]))
                        .javaFunction(
                                target.resolve("runtime-client"),
                                target.resolve("dogsled-sample.jar"),
                                "io.dogsled.sample.SampleHandler")
                        .variable("DD_API_KEY", "training")
                        .variable("DD_DD_URL", intake.url())
                        .variable("DD_TLS_CERT_FILE", args[3].replace(".p12", ".pem"))
                        .variable("DD_LOG_LEVEL", "debug")
                        .variable("DD_DOGSLED_UNKNOWN", "a setting that does not exist, for the line that says so")
                        .variable("DD_TAGS", "team:training,stage:build")
                        .variable("DD_ENV", "training")
                        .variable("DD_SERVICE", "training")
                        .variable("DD_DOGSTATSD_PORT", freeUdpPort())
                        .variable("DD_DOGSLED_CONTROL_PORT", freeTcpPort())
                        .timeout(Duration.ofSeconds(30))
                        .initTimeout(Duration.ofSeconds(60))
                        .freeze(false)
                        .start()) {
            sandbox.init();
            boolean answered = invoke(sandbox, events(Path.of(args[2])));
            sandbox.shutdown("spindown", SHUTDOWN);
            if (!answered || intake.accepted() == 0) {
                for (LogLine line : sandbox.lines()) {
                    System.err.println(line);
                }
                System.err.println("training: answered " + answered + ", " + intake.statusLine());
                System.exit(1);
            }
        }
    }

    private static boolean invoke(Sandbox sandbox, List<Path> events) throws IOException {
        boolean answered = true;
        for (int round = 0; round < ROUNDS; round++) {
            for (Path event : events) {
                Invocation.Result result = sandbox.invoke(Files.readString(event));
                answered &= result.outcome() == Invocation.Outcome.SUCCESS;
            }
        }
        return answered;
    }

    private static List<Path> events(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static String freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    private static String freeTcpPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }
}
