package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WrappedTextTest {
    @Test
    void linesBreakBetweenWords() {
        assertThat(WrappedText.atSpaces("going on without it", 10)).containsExactly("going on", "without it");
        assertThat(WrappedText.atSpaces("    at com.example.Handler", 10))
                .as("a margin is not a word")
                .containsExactly("    at", "com.exampl", "e.Handler");
    }

    @Test
    void tagsBreakBehindTheirCommas() {
        assertThat(WrappedText.atCommas("country:de,payment:card", 19)).containsExactly("country:de,", "payment:card");
    }

    @Test
    void whatFitsStaysWhole() {
        assertThat(WrappedText.atSpaces("a b", 3)).containsExactly("a b");
        assertThat(WrappedText.atSpaces("", 3)).containsExactly("");
        assertThat(WrappedText.atSpaces("abcdef", 3)).containsExactly("abc", "def");
    }
}
