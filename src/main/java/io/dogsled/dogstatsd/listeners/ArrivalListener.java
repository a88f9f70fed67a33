package io.dogsled.dogstatsd.listeners;

/** Is told that a datagram has been handled; the listener's thread, so it must cost next to nothing. */
public interface ArrivalListener {
    /** Does not want to know. */
    ArrivalListener NOBODY = new Nobody();

    /** One datagram has been handled. */
    void onArrival();

    /** The default of {@link #NOBODY}. */
    final class Nobody implements ArrivalListener {
        private Nobody() {}

        @Override
        public void onArrival() {}
    }
}
