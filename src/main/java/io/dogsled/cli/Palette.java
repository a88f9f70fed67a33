package io.dogsled.cli;

import java.io.Console;

/** Colours for a terminal, nothing for a pipe or where {@code NO_COLOR} is set (no-color.org). */
final class Palette {
    private final boolean colours;

    Palette(boolean colours) {
        this.colours = colours;
    }

    /** For this process's stdout. */
    static Palette ofThisTerminal() {
        String noColor = System.getenv("NO_COLOR");
        boolean wanted = noColor == null || noColor.isEmpty();
        return new Palette(wanted && onTerminal());
    }

    @SuppressWarnings("SystemConsoleNull") // null is what it gives with -Djdk.console=java.base and no terminal
    private static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    String title(String text) {
        return paint("1", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    String good(String text) {
        return paint("32", text);
    }

    String bad(String text) {
        return paint("31", text);
    }

    String warn(String text) {
        return paint("33", text);
    }

    private String paint(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
