package io.dogsled.cli;

import io.dogsled.emulator.Mark;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints the story, at most 110 columns wide. Thread-safe: marks and log lines come from many threads. */
final class StoryScreen {
    private static final int WIDTH = 110;

    private final PrintWriter out;
    private final Palette palette;
    private long zeroNs;

    StoryScreen(PrintWriter out, Palette palette) {
        this.out = out;
        this.palette = palette;
    }

    synchronized void title(String text) {
        out.println();
        out.println(palette.title(text));
        out.flush();
    }

    synchronized void text(String text) {
        out.println(clip("  " + text));
        out.flush();
    }

    synchronized void faint(String text) {
        out.println(palette.faint(clip("  " + text)));
        out.flush();
    }

    synchronized void good(String text) {
        out.println("  " + palette.good(clip(text)));
        out.flush();
    }

    synchronized void bad(String text) {
        out.println("  " + palette.bad(clip(text)));
        out.flush();
    }

    synchronized void warn(String text) {
        out.println("  " + palette.warn(clip(text)));
        out.flush();
    }

    /** Times of the marks that follow are counted from here. */
    synchronized void zero(long atNs) {
        zeroNs = atNs;
    }

    synchronized void moment(Mark mark, String text) {
        text(String.format(Locale.ROOT, "%9.1f ms  %s", (mark.atNs() - zeroNs) / 1e6, text));
    }

    /** A line of the function's log. */
    synchronized void line(String source, String text) {
        String margin = "              " + source + " | ";
        WrappedText.atSpaces(text, WIDTH - 2 - margin.length()).forEach(part -> faint(margin + part));
    }

    synchronized void table(List<Comparison.Row> rows) {
        StoryTable table = new StoryTable(rows, WIDTH);
        out.println(palette.faint(table.header()));
        for (StoryTable.Line line : table.lines()) {
            String verdict = line.equal() ? palette.good("yes") : palette.bad("NO");
            out.println(line.first() ? line.text() + verdict : line.text().stripTrailing());
        }
        out.flush();
    }

    synchronized void verdict(Verdict verdict) {
        for (String line : WrappedText.atSpaces(verdict.sentence(), WIDTH - 2)) {
            switch (verdict.exitCode()) {
                case 0 -> good(line);
                case 3 -> warn(line);
                default -> bad(line);
            }
        }
        faint(verdict.meaning());
    }

    synchronized void ledger(Ledger ledger) {
        text(String.format("%-22s %6d   samples that reached the extension", "received", ledger.received()));
        text(String.format("%-22s %6d   acknowledged by the intake", "delivered", ledger.delivered()));
        text(String.format("%-22s %6d   still waiting", "held", ledger.held()));
        reasons("lost", ledger.lost());
        if (ledger.possiblyDuplicated() > 0) {
            text(String.format(
                    "%-22s %6d   sent again, answer unknown", "possibly duplicated", ledger.possiblyDuplicated()));
        }
        reasons("rejected lines", ledger.rejected());
        text(String.format(
                "%-22s %6d   datagrams that found the socket full", "kernel dropped", ledger.kernelDropped()));
        String balance = ledger.received() + " = " + ledger.delivered() + " delivered + " + ledger.held() + " held + "
                + ledger.totalLost() + " lost";
        if (ledger.balances()) {
            good("balances: " + balance);
        } else {
            bad("does NOT balance: " + balance.replace(" = ", " is not "));
        }
    }

    private void reasons(String name, Map<String, Long> byReason) {
        if (byReason.isEmpty()) {
            text(String.format("%-22s %6d", name, 0));
        }
        byReason.forEach((reason, count) -> text(String.format("%-22s %6d   %s", name, count, reason)));
    }

    private static String clip(String text) {
        return cut(text, WIDTH);
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 2) + "..";
    }
}
