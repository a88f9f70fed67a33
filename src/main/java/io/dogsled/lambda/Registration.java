package io.dogsled.lambda;

/**
 * What the launcher knows when the engine starts: its own doings, and the answer to the registration. Texts may be empty.
 *
 * @param udpPort 0 = the launcher bound nothing
 * @param bindError why not; {@code ""} = switched off
 * @param unixError why there is no Unix datagram socket; {@code ""} = there is one, or none is wanted
 * @param telemetryStatus the answer to the subscription, 200 if the platform will tell when an invocation ends; 0 = none
 * @param invokeEvents false = there will be no INVOKE, as on Managed Instances
 */
public record Registration(
        int udpPort,
        String bindError,
        String unixError,
        long receiveBufferBytes,
        int telemetryStatus,
        String functionName,
        String functionVersion,
        String handler,
        String accountId,
        boolean invokeEvents) {
    static final Registration UNKNOWN = new Registration(0, "", "", 0, 0, "", "", "", "", true);

    /** Whether the end of an invocation will be announced. */
    public boolean announcesEnds() {
        return telemetryStatus == 200;
    }
}
