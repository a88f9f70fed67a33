package io.dogsled.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import org.junit.jupiter.api.Test;

/** The platform announces the end of an invocation: production. */
class LambdaLoopTest {
    private final Launcher launcher = new Launcher();

    @Test
    void anInvocationIsHeldUntilItsEndIsAnnouncedAndFlushed() {
        launcher.registers(200);
        launcher.invokes("r1", 3_000);
        assertThat(launcher.took()).containsExactly("registered 200 f", "invoke r1", "flush START 250 ms", "wake 2900");
        assertThat(launcher.loop.state()).isEqualTo(LifeCycle.INVOKING);

        launcher.clock.advanceMs(40);
        launcher.runtimeDone("r1");

        assertThat(launcher.took()).containsExactly("flush END 250 ms", "done r1");
        assertThat(launcher.loop.state()).isEqualTo(LifeCycle.IDLE);
    }

    @Test
    void theBudgetStartsWhenTheLauncherHasTheBatch() {
        launcher.registers(200);
        launcher.invokes("r1", 3_000);
        launcher.took();
        String receivedAt = launcher.now();
        launcher.clock.advanceMs(100);

        launcher.says(Frame.TELEMETRY, receivedAt + "r1");

        assertThat(launcher.took()).containsExactly("flush END 150 ms", "done r1");
    }

    @Test
    void theFunctionsDeadlineBeatsTheBudget() {
        launcher.registers(200);
        launcher.invokes("r1", 500);
        launcher.clock.advanceMs(300);
        launcher.took();

        launcher.runtimeDone("r1");

        assertThat(launcher.took())
                .as("200 ms left, a tenth stays free")
                .containsExactly("flush END 180 ms", "done r1");
    }

    @Test
    void aDeadlineInThePastLeavesNoTimeToFlush() {
        launcher.registers(200);
        launcher.invokes("r1", -5);
        launcher.took();

        launcher.ticks();

        assertThat(launcher.took()).containsSubsequence("flush NOW 0 ms", "done r1");
    }

    @Test
    void announcementsForOtherRequestsAndRepeatedOnesChangeNothing() {
        launcher.registers(200);
        launcher.invokes("r1", 3_000);
        launcher.took();

        launcher.runtimeDone("r0");
        assertThat(launcher.took()).isEmpty();
        launcher.runtimeDone("r1");
        assertThat(launcher.took()).containsExactly("flush END 250 ms", "done r1");
        launcher.runtimeDone("r1");
        assertThat(launcher.took()).isEmpty();
    }

    @Test
    void anAnnouncementThatOvertakesItsInvokeIsTheEndOfIt() {
        launcher.registers(200);
        launcher.runtimeDone("r1");
        assertThat(launcher.took()).containsExactly("registered 200 f");

        launcher.invokes("r1", 3_000);
        assertThat(launcher.took()).containsExactly("invoke r1", "flush START 250 ms", "flush END 250 ms", "done r1");
        assertThat(launcher.loop.state()).isEqualTo(LifeCycle.IDLE);

        launcher.invokes("r2", 3_000);
        assertThat(launcher.took()).doesNotContain("done r2");
    }

    @Test
    void aSilentPlatformIsWaitedForUntilShortOfTheDeadlineAndThenNeverAgain() {
        launcher.registers(200);
        launcher.invokes("r1", 3_000);
        launcher.took();

        launcher.clock.advanceMs(2_900);
        launcher.ticks();
        assertThat(launcher.took()).containsExactly("flush NOW 25 ms", "done r1");

        launcher.invokes("r2", 3_000);
        assertThat(launcher.took())
                .as("from now on as without telemetry")
                .containsExactly("invoke r2", "done r2", "flush QUIET 250 ms");
        launcher.runtimeDone("r2");
        assertThat(launcher.took()).isEmpty();
    }

    @Test
    void aNextInvocationBeforeTheAnnouncementCountsAsSilence() {
        launcher.registers(200);
        launcher.invokes("r1", 3_000);
        launcher.took();

        launcher.invokes("r2", 3_000);

        assertThat(launcher.took()).containsExactly("invoke r2", "done r2", "flush QUIET 250 ms");
    }

    @Test
    void anInvocationWithoutADeadlineProvesNothing() {
        launcher.registers(200);
        launcher.says(
                Frame.EVENT, launcher.now() + "{\"eventType\":\"INVOKE\",\"requestId\":\"r1\",\"deadlineMs\":\"x\"}");
        launcher.took();

        launcher.invokes("r2", 3_000);
        launcher.runtimeDone("r2");

        assertThat(launcher.took())
                .containsExactly("invoke r2", "flush START 250 ms", "wake 2900", "flush END 250 ms", "done r2");
    }

    @Test
    void silenceAboutAnInvocationThatBeganUnderAnotherEngineIsForgiven() {
        launcher.clock.advanceMs(-1);
        String beforeTheStart = launcher.now();
        launcher.clock.advanceMs(1);
        launcher.says(Frame.RESTARTED, "\0\0\0\0\0\0\0\0killed");
        launcher.registers(200);
        launcher.says(
                Frame.EVENT,
                beforeTheStart + "{\"eventType\":\"INVOKE\",\"requestId\":\"r1\",\"deadlineMs\":9999999999999}");
        launcher.took();

        launcher.invokes("r2", 3_000);
        launcher.runtimeDone("r2");

        assertThat(launcher.took())
                .containsExactly("invoke r2", "flush START 250 ms", "wake 2900", "flush END 250 ms", "done r2");
    }

