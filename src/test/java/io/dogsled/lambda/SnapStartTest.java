package io.dogsled.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** SnapStart: the first event comes to a copy of the process that was initialised. */
class SnapStartTest {
    private final Launcher launcher = Launcher.withSnapStart();

    @Test
    void theSnapshotIsForgottenBeforeTheFirstInvocationAndOnlyThen() {
        launcher.registers(200);
        assertThat(launcher.diary).doesNotContain("restored");

        launcher.invokes("a", 3_000);
        int first = launcher.diary.indexOf("restored");
        launcher.runtimeDone("a");
        launcher.invokes("b", 3_000);

        assertThat(first).isNotNegative();
        assertThat(launcher.diary.subList(0, first)).noneMatch(entry -> entry.startsWith("flush"));
        assertThat(launcher.diary).containsOnlyOnce("restored");
    }

    @Test
    void aShutdownAsTheFirstEventForgetsItToo() {
        launcher.registers(200);
        launcher.shutsDown(2_000);

        assertThat(launcher.diary).containsOnlyOnce("restored");
        assertThat(launcher.diary.getLast()).contains("LAST");
    }

    @Test
    void anEngineThatWasStartedAfterTheRestoreIsNoCopy() {
        launcher.says(Frame.RESTARTED, "\0\0\0\0\0\0\0\0gone");
        launcher.registers(200);
        launcher.invokes("a", 3_000);

        assertThat(launcher.diary).doesNotContain("restored");
    }

    @Test
    void elsewhereNothingIsForgotten() {
        Launcher onDemand = new Launcher();
        onDemand.registers(200);
        onDemand.invokes("a", 3_000);

        assertThat(onDemand.diary).doesNotContain("restored");
    }
}
