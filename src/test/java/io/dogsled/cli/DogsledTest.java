package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class DogsledTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpNamesTheSubcommandsAndTheExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("completion", "Exit codes:", "2   wrong use");
    }

    @Test
    void withoutASubcommandTheHelpIsShown() {
        assertThat(run()).isZero();
        assertThat(out.toString()).contains("Usage: dogsled");
    }

    @Test
    void versionIsOneLineThatNamesTheCommand() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString().strip()).startsWith("dogsled ").hasLineCount(1);
    }

    @Test
    void anUnknownSubcommandIsOneSentenceAndAHintWithExitCode2() {
        assertThat(run("testservr")).isEqualTo(2);
        assertThat(err.toString().strip()).hasLineCount(2).contains("testservr", "Try 'dogsled --help'");
    }

    @Test
    void completionIsAScriptForTheDogsledCommand() {
        assertThat(run("completion")).isZero();
        assertThat(out.toString()).contains("complete -F _complete_dogsled");
    }

    private int run(String... args) {
        CommandLine line = Dogsled.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }
}
