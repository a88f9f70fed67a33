package io.dogsled.testserver;

import java.time.Instant;

/**
 * One request on the {@link Timeline}. Durations are in milliseconds since its first byte arrived; −1 = that has not happened.
 *
 * @param number from 1 since the start or the last reset, in the order in which heads had been read
 * @param connection from 1 since the start
 * @param path without the query
 * @param step the scenarios that had a say in it, joined by " + ", or ""
 * @param arrivedAt when its first byte was there, by the wall clock
 * @param atMs the same on the timeline: since the server's start or last reset
 * @param headMs when its head had been read
 * @param bodyMs when its body had been read; any latency lies between
 * @param answeredMs when the last byte of the answer had been written
 * @param status 0 = none was decided
 * @param bytes of the body as received
 * @param items points, sketch points, events and checks in it; 0 if it is no payload of an intake
 * @param oldestS the oldest time one of them bears, in epoch seconds; 0 = none
 * @param newestS the newest
 */
public record TimedRequest(
        int number,
        int connection,
        String method,
        String path,
        String step,
        Instant arrivedAt,
        double atMs,
        double headMs,
        double bodyMs,
        double answeredMs,
        Outcome outcome,
        int status,
        int bytes,
        int items,
        long oldestS,
        long newestS) {

    /** What became of a request, as it is counted. */
    public enum Outcome {
        /** Nothing yet. */
        OPEN,
        /** 2xx: taken. It may still lack its answer, if a scenario cut that. */
        ACCEPTED,
        /** 408 or 5xx. */
        RETRIED,
        /** Any other status, 429 too. */
        FAILED,
        /** No answer: cut by a scenario, its body did not come, or it asked for a code that does not exist. */
        ABORTED
    }

    /**
     * How old the oldest thing in it was on arrival, in seconds; −1 = it has nothing with a time. A point stands for the ten
     * seconds that begin at its time, so up to ten of these seconds are the bucket's own.
     */
    public double ageS() {
        return oldestS == 0 ? -1 : arrivedAt.toEpochMilli() / 1e3 - oldestS;
    }
}