    @Test
    void theLastFlushHasWhatIsLeftOfTheDeadlineButAMargin() {
        launcher.registers(200);
        launcher.took();

        launcher.shutsDown(2_000);

        assertThat(launcher.took()).containsExactly("flush LAST 1900 ms");
        assertThat(launcher.loop.end()).isEqualTo(LambdaLoop.End.SHUTDOWN);
    }

    @Test
    void aShortDeadlineAtTheEndKeepsATenthFree() {
        launcher.registers(200);
        launcher.took();

        launcher.shutsDown(300);

        assertThat(launcher.took()).containsExactly("flush LAST 270 ms");
    }

    @Test
    void aWrongClockNeitherEndsTheLastFlushNorLetsItRunIntoTheKill() {
        launcher.registers(200);
        launcher.took();
        launcher.shutsDown(-7_200_000);
        assertThat(launcher.took()).containsExactly("flush LAST 900 ms");

        Launcher behind = new Launcher();
        behind.shutsDown(7_200_000);
        assertThat(behind.took()).containsExactly("flush LAST 1900 ms");
    }

    @Test
    void anEndWithoutADeadlineIsTakenForTwoSeconds() {
        launcher.event("{\"eventType\":\"SHUTDOWN\"}");

        assertThat(launcher.took()).containsExactly("flush LAST 1900 ms");
        assertThat(launcher.loop.end()).isEqualTo(LambdaLoop.End.SHUTDOWN);
    }

    @Test
    void anExceptionInAFlushIsCountedAndTheFunctionDoesNotWait() {
        launcher.registers(200);
        launcher.invokes("r1", 3_000);
        launcher.duringFlush = () -> {
            throw new IllegalStateException("broken on purpose");
        };
        launcher.took();

        launcher.runtimeDone("r1");
        assertThat(launcher.took()).containsExactly("flush END 250 ms", "done r1");
        assertThat(launcher.counters.value(Counter.INTERNAL_ERRORS)).isEqualTo(1);

        launcher.duringFlush = () -> {};
        launcher.invokes("r2", 3_000);
        launcher.runtimeDone("r2");
        assertThat(launcher.took()).endsWith("flush END 250 ms", "done r2");
    }

    @Test
    void anExceptionInTheLastFlushEndsTheLoopAllTheSame() {
        launcher.registers(200);
        launcher.duringFlush = () -> {
            throw new IllegalStateException("broken on purpose");
        };

        launcher.shutsDown(2_000);

        assertThat(launcher.loop.end()).isEqualTo(LambdaLoop.End.SHUTDOWN);
        assertThat(launcher.counters.value(Counter.INTERNAL_ERRORS)).isEqualTo(1);
    }

    @Test
    void aLauncherThatIsGoneEndsTheLoopAfterOneBoundedFlush() {
        launcher.registers(200);
        launcher.took();

        launcher.leaves();

        assertThat(launcher.took()).containsExactly("flush LAST 1000 ms");
        assertThat(launcher.loop.end()).isEqualTo(LambdaLoop.End.LAUNCHER_GONE);
    }

    @Test
    void nonsenseInThePipeEndsThisEngine() {
        launcher.saysBytes(new byte[] {0, 0, 0, 0, 2});

        assertThat(launcher.loop.end()).isEqualTo(LambdaLoop.End.FAILED);
    }

    @Test
    void unknownFramesAndEventsArePassedOver() {
        launcher.registers(200);
        launcher.took();

        launcher.says(99, "whatever");
        launcher.event("{\"eventType\":\"RESTORE\"}");
        launcher.event("{\"eventType\":");
        launcher.event("");

        assertThat(launcher.took()).isEmpty();
        assertThat(launcher.counters.value(Counter.FRAMES_UNKNOWN)).isEqualTo(1);
        launcher.invokes("r1", 3_000);
        assertThat(launcher.took()).startsWith("invoke r1");
    }

    @Test
    void aRestartIsHandedOn() {
        launcher.says(Frame.RESTARTED, "\u0007\0\0\0\0\0\0\0killed by signal 9");

        assertThat(launcher.took()).containsExactly("restarted 7 killed by signal 9");
    }

    @Test
    void anInvocationBeforeTheRegistrationIsNotWaitedFor() {
        launcher.invokes("r1", 3_000);

        assertThat(launcher.took()).containsExactly("invoke r1", "done r1", "flush QUIET 250 ms");
    }

    @Test
    void aRequestedStopFlushesOnceAndFails() {
        launcher.registers(200);
        launcher.took();

        launcher.loop.submitStop();
        launcher.ticks();

        assertThat(launcher.took()).containsExactly("wake 1", "flush LAST 1000 ms");
        assertThat(launcher.loop.end()).isEqualTo(LambdaLoop.End.FAILED);
    }

    @Test
    void aRequestThatNobodyServesGivesUpAtItsDeadline() throws InterruptedException {
        assertThat(launcher.loop.submitFlush(Deadline.after(launcher.clock.nowNs(), 0)))
                .isFalse();

        launcher.registers(200);
        launcher.took();
        launcher.ticks();
        assertThat(launcher.took()).as("and is not served later").isEmpty();
    }

    @Test
    void aRequestIsServedByTheMainThread() throws InterruptedException {
        launcher.registers(200);
        Thread main = new Thread(() -> {
            while (launcher.loop.state() != LifeCycle.SHUTTING_DOWN && !Thread.interrupted()) {
                launcher.ticks();
            }
        });
        main.start();

        boolean served = launcher.loop.submitFlush(Deadline.after(launcher.clock.nowNs(), 5_000));

        main.interrupt();
        main.join();
        assertThat(served).isTrue();
        assertThat(launcher.took()).contains("flush NOW 5000 ms");
    }
}
