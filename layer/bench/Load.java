import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the packaged layer receives, keeps and costs under load: {@code java -cp dogsled-tools.jar Load.java target rounds what…}.
 *
 * <p>The sender and a bare receiver are C ({@code load.c}); the layer runs in the local Lambda, the load is the function of one
 * invocation. Sender and receiver have a core each. Layer and bare receiver take turns in one run, so that a noisy machine hurts
 * both; the ratios are what holds elsewhere. What was delivered is counted at the test server, decoded, at the end of the
 * invocation, and compared with the ledger.
 */
final class Load {
    private static final int LARGE_BUFFER = 4 << 20;
    /** The kernel doubles it: 212,992, its default, what a server has that does not ask. */
    private static final int SMALL_BUFFER = 106_496;

    private static final int DATAGRAMS_PER_SECOND = 10_000;
    private static final int SECONDS = 10;

    private final Path target;
    private final Tools tools;
    private final int rounds;

    private Load(Path target, Tools tools, int rounds) {
        this.target = target;
        this.tools = tools;
        this.rounds = rounds;
    }

    public static void main(String[] args) throws Exception {
        Path target = Path.of(args[0]);
        Set<String> what = Set.of(args.length > 2 ? args[2].split(",") : new String[] {"cpu", "ticks", "rate", "single", "burst", "contexts"});
        try (Tools tools = new Tools(target.resolve("bench/load"))) {
            System.out.println("sender and receiver: " + tools);
            new Load(target, tools, Integer.parseInt(args[1])).measure(what);
        }
    }

    private void measure(Set<String> what) throws Exception {
        if (what.contains("cpu")) {
            cpu("C1 only, as packaged", target.resolve("layer"));
            cpu("C1 and C2", target.resolve("bench/layer-c2"));
        }
        if (what.contains("ticks")) {
            ticks(100);
            ticks(10_000);
        }
        if (what.contains("rate")) {
            rate(1);
            rate(0.5);
        }
        if (what.contains("single")) {
            single(LARGE_BUFFER);
            single(SMALL_BUFFER);
        }
        if (what.contains("burst")) {
            for (int lines : new int[] {1, 20}) {
                burst(LARGE_BUFFER, lines);
                burst(SMALL_BUFFER, lines);
            }
        }
        if (what.contains("contexts")) {
            contexts();
        }
    }

    /** CPU of launcher and engine per metric: from exec to the end of the first ten seconds, and in the next ten. */
    private void cpu(String flags, Path layer) throws Exception {
        title("CPU per metric, 10,000 datagrams/s of 20 lines, " + flags);
        List<Double> cold = new ArrayList<>();
        List<Double> warm = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        List<Double> delivered = new ArrayList<>();
        List<Double> memory = new ArrayList<>();
        double metrics = DATAGRAMS_PER_SECOND * SECONDS * 20.0;
        for (int i = 0; i < rounds; i++) {
            try (Layer run = Layer.start(tools, layer, LARGE_BUFFER)) {
                long[] ns = new long[3];
                run.invoke(() -> {
                    send(run.port(), DATAGRAMS_PER_SECOND, 20, SECONDS);
                    ns[1] = run.cpuNs();
                    send(run.port(), DATAGRAMS_PER_SECOND, 20, SECONDS);
                    ns[2] = run.cpuNs();
                });
                memory.add(run.residentMb());
                delivered.add(100 * run.check() / (2 * metrics));
                cold.add(ns[1] / metrics / 1e3);
                warm.add((ns[2] - ns[1]) / metrics / 1e3);
            }
            try (Tools.Bare run = tools.receiver(LARGE_BUFFER)) {
                send(run.port(), DATAGRAMS_PER_SECOND, 20, SECONDS);
                bare.add(run.end().cpuNs() / metrics / 1e3);
            }
            ratios.add(warm.getLast() / bare.getLast());
        }
        row("delivered", delivered, "%");
        row("first 10 s, start included", cold, "µs");
        row("next 10 s", warm, "µs");
        row("bare receiver", bare, "µs");
        row("next 10 s / bare receiver", ratios, "");
        row("RSS after them", memory, "MB");
    }

