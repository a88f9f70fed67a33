package io.dogsled.cli;

import io.dogsled.emulator.JavaRuntime;
import io.dogsled.testserver.Durations;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dogsled rie}: reads and checks the options, then lets {@link RieStory} play. */
@Command(
        name = "rie",
        mixinStandardHelpOptions = true,
        usageHelpWidth = 100,
        description = {
            "Play a function's life in AWS's own Lambda emulator (RIE), the one inside sam local.",
            "",
            "The layer must be in /opt, so this runs in a container, or where \"make sam\" puts it: in namespaces of its "
                    + "own. The function is started with the first invocation, the extension before it; SIGTERM to the "
                    + "emulator is their SHUTDOWN. What a function lists as emitted is compared as emulate does it."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything arrived that the function listed, and the ledger balances with no loss",
            "1:it does not balance, an invocation failed, or it could not be played",
            "2:wrong use of the command line",
            "3:something did not arrive, or twice, and the ledger says so"
        })
final class RieCommand implements Callable<Integer> {
    private static final int MOST_INVOKES = 10_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--emulator", paramLabel = "FILE", required = true, description = "AWS's program, aws-lambda-rie")
    private Path emulator = Path.of("");

    @Option(names = "--function", paramLabel = "JAR", description = "Java function (default: ${DEFAULT-VALUE})")
    private Path function = Path.of("target/dogsled-sample.jar");

    @Option(names = "--handler", paramLabel = "CLASS", description = "its handler (default: ${DEFAULT-VALUE})")
    private String handler = "io.dogsled.sample.SampleHandler";

    @Option(
            names = "--runtime-client",
            paramLabel = "DIR",
            description = "folder with AWS's Java runtime client (default: ${DEFAULT-VALUE})")
    private Path client = Path.of("target/runtime-client");

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "any other bootstrap, after --")
    private List<String> command = List.of();

    @Option(names = "--event", paramLabel = "FILE", description = "payload; several take turns (default: the jar's)")
    private List<Path> events = List.of();

    @Option(names = "--invokes", paramLabel = "N", description = "number of invocations (default: ${DEFAULT-VALUE})")
    private int invokes = 12;

    @Option(names = "--timeout", paramLabel = "TIME", description = "function timeout (default: 10s)")
    private String timeout = "10s";

    @Option(names = "--env", paramLabel = "K=V", description = "variable of the function's configuration")
    private Map<String, String> environment = new LinkedHashMap<>();

    /** Plays the story; the exit code says how it ended. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        Path unpacked = Files.createTempDirectory("dogsled-rie");
        try {
            RiePlan plan = plan(unpacked);
            StoryScreen screen = new StoryScreen(spec().commandLine().getOut(), Palette.ofThisTerminal());
            return new RieStory(plan, screen).play();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec().commandLine(), String.valueOf(wrong.getMessage()), wrong);
        } finally {
            try (Stream<Path> files = Files.list(unpacked)) {
                files.map(Path::toFile).forEach(File::delete);
            }
            Files.delete(unpacked);
        }
    }

    private RiePlan plan(Path unpacked) throws IOException {
        require(Files.isExecutable(emulator), "There is no program " + emulator + ".");
        require(
                invokes >= 1 && invokes <= MOST_INVOKES,
                "--invokes must be from 1 to " + MOST_INVOKES + ", not " + invokes + ".");
        Duration limit = limit();
        if (!command.isEmpty()) {
            return plan(command, String.join(" ", command), limit);
        }
        require(Files.isRegularFile(function), "There is no function jar " + function + ".");
        require(Files.isDirectory(client), "There is no Java runtime client in " + client + ".");
        return plan(
                new JavaRuntime(client, function, handler).command(unpacked),
                function.getFileName() + " " + handler,
                limit);
    }

    private RiePlan plan(List<String> runtime, String label, Duration limit) throws IOException {
        List<StoryPlan.NamedEvent> payloads = List.of(new StoryPlan.NamedEvent("empty", "{}"));
        if (!events.isEmpty()) {
            payloads = StoryEvents.read(events);
        } else if (command.isEmpty()) {
            payloads = StoryEvents.in(function);
        }
        return new RiePlan(emulator.toAbsolutePath(), runtime, label, payloads, invokes, limit, environment);
    }

    private Duration limit() {
        Duration limit;
        try {
            limit = Durations.parse(timeout);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("--timeout: " + wrong.getMessage(), wrong);
        }
        require(
                limit.toSeconds() >= 1 && limit.toMillisPart() == 0,
                "--timeout must be whole seconds, not " + timeout + ".");
        return limit;
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it before the call");
    }
}
