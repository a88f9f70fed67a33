package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The packaged engine without a launcher, for the shortest of lives: its frames have ended before it starts, so it becomes ready,
 * connects everything and leaves. What the JVM says about it is on stdout and stderr.
 */
final class BareEngine {
    /** The first class that {@code ExtensionMain} needs after it has said {@code ready}. */
    private static final String AFTER_READY = "io.dogsled.config.ConnectionReader ";

    private static final String FROM_CACHE = "source: shared objects file";

    private final List<String> lines;
    private final int status;

    private BareEngine(List<String> lines, int status) {
        this.lines = lines;
        this.status = status;
    }

    /** Lives with these options after those of {@code options}, as whom the words of {@code prefix} say, in another time zone. */
    static BareEngine live(Path opt, List<String> prefix, List<String> options, String... more)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("engine", ".txt");
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "exec \"$@\" </dev/null 3</dev/null 4>/dev/null 6</dev/null", "-"));
        command.addAll(prefix);
        command.add(opt.resolve("dogsled/jre/bin/java").toString());
        command.addAll(options);
        command.addAll(List.of(more));
        command.addAll(List.of("-cp", "dogsled.jar", "io.dogsled.ExtensionMain", "--udp=8125", "--held"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(opt.resolve("dogsled").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("TZ", "Asia/Tokyo");
        // nothing to complain about, so that no log line loads slf4j right after ready
        builder.environment().put("DD_API_KEY", "key");
        Process engine = builder.start();
        try {
            assertThat(engine.waitFor(30, TimeUnit.SECONDS)).as("ended").isTrue();
            return new BareEngine(Files.readAllLines(output), engine.exitValue());
        } finally {
            engine.destroyForcibly();
            Files.delete(output);
        }
    }

    /** The options as packaged, with the classes on stdout as they are loaded. */
    static List<String> options(Path opt) throws IOException {
        List<String> options = new ArrayList<>(Files.readAllLines(opt.resolve("dogsled/jvm.options")).stream()
                .filter(line -> line.startsWith("-"))
                .toList());
        options.add("-Xlog:class+load=info:stdout:none");
        return options;
    }

    int status() {
        return status;
    }

    /** Everything that was said but classes. */
    List<String> said() {
        return lines.stream().filter(line -> !line.contains(" source: ")).toList();
    }

    List<String> loaded() {
        return lines.stream().filter(line -> line.contains(" source: ")).toList();
    }

    List<String> loadedBeforeReady() {
        List<String> before = loaded().stream()
                .takeWhile(line -> !line.startsWith(AFTER_READY))
                .toList();
        assertThat(before).as("the class after ready was loaded: %s", said()).hasSizeLessThan(loaded().size());
        return before;
    }

    static boolean isFromCache(String line) {
        return line.endsWith(FROM_CACHE);
    }
}
