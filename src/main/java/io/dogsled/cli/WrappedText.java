package io.dogsled.cli;

import java.util.ArrayList;
import java.util.List;

/** Breaks text that is too wide: between words where it can, inside a word that alone is wider than the line. */
final class WrappedText {
    private WrappedText() {}

    /** The text in lines of at most {@code width} columns, broken at spaces; one empty line for an empty text. */
    static List<String> atSpaces(String text, int width) {
        return lines(text, width, false);
    }

    /** Likewise, and also behind commas, which is where a list of tags may be broken. */
    static List<String> atCommas(String text, int width) {
        return lines(text, width, true);
    }

    private static List<String> lines(String text, int width, boolean commas) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width) {
            int at = breakBefore(rest, width, commas);
            lines.add(rest.substring(0, at).stripTrailing());
            rest = rest.substring(at).stripLeading();
        }
        if (!rest.isEmpty() || lines.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }

    private static int breakBefore(String text, int width, boolean commas) {
        for (int at = width; at > 0 && !text.substring(0, at).isBlank(); at--) {
            if (text.charAt(at) == ' ' || (commas && text.charAt(at - 1) == ',')) {
                return at;
            }
        }
        return width;
    }
}
