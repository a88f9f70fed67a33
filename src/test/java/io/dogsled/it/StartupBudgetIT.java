package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the packaged engine loads until it says {@code ready}: a number of classes that is checked in, and none of those that
 * cost milliseconds (style.md §3). Without the AOT cache, because a cache loads all its classes at once and hides the order.
 */
@Timeout(60)
class StartupBudgetIT {
    /** Loaded before {@code ready}: 541 by the JVM before main, the rest by us and for us. Change it only with a reason in the commit. */
    private static final int CLASSES = 719;

    /** Below this the limit says nothing any more. */
    private static final int SLACK = 40;

    /** The first class that {@code ExtensionMain} needs after it has said {@code ready}. */
    private static final String AFTER_READY = " io.dogsled.forwarder.Forwarder ";

    private static final List<String> DEAR = List.of(
            " java.util.stream.",
            " java.util.regex.",
            " java.util.logging.",
            " java.util.Formatter",
            " java.net.http.",
            " java.nio.channels.DatagramChannel",
            " java.lang.invoke.LambdaForms",
            " java.lang.runtime.ObjectMethods",
            " com.fasterxml.",
            " com.google.protobuf.",
            " org.slf4j.",
            " javax.net.ssl.");

    @TempDir
    private Path folder;

    @Test
    void nothingDearIsLoadedBeforeReadyAndTheNumberOfClassesIsTheOneCheckedIn() throws Exception {
        List<String> loaded = loadedBeforeReady();

        assertThat(loaded)
                .noneMatch(line -> DEAR.stream().anyMatch(line::contains))
                .anyMatch(line -> line.contains(" io.dogsled.dogstatsd.DogStatsDServer "));
        assertThat(loaded.size()).as("classes loaded before ready").isBetween(CLASSES - SLACK, CLASSES);
    }

    private List<String> loadedBeforeReady() throws IOException, InterruptedException {
        Path log = folder.resolve("classes");
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "exec \"$@\" </dev/null 3</dev/null 4>/dev/null", "-"));
        command.add(Packaged.layer().resolve("dogsled/jre/bin/java").toString());
        command.addAll(optionsWithoutCache());
        command.add("-Xlog:class+load:file=" + log);
        command.addAll(List.of("-cp", "dogsled.jar", "io.dogsled.ExtensionMain", "--udp=8125"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Packaged.layer().resolve("dogsled").toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        // nothing to complain about, so that no log line loads slf4j right after ready
        builder.environment().put("DD_API_KEY", "key");
        Process engine = builder.start();
        assertThat(engine.waitFor(30, TimeUnit.SECONDS)).isTrue();
        List<String> lines = Files.readAllLines(log);
        List<String> before =
                lines.stream().takeWhile(line -> !line.contains(AFTER_READY)).toList();
        assertThat(before).as("the class after ready was loaded").hasSizeLessThan(lines.size());
        return before;
    }

    private static List<String> optionsWithoutCache() throws IOException {
        return Files.readAllLines(Packaged.layer().resolve("dogsled/jvm.options")).stream()
                .filter(line -> line.startsWith("-") && !line.startsWith("-XX:AOTCache="))
                .toList();
    }
}
