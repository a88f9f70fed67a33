package io.dogsled.dogstatsd.mapper;

import java.util.List;
import java.util.Map;

/** What a match captured: group 0 is the whole name; a group that took no part is empty. */
final class Captures {
    /** No match. */
    static final Captures NONE = new Captures(List.of(), Map.of());

    private final List<String> groups;
    private final Map<String, Integer> names;

    Captures(List<String> groups, Map<String, Integer> names) {
        this.groups = groups;
        this.names = names;
    }

    boolean isMatch() {
        return !groups.isEmpty();
    }

    /**
     * Fills a template as Go's {@code Regexp.Expand} does (Go: src/regexp/regexp.go): {@code $1}, {@code ${1}}, {@code $name},
     * <code>${name}</code>, {@code $$}. Without braces the name is the longest run of letters, digits and {@code _}, so {@code $1_x} asks for
     * a group named {@code 1_x}. An unknown group is empty; a dollar sign that begins nothing stands for itself.
     */
    String expand(String template) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            char c = template.charAt(at);
            if (c != '$') {
                out.append(c);
                at++;
            } else if (template.startsWith("$$", at)) {
                out.append('$');
                at += 2;
            } else {
                at = expandGroup(template, at, out);
            }
        }
        return out.toString();
    }

    private int expandGroup(String template, int dollar, StringBuilder out) {
        boolean braces = template.startsWith("${", dollar);
        int start = braces ? dollar + 2 : dollar + 1;
        int end = start;
        while (end < template.length() && isNamePart(template.charAt(end))) {
            end++;
        }
        boolean closed = !braces || (end < template.length() && template.charAt(end) == '}');
        if (end == start || !closed) {
            out.append('$');
            return dollar + 1;
        }
        out.append(group(template.substring(start, end)));
        return braces ? end + 1 : end;
    }

    private String group(String name) {
        int number = number(name);
        if (number >= 0) {
            return number < groups.size() ? groups.get(number) : "";
        }
        Integer index = names.get(name);
        return index == null ? "" : groups.get(index);
    }

    /** The number of a group, or −1 if the text is a name: no leading zeros, at most eight digits. */
    private static int number(String name) {
        boolean leadingZero = name.length() > 1 && name.charAt(0) == '0';
        int number = leadingZero || name.length() > 8 ? -1 : 0;
        for (int i = 0; i < name.length() && number >= 0; i++) {
            int digit = name.charAt(i) - '0';
            number = digit < 0 || digit > 9 ? -1 : number * 10 + digit;
        }
        return number;
    }

    private static boolean isNamePart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}
