package io.dogsled.cli;

import io.dogsled.emulator.JavaRuntime;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--emulator", paramLabel = "FILE", required = true, description = "AWS's program, aws-lambda-rie")
    private Path emulator = Path.of("");

    @Option(names = "--function", paramLabel = "JAR", description = "Java function (default: ${DEFAULT-VALUE})")
    private Path function = Path.of("target/dogsled-sample.jar");

    @Option(
            names = "--runtime-client",
            paramLabel = "DIR",
            description = "folder with AWS's Java runtime client (default: ${DEFAULT-VALUE})")
    private Path client = Path.of("target/runtime-client");

    @Mixin
    private StoryOptions story = new StoryOptions();

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
        StoryOptions.require(Files.isExecutable(emulator), "There is no program " + emulator + ".");
        story.checkInvokes();
        Duration limit = limit();
        if (!story.command.isEmpty()) {
            return plan(story.command, String.join(" ", story.command), limit);
        }
        StoryOptions.require(Files.isRegularFile(function), "There is no function jar " + function + ".");
        StoryOptions.require(Files.isDirectory(client), "There is no Java runtime client in " + client + ".");
        return plan(
                new JavaRuntime(client, function, story.handler).command(unpacked),
                function.getFileName() + " " + story.handler,
                limit);
    }

    private RiePlan plan(List<String> runtime, String label, Duration limit) throws IOException {
        return new RiePlan(
                emulator.toAbsolutePath(),
                runtime,
                label,
                story.events(function),
                story.invokes,
                limit,
                story.environment);
    }

    private Duration limit() {
        Duration limit = story.timeout();
        StoryOptions.require(
                limit.toSeconds() >= 1 && limit.toMillisPart() == 0,
                "--timeout must be whole seconds, not " + story.timeout + ".");
        return limit;
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it before the call");
    }
}
