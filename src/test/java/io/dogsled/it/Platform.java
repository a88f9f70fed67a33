package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Sandbox;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What tests of the packaged layer ask of a sandbox and its processes. */
public final class Platform {
    /** The name of the extension: that of its file. */
    public static final String EXTENSION = "dogsled";

    private static final String LEDGER = "DOGSLED ledger ";

    private Platform() {}

    public static Invocation.Result succeeds(Invocation.Result result) {
        assertThat(result.outcome()).as(result.errorType()).isEqualTo(Invocation.Outcome.SUCCESS);
        return result;
    }

    /** The launcher's only child. */
    public static ProcessHandle engine(Sandbox sandbox) {
        ProcessHandle launcher =
                ProcessHandle.of(sandbox.pid(EXTENSION).orElseThrow()).orElseThrow();
        await().atMost(Duration.ofSeconds(10)).until(() -> launcher.children().count() == 1);
        return launcher.children().findFirst().orElseThrow();
    }

    public static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
    }

    /** The JSON of the only ledger line. */
    public static String ledger(Sandbox sandbox) {
        List<String> lines = matching(sandbox, LEDGER + "{");
        assertThat(lines).as("one ledger line among " + sandbox.lines()).hasSize(1);
        return lines.getFirst().substring(LEDGER.length());
    }

    public static List<String> matching(Sandbox sandbox, String part) {
        return sandbox.lines().stream()
                .map(LogLine::text)
                .filter(line -> line.contains(part))
                .toList();
    }
}
