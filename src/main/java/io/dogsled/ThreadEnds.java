package io.dogsled;

import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import io.dogsled.lambda.LambdaLoop;

/**
 * A thread ended by an error that its own top did not catch. Without receiver or forwarder the engine is of no use: it
 * flushes once more and exits, and the launcher starts another. Without the local endpoint it goes on.
 */
final class ThreadEnds implements Thread.UncaughtExceptionHandler {
    private final LambdaLoop loop;
    private final Instruments instruments;

    ThreadEnds(LambdaLoop loop, Instruments instruments) {
        this.loop = loop;
        this.instruments = instruments;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        boolean goOn = thread.getName().equals("control");
        instruments.counters().increment(Counter.INTERNAL_ERRORS);
        instruments
                .log()
                .error("thread " + thread.getName() + " ended by " + failure + "; "
                        + (goOn ? "Dogsled goes on without it" : "flushing once more, then a new engine takes over"));
        if (!goOn) {
            loop.submitStop();
        }
    }
}
