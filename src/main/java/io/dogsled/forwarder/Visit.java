package io.dogsled.forwarder;

/** How far a round is with one kind. The round's lock, or its carving lock, guards what changes; counters may be read by any lane. */
final class Visit {
    /** So many single values in a row may be too large before the intake is thought to take none. */
    private static final int HOPELESS = 8;

    private final Shelf<?> shelf;
    private volatile boolean taken;
    private volatile boolean stopped;
    private volatile int maxItems = Integer.MAX_VALUE;
    private int tooLarge; // guarded by this

    Visit(Shelf<?> shelf) {
        this.shelf = shelf;
    }

    Shelf<?> shelf() {
        return shelf;
    }

    synchronized void reset() {
        taken = false;
        stopped = false;
        maxItems = Integer.MAX_VALUE;
        tooLarge = 0;
    }

    /** Takes all that waits in hand. */
    void take(boolean newestFirst) {
        taken = true;
        shelf.take(newestFirst);
    }

    boolean isTaken() {
        return taken;
    }

    /** What is left of this kind waits for the next round. */
    void stop() {
        stopped = true;
    }

    /** How many values a payload of this kind may have. */
    int maxItems() {
        return maxItems;
    }

    synchronized void atMost(int items) {
        maxItems = Math.min(maxItems, items);
    }

    /** A single value was too large; whether that was the last one to be tried. */
    synchronized boolean isHopeless() {
        tooLarge++;
        return tooLarge >= HOPELESS;
    }

    /** Something was taken. */
    synchronized void hope() {
        tooLarge = 0;
    }

    /** Whether there is something in hand, or something to take. */
    boolean canGo() {
        return !stopped && (shelf.inHand() > 0 || (!taken && shelf.canTake()));
    }
}
