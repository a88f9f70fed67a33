package io.dogsled.telemetry;

/** Takes the events of a batch, in the order of the batch, on the thread that reads it. */
public interface PlatformListener {
    /** One event. */
    void onPlatformEvent(PlatformEvent event);
}
