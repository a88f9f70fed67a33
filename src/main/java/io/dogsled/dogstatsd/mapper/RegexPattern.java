package io.dogsled.dogstatsd.mapper;

import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A match of type {@code regex}, anchored at both ends as the Agent does it, by {@code ^…$} without a group around.
 *
 * <p>Go's engine is linear; Java's backtracks, and some patterns take for ever on some names. So a match may look at a bounded number
 * of characters; beyond that it counts as no match, and a pattern that gives up too often is not tried again. Nested repeat counts,
 * which can loop without looking at a character, are refused when they multiply to more than {@value #MOST_REPEATS}.
 */
final class RegexPattern implements NamePattern {
    private static final int MOST_LOOKS = 200_000;
    private static final int MOST_REPEATS = 100_000;
    private static final int PATIENCE = 10;

    private final Pattern pattern;
    private final Map<String, Integer> names;
    private final Instruments instruments;
    private int gaveUp;

    private RegexPattern(Pattern pattern, Instruments instruments) {
        this.pattern = pattern;
        this.names = pattern.namedGroups();
        this.instruments = instruments;
    }

    static RegexPattern compile(String match, Instruments instruments) throws MapperException {
        if (repeats(match) > MOST_REPEATS) {
            throw new MapperException(
                    "invalid match `" + match + "`. its repeat counts multiply to more than " + MOST_REPEATS);
        }
        try {
            // \z, since $ would also match before a final line end; (?P<…> is how Go writes named groups
            String java = "^" + match.replace("(?P<", "(?<") + "\\z";
            return new RegexPattern(Pattern.compile(java, Pattern.UNIX_LINES), instruments);
        } catch (PatternSyntaxException e) {
            throw new MapperException("invalid match `" + match + "`. cannot compile regex: " + e.getDescription());
        }
    }

    @Override
    public Captures match(String name) {
        if (gaveUp >= PATIENCE) {
            return Captures.NONE;
        }
        try {
            Matcher matcher = pattern.matcher(new BoundedText(name, new int[] {MOST_LOOKS}));
            return matcher.find() ? captures(matcher) : Captures.NONE;
        } catch (TooManyLooks | StackOverflowError e) {
            giveUp(name);
            return Captures.NONE;
        }
    }

    private Captures captures(Matcher matcher) {
        List<String> groups = new ArrayList<>();
        for (int i = 0; i <= matcher.groupCount(); i++) {
            String group = matcher.group(i);
            groups.add(group == null ? "" : group);
        }
        return new Captures(groups, names);
    }

    private void giveUp(String name) {
        gaveUp++;
        instruments.counters().increment(Counter.MAPPER_GAVE_UP);
        if (gaveUp == 1) {
            instruments
                    .log()
                    .warn("dogstatsd mapper: " + pattern.pattern() + " takes too long on a name of " + name.length()
                            + " characters; the name is not mapped. Write a simpler regex or a wildcard");
        }
    }

    /** The product of all {@code {n}} and {@code {n,m}}, an upper bound of what nesting can make of them. */
    private static long repeats(String match) {
        long product = 1;
        for (int at = match.indexOf('{'); at >= 0 && product <= MOST_REPEATS; at = match.indexOf('{', at + 1)) {
            long count = 0;
            long largest = 1;
            for (int i = at + 1; i < match.length() && "0123456789,".indexOf(match.charAt(i)) >= 0; i++) {
                count = match.charAt(i) == ',' ? 0 : Math.min(MOST_REPEATS + 1L, count * 10 + (match.charAt(i) - '0'));
                largest = Math.max(largest, count);
            }
            product *= largest;
        }
        return product;
    }

    /** Ends a match from within. */
    private static final class TooManyLooks extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyLooks() {
            super("too many looks", null, false, false);
        }
    }

    /** A text that can be looked at so often and no more; pieces of it share the count. */
    private static final class BoundedText implements CharSequence {
        private final String text;
        private final int[] left;

        BoundedText(String text, int[] left) {
            this.text = text;
            this.left = left;
        }

        @Override
        public char charAt(int index) {
            if (--left[0] < 0) {
                throw new TooManyLooks();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new BoundedText(text.substring(start, end), left);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
