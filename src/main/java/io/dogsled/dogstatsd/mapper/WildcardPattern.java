package io.dogsled.dogstatsd.mapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A match of type {@code wildcard}: {@code *} stands for any number of characters but dots, and captures them. It means {@code
 * ^…([^.]*)…$}, but needs no regex.
 *
 * <p>A star cannot hold a dot, so pattern and name fall into as many segments, each matched alone. In a segment {@code a*b*c} the
 * first and last literal are fixed at its ends. A greedy star takes all it can, so each literal in the middle stands as far to the
 * right as those behind it allow: going from right to left, {@code lastIndexOf} finds it, and nothing is ever tried twice.
 */
final class WildcardPattern implements NamePattern {
    private final List<List<String>> segments = new ArrayList<>();

    private WildcardPattern(String match) {
        for (String segment : pieces(match, '.')) {
            segments.add(pieces(segment, '*'));
        }
    }

    static WildcardPattern compile(String match) throws MapperException {
        for (int i = 0; i < match.length(); i++) {
            char c = match.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && "-_*.".indexOf(c) < 0) {
                throw new MapperException("invalid wildcard match pattern `" + match
                        + "`, it does not match allowed match regex `^[a-zA-Z0-9\\-_*.]+$`");
            }
        }
        if (match.contains("**")) {
            throw new MapperException(
                    "invalid wildcard match pattern `" + match + "`, it should not contain consecutive `*`");
        }
        return new WildcardPattern(match);
    }

    @Override
    public Captures match(String name) {
        List<String> parts = pieces(name, '.');
        if (parts.size() != segments.size()) {
            return Captures.NONE;
        }
        List<String> groups = new ArrayList<>();
        groups.add(name);
        for (int i = 0; i < parts.size(); i++) {
            if (!matchSegment(segments.get(i), parts.get(i), groups)) {
                return Captures.NONE;
            }
        }
        return new Captures(groups, Map.of());
    }

    private static boolean matchSegment(List<String> literals, String text, List<String> groups) {
        String first = literals.getFirst();
        String last = literals.getLast();
        if (literals.size() == 1) {
            return text.equals(first);
        }
        int end = text.length() - last.length();
        if (end < first.length() || !text.startsWith(first) || !text.endsWith(last)) {
            return false;
        }
        int insertAt = groups.size();
        for (int i = literals.size() - 2; i > 0; i--) {
            String literal = literals.get(i);
            int start = text.lastIndexOf(literal, end - literal.length());
            if (start < first.length()) {
                return false;
            }
            groups.add(insertAt, text.substring(start + literal.length(), end));
            end = start;
        }
        groups.add(insertAt, text.substring(first.length(), end));
        return true;
    }

    private static List<String> pieces(String text, char separator) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, start)) {
            pieces.add(text.substring(start, at));
            start = at + 1;
        }
        pieces.add(text.substring(start));
        return pieces;
    }
}
