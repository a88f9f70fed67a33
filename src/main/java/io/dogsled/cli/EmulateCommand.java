package io.dogsled.cli;

import io.dogsled.emulator.Mode;
import io.dogsled.testserver.Scenario;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dogsled emulate}: reads and checks the options, then lets {@link Story} play. */
@Command(
        name = "emulate",
        mixinStandardHelpOptions = true,
        usageHelpWidth = 100,
        description = {
            "Play a function's life in a local Lambda.",
            "",
            "Starts a layer and a function as Lambda would, invokes the function, freezes and thaws between the "
                    + "invocations, shuts down, and compares what the function emitted with what arrived at an intake. "
                    + "A function takes part in the comparison by listing what it emitted: an answer, or the body of an "
                    + "HTTP answer, like {\"emitted\":[{\"name\":\"a\",\"type\":\"count\",\"tags\":[\"b:c\"],\"value\":1}]}; "
                    + "one entry per sample; types are count, gauge, histogram, timing, set, distribution, event, check."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything arrived that the function listed, and the ledger balances with no loss",
            "1:it does not balance, or it could not be played",
            "2:wrong use of the command line",
            "3:something did not arrive, or twice, and the ledger says so"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  emulate --invokes 50 --latency 300ms --fault 503",
            "  emulate --function my.jar --handler com.example.Handler --event order.json --env DD_ENV=dev",
            "  emulate --event order.json -- python3 bootstrap.py handler"
        })
final class EmulateCommand implements Callable<Integer> {
    /** The runtime client would ask for a restore that this mode does not have. */
    private static final String INIT_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--layer", paramLabel = "DIR", description = "unpacked layer, as /opt (default: ${DEFAULT-VALUE})")
    private Path layer = besideTools("layer");

    @Option(
            names = {"--function", "--function-jar"},
            paramLabel = "JAR",
            description = "Java function, one jar with all it needs (default: the sample)")
    private Path function = besideTools("dogsled-sample.jar");

    @Option(
            names = "--runtime-client",
            paramLabel = "DIR",
            description = "folder with AWS's Java runtime client (default: ${DEFAULT-VALUE})")
    private Path client = besideTools("runtime-client");

    @Mixin
    private StoryOptions story = new StoryOptions();

    @Option(names = "--freeze", paramLabel = "TIME", description = "frozen time between them (default: 600ms)")
    private String freeze = "600ms";

    @Option(names = "--latency", paramLabel = "TIME", description = "latency of the intake (default: none)")
    private String latency = "0ms";

    @Option(
            names = "--fault",
            paramLabel = "FAULT",
            description = "fault of the intake, as of testserver: 503, 503x5, reset")
    private String fault = "";

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "production, provisioned-concurrency, snap-start (init, restore, invocations), rie (sam local), "
                            + "managed (default: production)")
    private String mode = "production";

    @Option(names = "--log", paramLabel = "FILE", description = "keep every line of the log in FILE, for \"replay\"")
    private @Nullable Path log;

    /** Plays the story; the exit code says how it ended. */
    @Override
    public Integer call() throws IOException {
        StoryPlan plan;
        StoryLog kept;
        try {
            plan = plan();
            kept = StoryLog.in(log);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec().commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
        StoryScreen screen = new StoryScreen(spec().commandLine().getOut(), Palette.ofThisTerminal());
        try (kept) {
            return new Story(plan, screen, kept).play();
        }
    }

    private StoryPlan plan() throws IOException {
        checkFiles();
        StoryOptions.require(
                !story.environment.containsKey(INIT_TYPE),
                INIT_TYPE + " is the platform's to set: use --mode snap-start or provisioned-concurrency.");
        return new StoryPlan(
                layer,
                new StoryPlan.Function(function, story.handler, client, story.command),
                story.events(function),
                story.invokes,
                StoryOptions.duration("--freeze", freeze),
                story.timeout(),
                mode(),
                story.environment,
                StoryOptions.duration("--latency", latency),
                fault.isEmpty() ? Optional.empty() : Optional.of(scenario()),
                fault);
    }

    private void checkFiles() {
        StoryOptions.require(
                Files.isDirectory(layer.resolve("extensions")),
                "There is no layer in " + layer + ": run \"make layer\" first, or name another folder with --layer.");
        story.checkInvokes();
        if (story.command.isEmpty()) {
            StoryOptions.require(
                    Files.isRegularFile(function),
                    "There is no function jar " + function
                            + ": run \"make layer\" first, or name another one with --function.");
            StoryOptions.require(
                    Files.isDirectory(client),
                    "There is no Java runtime client in " + client
                            + ": run \"make layer\" first, or name its folder with --runtime-client.");
        }
    }

    private Scenario scenario() {
        try {
            return Scenario.parse(fault);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("--fault: " + wrong.getMessage(), wrong);
        }
    }

    private Mode mode() {
        return switch (mode) {
            case "production" -> Mode.PRODUCTION;
            case "provisioned-concurrency" -> Mode.PROVISIONED_CONCURRENCY;
            case "snap-start" -> Mode.SNAP_START;
            case "rie" -> Mode.RIE;
            case "managed" -> Mode.MANAGED_INSTANCES;
            default ->
                throw new IllegalArgumentException(
                        "--mode must be production, provisioned-concurrency, snap-start, rie or " + "managed, not \""
                                + mode + "\".");
        };
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it before the call");
    }

    /** A neighbour of the jar that this class came from, relative to the working directory where that is shorter. */
    private static Path besideTools(String name) {
        Path home = Path.of("target");
        try {
            var source = EmulateCommand.class.getProtectionDomain().getCodeSource();
            if (source != null && source.getLocation() != null) {
                Path jar = Path.of(source.getLocation().toURI());
                Path folder = jar.getParent();
                home = folder == null ? home : folder;
            }
        } catch (URISyntaxException e) {
            // keep the folder that make uses
        }
        Path here = Path.of("").toAbsolutePath();
        Path neighbour = home.resolve(name).toAbsolutePath();
        return neighbour.startsWith(here) ? here.relativize(neighbour) : neighbour;
    }
}
