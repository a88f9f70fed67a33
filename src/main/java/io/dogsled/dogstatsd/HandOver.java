package io.dogsled.dogstatsd;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.dogstatsd.listeners.ArrivalListener;
import io.dogsled.dogstatsd.listeners.DatagramHandler;
import org.jspecify.annotations.Nullable;

/**
 * From a listener to the workers: counts the datagram and, where a last line must have an end, cuts off one that has none. The
 * workers join datagrams, which ends every line, so afterwards nobody could tell. Owned by the thread of the listener.
 */
final class HandOver implements DatagramHandler {
    private final DatagramHandler workers;
    private final boolean eolRequired;
    private final @Nullable ArrivalListener arrivals;
    private final Counters counters;
    private final RejectionListener rejections;

    HandOver(
            DatagramHandler workers, boolean eolRequired, @Nullable ArrivalListener arrivals, Instruments instruments) {
        this.workers = workers;
        this.eolRequired = eolRequired;
        this.arrivals = arrivals;
        this.counters = instruments.counters();
        this.rejections = new RejectionLog(instruments.log());
    }

    @Override
    public void onDatagram(byte[] buffer, int length) {
        int end = eolRequired ? endOfLastLine(buffer, length) : length;
        if (end < length) {
            counters.increment(Rejection.UNTERMINATED.counter());
            rejections.onRejection(Rejection.UNTERMINATED, buffer, end, length);
        }
        if (end > 0) {
            workers.onDatagram(buffer, end);
        }
        counters.increment(Counter.DATAGRAMS);
        counters.add(Counter.BYTES, length);
        if (arrivals != null) {
            arrivals.onArrival();
        }
    }

    private static int endOfLastLine(byte[] buffer, int length) {
        int end = length;
        while (end > 0 && buffer[end - 1] != '\n') {
            end--;
        }
        return end;
    }
}
