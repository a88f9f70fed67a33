package io.dogsled.dogstatsd;

import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.dogstatsd.listeners.DatagramHandler;
import io.dogsled.metrics.SampleSink;

/** A server's parser without its socket, for tests that follow a datagram through several rooms. */
public final class Parsers {
    private Parsers() {}

    /** What the listener of a server hands its datagrams to. */
    public static DatagramHandler parser(Config.Dogstatsd config, SampleSink sink, Instruments instruments) {
        return new DatagramParser(config, sink, instruments, new RejectionLog(instruments.log()));
    }
}
