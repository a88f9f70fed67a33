package io.dogsled.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The comparison as text: columns as wide as what is in them; when that is more than there is room for, the widest give way
 * and their cells go on in the next line, so that nothing is cut off.
 */
final class StoryTable {
    private static final String MARGIN = "  ";
    private static final String GAP = " ";
    private static final int VERDICT = 3;
    private static final List<String> HEADER = List.of("name", "type", "tags", "emitted", "arrived");

    private final List<Comparison.Row> rows;
    private final int[] widths;

    StoryTable(List<Comparison.Row> rows, int width) {
        this.rows = rows;
        this.widths = widths(rows, width - MARGIN.length() - HEADER.size() * GAP.length() - VERDICT);
    }

    String header() {
        return line(HEADER) + "=";
    }

    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (Comparison.Row row : rows) {
            List<List<String>> wrapped = new ArrayList<>();
            for (String cell : cells(row)) {
                wrapped.add(WrappedText.atCommas(cell, widths[wrapped.size()]));
            }
            int height = wrapped.stream().mapToInt(List::size).max().orElse(1);
            for (int i = 0; i < height; i++) {
                int at = i;
                List<String> cells = wrapped.stream()
                        .map(cell -> at < cell.size() ? cell.get(at) : "")
                        .toList();
                lines.add(new Line(line(cells), i == 0, row.equal()));
            }
        }
        return lines;
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder(MARGIN);
        for (int i = 0; i < widths.length; i++) {
            line.append(cells.get(i))
                    .repeat(' ', widths[i] - cells.get(i).length())
                    .append(GAP);
        }
        return line.toString();
    }

    private static List<String> cells(Comparison.Row row) {
        return List.of(
                row.key().name(), row.key().type(), String.join(",", row.key().tags()), row.emitted(), row.arrived());
    }

    private static int[] widths(List<Comparison.Row> rows, int room) {
        int[] widths = HEADER.stream().mapToInt(String::length).toArray();
        int[] words = widths.clone();
        for (Comparison.Row row : rows) {
            List<String> cells = cells(row);
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Math.min(room, cells.get(i).length()));
                words[i] = Math.max(words[i], Math.min(room, longestWord(cells.get(i))));
            }
        }
        while (Arrays.stream(widths).sum() > room) {
            widths[widest(widths, words)]--;
        }
        return widths;
    }

    /** The column to take from: the widest that need not break a word, or the widest of all if each would have to. */
    private static int widest(int[] widths, int[] words) {
        int widest = 0;
        for (int i = 1; i < widths.length; i++) {
            boolean spare = widths[i] > words[i];
            boolean sameKind = spare == (widths[widest] > words[widest]);
            widest = sameKind ? (widths[i] > widths[widest] ? i : widest) : (spare ? i : widest);
        }
        return widest;
    }

    private static int longestWord(String cell) {
        int longest = 0;
        int start = 0;
        for (int i = 1; i <= cell.length(); i++) {
            if (i == cell.length() || cell.charAt(i) == ' ' || cell.charAt(i - 1) == ',') {
                longest = Math.max(longest, i - start);
                start = i;
            }
        }
        return longest;
    }

    /**
     * A line of the table, without its verdict.
     *
     * @param first first line of its row, which is the one that the verdict stands in
     */
    record Line(String text, boolean first, boolean equal) {}
}
