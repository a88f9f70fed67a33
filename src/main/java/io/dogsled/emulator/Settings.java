package io.dogsled.emulator;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What {@link Emulator} was told, frozen when a sandbox starts. */
record Settings(
        Mode mode,
        PlatformClock clock,
        InetAddress bindAddress,
        Function function,
        Duration timeout,
        Duration initTimeout,
        Optional<Path> layer,
        List<String> scriptedExtensions,
        List<String> runtimeCommand,
        Path taskRoot,
        Map<String, String> environment,
        boolean freeze,
        boolean closedStdin,
        Consumer<Mark> onMark,
        Consumer<LogLine> onLine) {

    /** The function's identity; {@code accountId} is told to extensions that ask for it. */
    record Function(String name, String version, String handler, String accountId, String region, int memoryMb) {
        String arn() {
            return "arn:aws:lambda:" + region + ":" + accountId + ":function:" + name;
        }
    }
}
