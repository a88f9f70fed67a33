package io.dogsled;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.control.ControlServer;
import io.dogsled.flush.Ledger;
import io.dogsled.lambda.LambdaLoop;

/** Connects the local endpoint to the loop, which flushes, and to the ledger. The thread {@code control}. */
final class LocalRequests implements ControlServer.Requests {
    private final LambdaLoop loop;
    private final Ledger ledger;
    private final Counters counters;

    LocalRequests(LambdaLoop loop, Ledger ledger, Counters counters) {
        this.loop = loop;
        this.ledger = ledger;
        this.counters = counters;
    }

    /** {@code delivered}: samples acknowledged meanwhile; {@code held}: those that wait for the next flush. */
    @Override
    public String flush(Deadline deadline) throws InterruptedException {
        long before = counters.value(Counter.DELIVERED);
        boolean flushed = loop.submitFlush(deadline);
        long delivered = counters.value(Counter.DELIVERED) - before;
        return "{\"flushed\":" + flushed + ",\"delivered\":" + delivered + ",\"held\":" + ledger.held() + "}";
    }

    @Override
    public String ledger() {
        return ledger.json();
    }
}
