package io.dogsled.it.walk;

import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.Scenario.Cut;
import io.dogsled.testserver.TestServer;
import java.time.Duration;
import java.util.Random;

/** What an intake is like for a while. */
enum Weather {
    WELL,
    QUICK,
    SLOW,
    LATE,
    UNAVAILABLE,
    BROKEN,
    BUSY,
    TOO_LARGE,
    FORBIDDEN,
    REFUSED,
    RESET_AT_ONCE,
    RESET_BEFORE_ANSWER,
    ANSWER_LOST,
    RESET_AFTER_HEADERS,
    RESET_IN_BODY,
    BLACK_HOLE,
    NOBODY_THERE,
    IDLE_CLOSED;

    /** Any; a key that is refused is seldom, because it costs minutes. */
    static Weather any(Random random) {
        Weather[] all = values();
        Weather weather = all[random.nextInt(all.length)];
        return weather == FORBIDDEN && random.nextInt(3) > 0 ? UNAVAILABLE : weather;
    }

    /** Changes the intake's manners, whatever they were. */
    void over(TestServer intake) {
        intake.acceptConnections();
        intake.clearScenarios();
        switch (this) {
            case WELL -> {}
            case QUICK -> intake.play(latency(0, 40));
            case SLOW -> intake.play(latency(50, 400));
            case LATE -> intake.play(latency(300, 1_500));
            case UNAVAILABLE -> intake.play(Scenario.everywhere().status(503, 500, 202, 503));
            case BROKEN -> intake.play(Scenario.everywhere().status(500));
            case BUSY -> intake.play(Scenario.everywhere().status(429).retryAfter("1"));
            case TOO_LARGE -> intake.play(Scenario.everywhere().status(413, 202, 413, 202, 202));
            case FORBIDDEN -> intake.play(Scenario.everywhere().status(403).times(1));
            case REFUSED -> intake.play(Scenario.everywhere().status(400, 202));
            case RESET_AT_ONCE -> intake.play(cut(Cut.BEFORE_READING));
            case RESET_BEFORE_ANSWER -> intake.play(cut(Cut.BEFORE_ANSWER));
            case ANSWER_LOST -> intake.play(cut(Cut.LOSE_ANSWER).times(2));
            case RESET_AFTER_HEADERS -> intake.play(cut(Cut.AFTER_HEADERS).times(2));
            case RESET_IN_BODY -> intake.play(cut(Cut.MID_BODY).times(2));
            case BLACK_HOLE -> intake.play(cut(Cut.BLACK_HOLE));
            case NOBODY_THERE -> intake.refuseConnections();
            case IDLE_CLOSED -> intake.closeIdleConnections();
        }
    }

    private static Scenario latency(long fromMs, long toMs) {
        return Scenario.everywhere().latency(Duration.ofMillis(fromMs), Duration.ofMillis(toMs));
    }

    private static Scenario cut(Cut where) {
        return Scenario.everywhere().cut(where);
    }
}
