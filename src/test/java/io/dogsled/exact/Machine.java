package io.dogsled.exact;

import io.dogsled.aggregator.Aggregator;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.config.ConfigProblem;
import io.dogsled.config.ConfigReader;
import io.dogsled.dogstatsd.DogStatsDServer;
import io.dogsled.dogstatsd.Parsers;
import io.dogsled.dogstatsd.listeners.DatagramHandler;
import io.dogsled.forwarder.Deliveries;
import io.dogsled.forwarder.Deliveries.Fate;
import io.dogsled.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays a {@link Program} on the real parts, from the bytes of a datagram to the bytes of a payload, beside
 * {@link Reference}, and names what differs. After each step, and inside of exchanges, the ledger must balance. By the
 * second word of the settings:
 *
 * <ul>
 *   <li>{@code resend}, {@code drop}: what is sent again, or not, after an unknown outcome is right; all must be equal;
 *   <li>{@code twice}: it is wrong, and the ledger must name every event and every value of a distribution that shows
 *       twice;
 *   <li>{@code lossy}, {@code lossy-drop}: the intake also refuses; all must be equal if the ledger names no loss and
 *       nothing that may show twice.
 * </ul>
 */
final class Machine {
    static final String COPY_PREFIX = "copy.";

    /** How late a timestamp may be, and how far the clock may step back: what the aggregator promises to remember. */
    static final int LATE_S = 20;

    private static final long STEP_BACK_MS = 18_000;
    private static final long START_MS = 1_700_000_000_000L;
    private static final Pattern TIMESTAMP = Pattern.compile("T~(-?)(\\d+)");
    private static final Pattern BEFORE_START = Pattern.compile("T=(\\d+)");

    private final Program program;
    private final ManualClock clock = new ManualClock(START_MS);
    private final Counters counters = new Counters();
    private final Aggregator aggregator;
    private final DatagramHandler parser;
    private final Deliveries deliveries;
    private final Reference reference;
    private final Intake intake = new Intake();
    private long latestMs = START_MS;
    private int next;

    private Machine(Program program) {
        this.program = program;
        String countMode = program.word(1);
        String policy = program.word(2);
        boolean copies = copies(policy);
        Config config = config(countMode, copies);
        Instruments instruments = new Instruments(clock, counters, new Log(Log.Level.OFF));
        aggregator = new Aggregator(
                config.aggregation(), DogStatsDServer.enricher(config.dogstatsd(), instruments), counters);
        parser = Parsers.parser(config.dogstatsd(), aggregator, instruments);
        reference = new Reference(countMode, copies);
        Config.Ambiguous ambiguous = policy.endsWith("drop") ? Config.Ambiguous.DROP : Config.Ambiguous.RESEND;
        deliveries = new Deliveries(ambiguous, fate(policy), instruments, intake::take, this::meanwhile);
    }

    /** A histogram's copy is no second sample, so the ledger does not name copies that are lost or show twice. */
    private static boolean copies(String policy) {
        return policy.equals("resend") || policy.equals("drop");
    }

    private static Fate fate(String policy) {
        return switch (policy) {
            case "resend" -> Fate.NOT_TAKEN;
            case "drop" -> Fate.TAKEN;
            case "twice" -> Fate.TAKEN_EACH_TIME;
            default -> Fate.AS_WRITTEN;
        };
    }

    /** What is wrong, in words; empty if nothing is. */
    static String fault(Program program) {
        Machine machine = new Machine(program);
        try {
            machine.play();
            return "";
        } catch (RuntimeException | AssertionError e) {
            String where = machine.next == 0 ? "" : "step " + machine.next + ": ";
            return where + e;
        }
    }

    private void play() {
        while (next < program.steps().size()) {
            step(program.steps().get(next++));
        }
        flush();
        deliveries.lastRound();
        require(deliveries.isIdle(), "something waits after the last round");
        deliveries.close();
        checkLedger();
        require(aggregator.heldSamples() + deliveries.heldSamples() == 0, "something is held after the end");
        compare();
    }

    private void step(String step) {
        int space = (step + " ").indexOf(' ');
        String argument = step.substring(Math.min(step.length(), space + 1));
        switch (step.substring(0, space)) {
            case "send" -> send(argument.replace("\\r", "\r").replace("\\n", "\n"));
            case "clock" -> move(Long.parseLong(argument));
            case "flush" -> flush();
            case "deliver" -> deliveries.round(argument);
            default -> throw new IllegalArgumentException("no such step: " + step);
        }
        checkLedger();
    }

    /** While an exchange is under way: what comes next up to the next flush, but no second round. */
    private void meanwhile() {
        boolean flushed = false;
        while (!flushed
                && next < program.steps().size()
                && !program.steps().get(next).startsWith("deliver")) {
            String step = program.steps().get(next++);
            step(step);
            flushed = step.equals("flush");
        }
    }

