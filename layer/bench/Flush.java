import io.dogsled.emulator.Emulator;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.Schedule;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an invocation costs at any intake, and how old the data is when it arrives:
 * {@code java -cp dogsled-tools.jar Flush.java target rounds plots what strategies outage}.
 *
 * <p>The packaged layer in the local Lambda, frozen between invocations. Each row is a sandbox of its own: {@value #WARM}
 * invocations at a well intake, which are not counted, then {@code rounds} at the intake of the row, then SHUTDOWN. Prints the
 * markdown that stands in docs/benchmarks.md, and keeps it in target/flush.txt. {@code what} picks rows by their names;
 * {@code outage} is what the plotted outage does to requests.
 */
final class Flush {
    private static final int WARM = 30;
    private static final int PAUSE_MS = 30;
    /** What an invocation may cost that waits for nothing. */
    private static final double OPEN_MS = 5;
    private static final Map<String, String> INTAKES = intakes();
    private static final Pattern COUNT = Pattern.compile("\"(delivered|received|possibly_duplicated)\":([0-9]+)");
    private static final Pattern LOST = Pattern.compile("\"lost\":\\{([^}]*)\\}");

    private final Path target;
    private final int rounds;
    private final PrintStream out;

    private Flush(Path target, int rounds, PrintStream out) {
        this.target = target;
        this.rounds = rounds;
        this.out = out;
    }

    private static Map<String, String> intakes() {
        Map<String, String> intakes = new LinkedHashMap<>();
        intakes.put("0ms", "latency:0ms");
        intakes.put("tls", "latency:0ms");
        intakes.put("20ms", "latency:20ms");
        intakes.put("200ms", "latency:200ms");
        intakes.put("1s", "latency:1s");
        intakes.put("10s", "latency:10s");
        intakes.put("blackhole", "blackhole");
        intakes.put("reset", "reset");
        intakes.put("500", "500");
        return intakes;
    }

    public static void main(String[] args) throws Exception {
        Path target = Path.of(args[0]).toAbsolutePath();
        List<String> what = args[3].isBlank() ? List.of() : List.of(args[3].strip().split("[, ]+"));
        List<String> strategies = List.of(args[4].strip().split(" +"));
        for (String name : what) {
            if (!name.equals("outage") && !INTAKES.containsKey(name)) {
                System.err.println("WHAT is any of " + INTAKES.keySet() + " and outage, not " + name);
                System.exit(2);
            }
        }
        Files.createDirectories(target.resolve("bench"));
        Certificates.write(target.resolve("bench/flush-tls"));
        Emulator.warmUp();
        try (PrintStream file = new PrintStream(Files.newOutputStream(target.resolve("flush.txt")), true, StandardCharsets.UTF_8)) {
            Flush flush = new Flush(target, Integer.parseInt(args[1]), file);
            flush.table(what, strategies);
            if (what.isEmpty() || what.contains("outage")) {
                Outage.play(target, Path.of(args[2], "flush.svg"), strategies, args[5], flush::say);
            }
        }
    }

    private void table(List<String> what, List<String> strategies) throws Exception {
        boolean first = true;
        for (Map.Entry<String, String> intake : INTAKES.entrySet()) {
            for (String strategy : strategies) {
                if (what.isEmpty() || what.contains(intake.getKey())) {
                    if (first) {
                        head();
                        first = false;
                    }
                    row(intake.getKey(), intake.getValue(), strategy);
                }
            }
        }
        if (!first) {
            say("");
        }
    }

    private void head() {
        say("| intake | strategy | after `runtimeDone`, ms: p50 | p99 | max | over 5 ms | breaker open from | then the most, ms"
                + " | function's end → done, p50 ms | age at the intake, s: p50 | max | before SHUTDOWN | at SHUTDOWN | ledger: lost |");
        say("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    }

    private void row(String name, String fault, String strategy) throws Exception {
        TestServer.Options options = TestServer.Options.defaults();
        if (name.equals("tls")) {
            options = options.withKeystore(target.resolve("bench/flush-tls/server.p12"), Certificates.PASSWORD);
        }
        try (TestServer intake = TestServer.start(options);
                FlushRun run = new FlushRun(target, intake, strategy)) {
            for (int i = 0; i < WARM; i++) {
                run.invoke(-1 - i);
                Thread.sleep(PAUSE_MS);
            }
            run.samples().clear();
            intake.play(Schedule.empty().from(java.time.Duration.ZERO, Scenario.parse(fault)));
            int opened = -1;
            for (int i = 0; i < rounds; i++) {
                run.invoke(i);
                if (opened < 0 && run.hasOpened()) {
                    opened = i + 1;
                }
                Thread.sleep(PAUSE_MS);
            }
            long shutdownMs = System.currentTimeMillis();
            run.shutdown();
            say(cells(name, strategy, run, opened, shutdownMs));
        }
    }

    private String cells(String name, String strategy, FlushRun run, int opened, long shutdownMs) {
        List<Double> after = run.samples().stream().map(FlushRun.Sample::afterMs).toList();
        List<Double> held = run.samples().stream().map(FlushRun.Sample::heldMs).toList();
        Map<Integer, Long> arrivals = run.arrivals();
        List<Double> ages = new ArrayList<>();
        int late = 0;
        for (FlushRun.Sample sample : run.samples()) {
            Long arrival = arrivals.get(sample.number());
            if (arrival != null) {
                ages.add((arrival - sample.emittedMs()) / 1e3);
                late += arrival >= shutdownMs ? 1 : 0;
            }
        }
        return String.join(
                " | ",
                "| " + name,
                "`" + strategy + "`",
                ms(Plot.percentile(after, 50)),
                ms(Plot.percentile(after, 99)),
                ms(Plot.percentile(after, 100)),
                Long.toString(after.stream().filter(value -> value > OPEN_MS).count()),
                opened < 0 ? "–" : "invocation " + (opened + 1),
                opened < 0 || opened >= rounds ? "–" : ms(Plot.percentile(after.subList(opened, rounds), 100)),
                ms(Plot.percentile(held, 50)),
                ages.isEmpty() ? "–" : seconds(Plot.percentile(ages, 50)),
                ages.isEmpty() ? "–" : seconds(Plot.percentile(ages, 100)),
                Integer.toString(ages.size() - late),
                Integer.toString(late),
                ledger(run.ledger()) + " |");
    }

    /** What the last line of the log says of the samples that are not at the intake. */
    private static String ledger(String line) {
        Matcher lost = LOST.matcher(line);
        if (!lost.find()) {
            return line;
        }
        StringBuilder cell = new StringBuilder(lost.group(1).isEmpty() ? "nothing" : lost.group(1).replace("\"", "").replace(":", " "));
        Matcher count = COUNT.matcher(line);
        while (count.find()) {
            if (count.group(1).equals("possibly_duplicated") && !count.group(2).equals("0")) {
                cell.append("; possibly duplicated ").append(count.group(2));
            }
        }
        return cell.toString();
    }

    private void say(String line) {
        System.out.println(line);
        out.println(line);
    }

    static String ms(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }

    static String seconds(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }
}
