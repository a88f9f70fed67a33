package io.dogsled.metrics;

/**
 * Where parsed lines go. Called by the thread that parses: {@link #beginDatagram}, any number of accepts,
 * {@link #endDatagram}, so that a receiver takes its lock once per datagram and not once per line.
 */
public interface SampleSink {
    /** {@code nowMs}: wall clock at arrival; samples without a timestamp belong to its bucket. */
    void beginDatagram(long nowMs);

    /** Reads the sample before it returns; never throws for anything a client can send. */
    void accept(Sample sample);

    void accept(Event event);

    void accept(ServiceCheck check);

    /** Ends what {@link #beginDatagram} began. */
    void endDatagram();
}
