package io.dogsled.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines that AWS's emulator writes about an invocation, between those of the function and of the extension.
 *
 * <pre>
 * 21 Nov 2026 19:15:23,758 [INFO] (rapid) INVOKE RTDONE(status: success, produced bytes: 0, duration: 6.106000ms)
 * REPORT RequestId: 8b39…	Init Duration: 0.78 ms	Duration: 214.06 ms	Billed Duration: 215 ms	Memory Size: …
 * </pre>
 *
 * The first is what the function's runtime took, the second until every extension had polled again, and with a cold start
 * the time of that.
 */
final class RieLog {
    private static final Pattern RUNTIME = Pattern.compile("INVOKE RTDONE\\(.*duration: ([0-9.]+)ms\\)");
    private static final Pattern REPORT = Pattern.compile("^REPORT .*?\\tDuration: ([0-9.]+) ms");
    private static final Pattern INIT = Pattern.compile("INIT REPORT\\(durationMs: ([0-9.]+)\\)");
    private static final Pattern RESET = Pattern.compile("Reset initiated: (\\w+)");
    private static final Pattern OWN =
            Pattern.compile("^(START|END|REPORT) RequestId: |^\\d\\d \\w{3} \\d{4} [\\d:,]+ \\[\\w+] |^EXTENSION\\t");

    private RieLog() {}

    /** Milliseconds until the runtime was done. */
    static Optional<Double> runtimeMs(String line) {
        return number(RUNTIME, line);
    }

    /** Milliseconds until runtime and extensions were done, with Init if it came with this invocation. */
    static Optional<Double> reportMs(String line) {
        return number(REPORT, line);
    }

    /** Milliseconds of an Init. */
    static Optional<Double> initMs(String line) {
        return number(INIT, line);
    }

    /** Why everything in the sandbox was ended, in the emulator's words; with SIGTERM too. */
    static Optional<String> reset(String line) {
        Matcher found = RESET.matcher(line);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    /** Whether the emulator wrote it, and neither function nor extension. */
    static boolean own(String line) {
        return OWN.matcher(line).find();
    }

    private static Optional<Double> number(Pattern what, String line) {
        Matcher found = what.matcher(line);
        return found.find() ? Optional.of(Double.parseDouble(found.group(1))) : Optional.empty();
    }
}