    /** The same load in smaller and larger ticks: the fewer datagrams a tick has, the more often a receiver is woken. */
    private void ticks(int tickUs) throws Exception {
        title(String.format(Locale.ROOT, "CPU per metric, 10,000 datagrams/s of 20 lines, %d at a time, warm", tickUs / 100));
        List<Double> layer = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            try (Layer run = Layer.start(tools, target.resolve("layer"), LARGE_BUFFER)) {
                long[] ns = new long[2];
                run.invoke(() -> {
                    send(run.port(), DATAGRAMS_PER_SECOND, 20, 5);
                    ns[0] = run.cpuNs();
                    tools.steady(run.port(), tickUs);
                    ns[1] = run.cpuNs();
                });
                layer.add((ns[1] - ns[0]) / 2e6 / 1e3);
            }
            try (Tools.Bare run = tools.receiver(LARGE_BUFFER)) {
                tools.steady(run.port(), tickUs);
                bare.add(run.end().cpuNs() / 2e6 / 1e3);
            }
        }
        row("layer", layer, "µs");
        row("bare receiver", bare, "µs");
    }

    /** Whether everything arrives at a steady rate, from the first second on. */
    private void rate(double cores) throws Exception {
        for (int perSecond : new int[] {200_000, 400_000}) {
            title(String.format(Locale.ROOT, "%,d metrics/s for 10 s in 20-line datagrams, %.1f core, from a cold start", perSecond, cores));
            List<Double> delivered = new ArrayList<>();
            List<Double> bare = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                try (Layer run = Layer.start(tools, target.resolve("layer"), LARGE_BUFFER);
                        AutoCloseable limit = cores < 1 ? run.halfACore() : () -> {}) {
                    double[] sent = new double[1];
                    run.invoke(() -> sent[0] = send(run.port(), perSecond / 20, 20, SECONDS));
                    delivered.add(100 * run.delivered() / sent[0]);
                    if (i == 0 && cores < 1) {
                        System.out.println("confined by " + limit);
                    }
                    run.check();
                }
                try (Tools.Bare run = tools.receiver(LARGE_BUFFER)) {
                    double sent = send(run.port(), perSecond / 20, 20, SECONDS);
                    bare.add(100 * 20 * run.end().received() / sent);
                }
            }
            row("delivered", delivered, "%");
            row("bare receiver, a core", bare, "%");
        }
    }

    /** One line a datagram, as fast as one sender can. */
    private void single(int buffer) throws Exception {
        title(String.format(Locale.ROOT, "single-line datagrams, unpaced, kernel buffer %,d bytes", 2 * buffer));
        List<Double> offered = new ArrayList<>();
        List<Double> layer = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        List<Double> perSecond = new ArrayList<>();
        int count = 3_000_000;
        for (int i = 0; i < rounds; i++) {
            try (Layer run = Layer.start(tools, target.resolve("layer"), buffer)) {
                run.invoke(() -> send(run.port(), DATAGRAMS_PER_SECOND, 1, 3));
                double before = run.delivered();
                Tools.Sent[] sent = new Tools.Sent[1];
                run.invoke(() -> sent[0] = tools.send(run.port(), 0, 1, count, 100));
                double arrived = run.delivered() - before;
                offered.add(sent[0].perSecond() / 1e3);
                layer.add(100 * arrived / sent[0].datagrams());
                perSecond.add(arrived / sent[0].seconds() / 1e3);
                run.check();
            }
            try (Tools.Bare run = tools.receiver(buffer)) {
                Tools.Sent sent = tools.send(run.port(), 0, 1, count, 100);
                bare.add(100.0 * run.end().received() / sent.datagrams());
            }
            ratios.add(layer.getLast() / bare.getLast());
        }
        row("offered", offered, "thousand/s");
        row("delivered", layer, "%");
        row("delivered", perSecond, "thousand/s");
        row("bare receiver", bare, "%");
        row("delivered / bare receiver", ratios, "");
    }

    /** A burst of 20,000 datagrams, and the function is done at once. */
    private void burst(int buffer, int lines) throws Exception {
        title(String.format(Locale.ROOT, "burst of 20,000 datagrams of %d lines, done at once, kernel buffer %,d bytes", lines, 2 * buffer));
        List<Double> layer = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        List<Double> after = new ArrayList<>();
        List<Double> unexplained = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            try (Layer run = Layer.start(tools, target.resolve("layer"), buffer)) {
                double[] warm = new double[1];
                run.invoke(() -> warm[0] = send(run.port(), DATAGRAMS_PER_SECOND, 20, 3));
                double before = run.delivered();
                double done = run.invoke(() -> tools.send(run.port(), 0, lines, 20_000, 100));
                double arrived = (run.delivered() - before) / lines;
                layer.add(100 * arrived / 20_000);
                after.add(done);
                run.check();
                unexplained.add((warm[0] - before) / 20 + 20_000 - arrived - run.kernelDropped());
            }
            try (Tools.Bare run = tools.receiver(buffer)) {
                tools.send(run.port(), 0, lines, 20_000, 100);
                bare.add(100.0 * run.end().received() / 20_000);
            }
        }
        row("delivered in that flush", layer, "%");
        row("bare receiver", bare, "%");
        row("neither delivered nor in the ledger", unexplained, "datagrams");
        row("runtimeDone to next poll", after, "ms");
    }

    /** What 10,000 contexts cost over one. */
    private void contexts() throws Exception {
        title("10,000 contexts in one flush");
        List<Double> more = new ArrayList<>();
        List<Double> delivered = new ArrayList<>();
        List<Double> idle = new ArrayList<>();
        List<Double> after = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            try (Layer run = Layer.start(tools, target.resolve("layer"), LARGE_BUFFER)) {
                for (int warm = 0; warm < 3; warm++) {
                    run.invoke(() -> tools.send(run.port(), 100, 1, 10, 1));
                }
                double before = run.residentMb();
                after.add(run.invoke(() -> tools.send(run.port(), 1_000, 20, 500, 10_000)));
                idle.add(before);
                more.add(run.residentMb() - before);
                delivered.add(run.check());
                if (delivered.getLast() != 10_030) {
                    throw new IllegalStateException(delivered.getLast() + " of 10,030 lines arrived");
                }
            }
        }
        row("delivered of 10,030", delivered, "lines");
        row("RSS idle", idle, "MB");
        row("RSS over idle", more, "MB");
        row("runtimeDone to next poll", after, "ms");
    }

    /** Sends for some seconds and returns how many lines the kernel took. */
    private double send(int port, int perSecond, int lines, int seconds) throws IOException, InterruptedException {
        return tools.send(port, perSecond, lines, perSecond * seconds, 100).datagrams() * (double) lines;
    }

    private static void title(String text) {
        System.out.printf("%n%s%n", text);
    }

    private static void row(String what, List<Double> values, String unit) {
        List<Double> sorted = values.stream().sorted().toList();
        StringBuilder all = new StringBuilder();
        values.forEach(value -> all.append(String.format(Locale.ROOT, " %.3f", value)));
        System.out.printf(
                Locale.ROOT, "  %-38s median %10.3f %-10s (%s )%n", what, sorted.get(sorted.size() / 2), unit, all);
    }
}
