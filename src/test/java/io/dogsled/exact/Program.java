package io.dogsled.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A life of a sandbox, one step a line, so that it can be printed, cut, saved and played again.
 *
 * <pre>
 * settings count resend              count mode; what ambiguous outcomes do: {@link Machine}
 * send m0:1:2|c|@0.5|#b,a\nm1:3|g    a datagram; \n is a line end, T~-7 a timestamp seven seconds before the latest,
 *                                    T=7 seven seconds before the life began
 * clock +1500                        milliseconds, or - for a step back
 * flush                              the swap, and what it took handed to the forwarder
 * deliver k+5                        a round: the ends of its exchanges ({@code forwarder.Deliveries})
 * </pre>
 */
record Program(String settings, List<String> steps) {
    private static final String[] TYPES = {"c", "c", "g", "h", "ms", "s", "d"};
    private static final String[] LATE_TYPES = {"c", "g", "h", "s"};
    private static final String[] RATES = {
        "", "", "", "|@1", "|@0.5", "|@0.25", "|@0.2", "|@0.1", "|@0.01", "|@0", "|@7"
    };
    private static final String[] TAGS = {"a", "b", "c:1", "c:2", "d", "host:h", "", "a"};
    private static final String[] NOISE = {
        "bad", "bad:1", "bad:x|c", "bad:1|q", "bad:1|c|@x", "bad:1|g|T0", "bad::|c", "_e{bad", "_sc|bad|9", "", "\r"
    };
    private static final String[] COUNT_MODES = {"count", "count", "rate", "distribution"};
    private static final String EXACT_ANSWERS = "kkkkk5554utaAsSw+++";
    private static final String ALL_ANSWERS = EXACT_ANSWERS + "rfT";

    /**
     * One of {@code steps} steps; {@code policy} as in {@link Machine}. Where sketches may show twice, each value of a
     * distribution has a bin of its own, so that it can be told.
     */
    static Program random(long seed, int steps, String policy) {
        Random random = new Random(seed);
        String countMode = COUNT_MODES[random.nextInt(COUNT_MODES.length)];
        Generator generator = new Generator(random, policy);
        List<String> list = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            list.add(generator.step().strip());
        }
        return new Program("settings " + (policy.equals("twice") ? "count" : countMode) + " " + policy, list);
    }

    static Program parse(String text) {
        List<String> lines =
                new ArrayList<>(text.strip().lines().map(String::strip).toList());
        return new Program(lines.removeFirst(), lines);
    }

    String word(int index) {
        return settings.split(" ", -1)[index];
    }

    @Override
    public String toString() {
        return settings + "\n" + String.join("\n", steps) + "\n";
    }

    private static final class Generator {
        private final Random random;
        private final String policy;
        private int events;
        private int marked;

        Generator(Random random, String policy) {
            this.random = random;
            this.policy = policy;
        }

        String step() {
            int dice = random.nextInt(20);
            if (dice < 12) {
                return "send " + datagram();
            }
            if (dice < 15) {
                return "flush";
            }
            return dice < 18 ? "deliver " + answers() : "clock " + clock();
        }

        private String clock() {
            return switch (random.nextInt(5)) {
                case 0 -> "-" + random.nextInt(12_000);
                case 1 -> "+" + random.nextInt(45_000);
                default -> "+" + random.nextInt(5_000);
            };
        }

        private String answers() {
            String letters = policy.startsWith("lossy") ? ALL_ANSWERS : EXACT_ANSWERS;
            StringBuilder answers = new StringBuilder();
            for (int i = random.nextInt(7); i > 0; i--) {
                answers.append(letters.charAt(random.nextInt(letters.length())));
            }
            return answers.toString();
        }

        private String datagram() {
            StringBuilder lines = new StringBuilder(line());
            for (int i = random.nextInt(4); i > 0; i--) {
                lines.append(random.nextInt(5) == 0 ? "\\r\\n" : "\\n").append(line());
            }
            return lines.append(random.nextBoolean() ? "\\n" : "").toString();
        }

        private String line() {
            return switch (random.nextInt(33)) {
                case 30, 31, 32 -> late();
                case 0 -> NOISE[random.nextInt(NOISE.length)].replace("\r", "\\r");
                case 1 -> event("e" + events++);
                case 2 -> "_sc|check" + events++ + "|" + random.nextInt(4);
                default -> metric();
            };
        }

        /** Of a context that always names its second, out of a few that every step comes back to, long after they were sent. */
        private String late() {
            String type = LATE_TYPES[random.nextInt(LATE_TYPES.length)];
            return "late." + type + ":" + value() + "|" + type + tags() + "|T=" + random.nextInt(4) * 407;
        }

        private static String event(String title) {
            return "_e{" + title.length() + ",1}:" + title + "|x|#a";
        }

        private String metric() {
            String type = TYPES[random.nextInt(TYPES.length)];
            if (type.equals("d") && policy.equals("twice")) {
                return name(type) + ":" + Math.pow(1.015625, marked++) + "|d" + tags() + timestamp();
            }
            StringBuilder line = new StringBuilder(name(type));
            for (int i = type.equals("s") ? 1 : 1 + random.nextInt(3); i > 0; i--) {
                line.append(':').append(value());
            }
            line.append('|').append(type);
            List<String> options = new ArrayList<>(List.of(RATES[random.nextInt(RATES.length)], tags(), timestamp()));
            java.util.Collections.shuffle(options, random);
            options.forEach(line::append);
            return line.toString();
        }

        /**
         * Types share names, so that contexts of one name and tags must stay apart; but a gauge and a set would show as
         * the same series at an intake, so these two have names of their own.
         */
        private String name(String type) {
            boolean first = type.equals("g") || (!type.equals("s") && random.nextBoolean());
            return (first ? "m" : "n") + random.nextInt(2);
        }

        /** Quarters, so that sums do not depend on their order; now and then what is no number. */
        private String value() {
            return switch (random.nextInt(40)) {
                case 0 -> "nan";
                case 1 -> "-Inf";
                case 2 -> "0";
                case 3, 4, 5 -> (random.nextInt(4_000) - 800) / 4.0 + "";
                case 6 -> random.nextInt(1_000) + "e3";
                default -> Integer.toString(random.nextInt(200) - 40);
            };
        }

        private String tags() {
            int count = Math.max(0, random.nextInt(6) - 2); // few contexts, so that much meets in one
            StringBuilder tags = new StringBuilder(count == 0 ? "" : "|#");
            for (int i = 0; i < count; i++) {
                tags.append(i == 0 ? "" : ",").append(TAGS[random.nextInt(TAGS.length)]);
            }
            return tags.toString();
        }

        private String timestamp() {
            return switch (random.nextInt(12)) {
                case 0, 1 -> "|T~-" + random.nextInt(Machine.LATE_S);
                case 2 -> "|T~" + random.nextInt(20);
                case 3 -> random.nextInt(20) == 0 ? "|T~" + random.nextInt(3_000) : "";
                default -> "";
            };
        }
    }
}
