package io.dogsled.dogstatsd;

/** Hears of every line that was not accepted, after it was counted. */
interface RejectionListener {
    /** {@code buffer[from, to)} is the line without its end; it is valid during the call only. */
    void onRejection(Rejection rejection, byte[] buffer, int from, int to);
}
