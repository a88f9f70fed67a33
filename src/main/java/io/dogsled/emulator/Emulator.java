package io.dogsled.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Describes a function and its layer; {@link #start} makes an environment of it.
 *
 * <pre>{@code
 * try (Sandbox sandbox = Emulator.newEmulator()
 *         .layer(Path.of("target/layer"))
 *         .javaFunction(Path.of("target/runtime-client"), Path.of("target/dogsled-sample.jar"), "io.dogsled.sample.SampleHandler")
 *         .variable("DD_API_KEY", "local")
 *         .start()) {
 *     Invocation.Result result = sandbox.invoke("{}");
 *     sandbox.shutdown();
 * }
 * }</pre>
 *
 * <p>Defaults: production mode, 127.0.0.1, 3 s timeout, 10 s init, freeze between invocations, no layer, no runtime. Not
 * thread-safe; may be started several times.
 */
public final class Emulator {
    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> scriptedExtensions = new ArrayList<>();
    private Mode mode = Mode.PRODUCTION;
    private InetAddress bindAddress = InetAddress.getLoopbackAddress();
    private Settings.Function function =
            new Settings.Function("sample", "$LATEST", "handler", "123456789012", "us-east-1", 512);
    private Duration timeout = Duration.ofSeconds(3);
    private Duration initTimeout = Duration.ofSeconds(10);
    private Optional<Path> layer = Optional.empty();
    private Function<Path, List<String>> runtimeCommand = folder -> List.of();
    private Path taskRoot = Path.of("/");
    private boolean freeze = true;
    private boolean closedStdin;
    private boolean steppableClock;
    private Consumer<Mark> onMark = mark -> {};
    private Consumer<LogLine> onLine = line -> {};

    private Emulator() {}

    public static Emulator newEmulator() {
        return new Emulator();
    }

    /**
     * Goes once through registration, subscription and init with nobody there, so that the first real extension meets a warm
     * platform: the classes that a first request loads take longer than a launcher takes to register.
     */
    public static void warmUp() {
        WarmUp.run();
    }

    public Emulator mode(Mode world) {
        mode = world;
        return this;
    }

    /** The loopback address of the API, for example {@code 127.0.0.2} or {@code ::1}; the port is always ephemeral. */
    public Emulator bindAddress(InetAddress address) {
        bindAddress = address;
        return this;
    }

    /** Folder as {@code /opt} will be: every file directly in its {@code extensions/} is started as an extension. */
    public Emulator layer(Path folder) {
        layer = Optional.of(folder);
        return this;
    }

    /** An extension that is expected but not started: a test speaks for it. */
    public Emulator scriptedExtension(String name) {
        scriptedExtensions.add(name);
        return this;
    }

    /** Any bootstrap: the program and its arguments. Without one, somebody else must speak the Runtime API. */
    public Emulator runtime(List<String> command) {
        List<String> copy = List.copyOf(command);
        runtimeCommand = folder -> copy;
        return this;
    }

    /**
     * A Java function under AWS's own runtime client.
     *
     * @param clientFolder holds {@code aws-lambda-java-runtime-interface-client.jar} and the jars it needs
     * @param handler class, or {@code class::method}
     */
    public Emulator javaFunction(Path clientFolder, Path functionJar, String handler) {
        JavaRuntime runtime = new JavaRuntime(clientFolder, functionJar, handler);
        runtimeCommand = runtime::command;
        function = new Settings.Function(
                function.name(),
                function.version(),
                handler,
                function.accountId(),
                function.region(),
                function.memoryMb());
        return this;
    }

    /** Working directory of the runtime and {@code LAMBDA_TASK_ROOT}. */
    public Emulator taskRoot(Path folder) {
        taskRoot = folder.toAbsolutePath();
        return this;
    }

    public Emulator functionName(String name) {
        function = new Settings.Function(
                name,
                function.version(),
                function.handler(),
                function.accountId(),
                function.region(),
                function.memoryMb());
        return this;
    }

    /** Empty for a platform that does not know it. */
    public Emulator accountId(String id) {
        function = new Settings.Function(
                function.name(), function.version(), function.handler(), id, function.region(), function.memoryMb());
        return this;
    }

    public Emulator memoryMb(int megabytes) {
        function = new Settings.Function(
                function.name(),
                function.version(),
                function.handler(),
                function.accountId(),
                function.region(),
                megabytes);
        return this;
    }

    /** The function timeout. */
    public Emulator timeout(Duration limit) {
        timeout = limit;
        return this;
    }

    /** The limit of an on-demand Init phase. */
    public Emulator initTimeout(Duration limit) {
        initTimeout = limit;
        return this;
    }

    /** A variable of the function's configuration: both the runtime and the extensions get it. */
    public Emulator variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Whether the process groups are stopped while nobody works; on by default, and only in production mode. */
    public Emulator freeze(boolean between) {
        freeze = between;
        return this;
    }

    /** Starts extensions with stdin closed instead of {@code /dev/null}. */
    public Emulator closedStdin() {
        closedStdin = true;
        return this;
    }

    /**
     * Tells the processes where to find by how much {@link Sandbox#stepClock} has stepped the clock. Only programs that were built
     * for it look there.
     */
    public Emulator steppableClock() {
        steppableClock = true;
        return this;
    }

    /** Told everything that happens, while it happens, on the thread where it does; must be quick. */
    public Emulator onMark(Consumer<Mark> listener) {
        onMark = listener;
        return this;
    }

    /** Told every log line, on the thread that reads it; must be quick. */
    public Emulator onLine(Consumer<LogLine> listener) {
        onLine = listener;
        return this;
    }

    /** Opens the API; nothing is started before {@link Sandbox#init} or the first invocation. */
    public Sandbox start() {
        Path folder = privateFolder();
        PlatformClock clock =
                new PlatformClock(steppableClock ? Optional.of(folder.resolve("clock")) : Optional.empty());
        Settings settings = new Settings(
                mode,
                clock,
                bindAddress,
                function,
                timeout,
                initTimeout,
                layer,
                List.copyOf(scriptedExtensions),
                runtimeCommand.apply(folder),
                taskRoot,
                Map.copyOf(environment),
                freeze && mode.freezes(),
                closedStdin,
                onMark,
                onLine);
        return new Sandbox(settings, folder);
    }

    private static Path privateFolder() {
        try {
            return Files.createTempDirectory("dogsled-sandbox-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary folder", e);
        }
    }
}
