package io.dogsled;

import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.dogstatsd.DogStatsDServer;
import io.dogsled.lambda.Registration;

/** What is said of the sockets when the launcher has told what it could bind: one line for each that is missing. Main thread. */
final class StartLines {
    private final Config.Dogstatsd config;
    private final Log log;

    StartLines(Config.Dogstatsd config, Log log) {
        this.config = config;
        this.log = log;
    }

    /** {@code receiving}: some other socket works. Any one listener is enough, as in the Agent. */
    void say(Registration registration, boolean receiving) {
        boolean wanted = registration.udpPort() != 0;
        if (!registration.bindError().isEmpty()) {
            wanted = true;
            log.error(effect("UDP", receiving) + ": UDP port " + config.port() + ": " + registration.bindError() + "; "
                    + DogStatsDServer.PORT_REMEDY);
        }
        if (!registration.unixError().isEmpty()) {
            wanted = true;
            log.error(effect("the Unix datagram socket", receiving) + ": "
                    + config.transports().datagramSocket() + ": " + registration.unixError()
                    + "; set another path as DD_DOGSTATSD_SOCKET");
        }
        if (!wanted && !receiving) {
            log.warn("no metrics are received: DD_DOGSTATSD_PORT is 0, and no DD_DOGSTATSD_SOCKET is set");
        }
    }

    private static String effect(String way, boolean receiving) {
        return receiving ? "no metrics are received by " + way : "no metrics are received";
    }
}