    private void send(String text) {
        long nowS = clock.nowMs() / 1_000;
        Matcher timestamp = TIMESTAMP.matcher(text);
        String datagram = timestamp.replaceAll(match -> {
            long distanceS = Long.parseLong(match.group(2));
            return "T" + (match.group(1).isEmpty() ? nowS + distanceS : latestMs / 1_000 - distanceS);
        });
        datagram = BEFORE_START
                .matcher(datagram)
                .replaceAll(match -> "T" + (START_MS / 1_000 - Long.parseLong(match.group(1))));
        reference.datagram(datagram, nowS);
        byte[] bytes = datagram.getBytes(StandardCharsets.UTF_8);
        byte[] buffer = java.util.Arrays.copyOf(bytes, bytes.length + 64);
        parser.onDatagram(buffer, bytes.length);
    }

    private void move(long ms) {
        if (ms >= 0) {
            clock.advanceMs(ms);
        } else {
            clock.jumpWallMs(Math.max(ms, latestMs - STEP_BACK_MS - clock.nowMs()));
        }
        latestMs = Math.max(latestMs, clock.nowMs());
    }

    private void flush() {
        reference.flush();
        deliveries.offer(aggregator.flush(clock.nowMs()));
    }

    private void checkLedger() {
        long delivered = counters.value(Counter.DELIVERED);
        long lost = counters.sum(Counter.Kind.LOST);
        long held = aggregator.heldSamples() + deliveries.heldSamples();
        long received = counters.value(Counter.RECEIVED);
        require(
                received == delivered + held + lost,
                "received " + received + " = delivered " + delivered + " + held " + held + " + lost " + lost);
        require(received == reference.samples, "received " + received + ", sent " + reference.samples);
    }

    private void compare() {
        equal("problems", List.of(), intake.problems);
        equal("rejected lines", reference.rejected, counters.sum(Counter.Kind.REJECTED));
        equal("not finite", reference.notFinite, counters.value(Counter.LOST_NOT_FINITE));
        String policy = program.word(2);
        long lost = counters.sum(Counter.Kind.LOST) - reference.notFinite;
        long twice = counters.value(Counter.POSSIBLY_DUPLICATED);
        if (policy.startsWith("lossy") && lost + twice > 0) {
            return;
        }
        equal("lost", policy.equals("drop") ? counters.value(Counter.LOST_AMBIGUOUS) : 0L, lost);
        equal("differences", List.of(), differences());
        equal("checks", new TreeSet<>(reference.checks), new TreeSet<>(intake.checks.keySet()));
        equal("events", new TreeSet<>(reference.events), new TreeSet<>(intake.events.keySet()));
        boolean all = policy.equals("twice"); // there each value has its bin
        equal("what shows twice", all ? twice : 0, intake.eventsTwice() + (all ? intake.binsTwice() : 0));
    }

    private List<String> differences() {
        Map<String, String> expected = reference.expected();
        Map<String, String> shown = intake.shown();
        if (program.word(2).equals("twice")) {
            expected.replaceAll(Machine::withoutTimes);
            shown.replaceAll(Machine::withoutTimes);
        }
        TreeMap<String, String> all = new TreeMap<>(expected);
        all.putAll(shown);
        List<String> differences = new ArrayList<>();
        for (String key : all.keySet()) {
            if (!String.valueOf(expected.get(key)).equals(shown.get(key)) && differences.size() < 5) {
                differences.add(key + ": shown " + shown.get(key) + ", should be " + expected.get(key));
            }
        }
        return differences;
    }

    /** A sketch's bins, however often each is there. */
    private static String withoutTimes(String key, String text) {
        return key.startsWith("SKETCH") ? text.substring(text.indexOf('{')).replaceAll("=\\d+", "") : text;
    }

    private static Config config(String countMode, boolean copies) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DD_DOGSTATSD_COUNT_MODE", countMode);
        environment.put("DD_HISTOGRAM_AGGREGATES", "max,min,median,avg,sum,count");
        environment.put("DD_HISTOGRAM_PERCENTILES", "0.5,0.95");
        environment.put("DD_HISTOGRAM_COPY_TO_DISTRIBUTION", String.valueOf(copies));
        environment.put("DD_HISTOGRAM_COPY_TO_DISTRIBUTION_PREFIX", COPY_PREFIX);
        environment.put("DD_API_KEY", "key");
        List<ConfigProblem> problems = new ArrayList<>();
        Config config = ConfigReader.read(environment, problems);
        equal("settings", List.of(), problems);
        return config;
    }

    private static void equal(String what, Object expected, Object actual) {
        require(expected.equals(actual), what + ": expected " + expected + ", but " + actual);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
