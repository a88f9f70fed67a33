package io.dogsled.cli;

import io.dogsled.cli.ReplayIntake.Outcome;
import io.dogsled.cli.ReplayIntake.Result;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dogsled replay}: finds dead letters in a log and delivers them. The key is never an argument: others see those. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        description = {
            "Deliver what an extension could not, from the function's log.",
            "",
            "Reads log exports (files, folders, or stdin; text, JSON or CSV; gzip), finds the lines that begin with "
                    + "DOGSLED deadletter, puts the letters together and sends each one once. The API key is taken from "
                    + "DD_API_KEY.",
            "",
            "Counts, gauges, rates, sets and checks may be replayed as often as you like. Distributions and events add "
                    + "up: remember what was delivered with --done, and a second run leaves it out."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything that was found is delivered (or there was nothing)",
            "1:it could not be done: a file, the key or the intake's address",
            "2:wrong use of the command line",
            "3:something is not delivered: refused, incomplete, damaged or given up"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  aws logs filter-log-events --log-group-name /aws/lambda/my-function \\",
            "      --filter-pattern '\"DOGSLED deadletter\"' > log.json",
            "  replay --dry-run log.json",
            "  DD_API_KEY=... replay --site datadoghq.eu --done delivered.txt log.json"
        })
final class ReplayCommand implements Callable<Integer> {
    private static final int EXIT_INCOMPLETE = 3;

    private final Map<String, String> environment;
    private final Duration firstPause;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "Log exports, or folders of them; - or none = stdin.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--url", description = "Base address of the intake: https://host[:port].")
    private @Nullable String url;

    @Option(names = "--site", description = "Datadog site (default: DD_SITE, or datadoghq.com).")
    private @Nullable String site;

    @Option(names = "--dry-run", description = "Show what is in the letters; send nothing.")
    private boolean dryRun;

    @Option(
            names = "--done",
            paramLabel = "FILE",
            description = "Remember in FILE what was delivered, and leave it out.")
    private @Nullable Path done;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            defaultValue = "5",
            description = "Requests per letter, 1 to 20 (default ${DEFAULT-VALUE}).")
    private int attempts;

    private @Nullable ReplayReport report;
    private @Nullable ReplayIntake intake;
    private ReplayDone delivered = ReplayDone.none();
    private boolean forbidden;

    /** {@code firstPause}: before the second request for a letter. */
    ReplayCommand(Map<String, String> environment, Duration firstPause) {
        this.environment = environment;
        this.firstPause = firstPause;
    }

    @Override
    public Integer call() throws IOException {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        String address = address(line);
        if (!dryRun) {
            intake = new ReplayIntake(address, apiKey(), attempts, firstPause);
            delivered = done == null ? ReplayDone.none() : ReplayDone.in(done);
        }
        ReplayReport newReport = new ReplayReport(line.getOut(), System.currentTimeMillis() / 1_000);
        report = newReport;
        ReplayLetters letters = new ReplayLetters(this::onLetter, newReport::damaged);
        readAll(letters);
        newReport.end(letters, dryRun ? "" : address);
        line.getOut().flush();
        return newReport.isComplete(letters) ? CommandLine.ExitCode.OK : EXIT_INCOMPLETE;
    }

    private void readAll(ReplayLetters letters) throws IOException {
        boolean stdin = files.isEmpty()
                || (files.size() == 1 && files.getFirst().toString().equals("-"));
        if (stdin) {
            ReplayInputs.read("stdin", System.in, (name, in) -> readOne(name, in, letters));
            return;
        }
        for (Path file : ReplayInputs.files(files)) {
            ReplayInputs.read(file, (name, in) -> readOne(name, in, letters));
        }
    }

    /** What came before the end of a file that is cut off is as good as any. */
    private static void readOne(String name, InputStream in, ReplayLetters letters) throws IOException {
        letters.enter(name);
        try {
            new ReplayScanner(letters).scan(ReplayInputs.ascii(in));
        } catch (EOFException | ZipException e) {
            letters.onFileDamaged("the compressed file is cut off or damaged");
        }
    }

    private void onLetter(ReplayLetter letter) {
        ReplayReport toReport = Objects.requireNonNull(report);
        toReport.found(letter);
        if (dryRun) {
            toReport.show(letter);
        } else if (delivered.contains(letter.id())) {
            toReport.before();
        } else if (forbidden) {
            toReport.notTried();
        } else {
            deliver(letter, toReport);
        }
    }

    private void deliver(ReplayLetter letter, ReplayReport toReport) {
        try {
            Result result = Objects.requireNonNull(intake).deliver(letter);
            toReport.sent(letter, result);
            forbidden = result.outcome() == Outcome.FORBIDDEN;
            if (result.outcome() == Outcome.DELIVERED || result.outcome() == Outcome.PERHAPS_TWICE) {
                delivered.add(letter.id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Letter " + letter.id() + " was delivered, but the file of --done cannot be written: stopped.", e);
        }
    }

    private String apiKey() throws IOException {
        String key = environment.getOrDefault("DD_API_KEY", "").strip();
        if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IOException("DD_API_KEY holds no API key; set it in the environment (it is never an argument), "
                    + "or look at the letters with --dry-run.");
        }
        return key;
    }

    private String address(CommandLine line) {
        if (attempts < 1 || attempts > 20) {
            throw new ParameterException(line, "Invalid value for option '--attempts': not from 1 to 20.");
        }
        if (url != null && site != null) {
            throw new ParameterException(line, "--url and --site exclude each other.");
        }
        if (url == null) {
            String name = site != null
                    ? site
                    : environment.getOrDefault("DD_SITE", "").strip();
            return base(line, "--site", "https://api." + (name.isEmpty() ? "datadoghq.com" : name));
        }
        return base(line, "--url", url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    }

    /** The value is not repeated: a name and a password in it would be shown. */
    private static String base(CommandLine line, String option, String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            uri = URI.create("");
        }
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getUserInfo() != null || !"".equals(uri.getPath())) {
            throw new ParameterException(
                    line,
                    "Invalid value for option '" + option + "': "
                            + (option.equals("--url")
                                    ? "https://host[:port] is expected, without a path, a name or a password."
                                    : "a host name such as datadoghq.eu is expected."));
        }
        return text;
    }
}
