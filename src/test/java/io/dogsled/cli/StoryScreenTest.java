package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a person sees fits a terminal and has no control characters where nobody wants them. */
class StoryScreenTest {
    private final StringWriter text = new StringWriter();

    @Test
    void nothingIsWiderThanAHundredAndTenColumns() {
        StoryScreen screen = new StoryScreen(new PrintWriter(text), new Palette(false));
        String endless = "0123456789".repeat(30);
        EmittedSample.Key key = new EmittedSample.Key(endless, "distribution", List.of(endless));
        screen.title("title");
        screen.text(endless);
        screen.line("dogsled", endless);
        screen.table(List.of(new Comparison.Row(key, endless, endless, false)));
        screen.verdict(new Verdict(0, "word ".repeat(30) + "last-word"));
        screen.ledger(new Ledger(1, 2, 3, 4, 5, Map.of("reason", 6L), Map.of(endless, 7L), 8));

        assertThat(text.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
        assertThat(text.toString()).contains("last-word").doesNotContain("\u001b");
    }

    @Test
    void aLogLineIsWrappedAndNotCut() {
        StoryScreen screen = new StoryScreen(new PrintWriter(text), new Palette(false));
        screen.line("x", "a".repeat(100) + "END");

        assertThat(text.toString()).contains("END");
    }

    @Test
    void noTagIsCutOff() {
        StoryScreen screen = new StoryScreen(new PrintWriter(text), new Palette(false));
        List<String> tags = List.of("country:de", "payment:invoice", "warehouse:far-north");
        EmittedSample.Key key = new EmittedSample.Key("shop.orders.placed.today", "distribution", tags);
        String values = "12x, sum 12345.678, 0.125..12345.678";
        screen.table(List.of(new Comparison.Row(key, values, values, true)));

        assertThat(text.toString()).contains(tags).containsOnlyOnce("yes");
        assertThat(text.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
    }

    @Test
    void coloursAreForTerminals() {
        new StoryScreen(new PrintWriter(text), new Palette(true)).good("well");

        assertThat(text.toString()).contains("\u001b[32mwell\u001b[0m");
    }
}
