package io.dogsled.flush;

/** Whether to flush now, and why: the reason goes into one debug line. */
public record FlushDecision(boolean flush, String reason) {

    static FlushDecision yes(String reason) {
        return new FlushDecision(true, reason);
    }

    static FlushDecision no(String reason) {
        return new FlushDecision(false, reason);
    }
}
