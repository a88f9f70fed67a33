package io.dogsled.forwarder;

import io.dogsled.metrics.Point;
import java.util.Comparator;

/** Orders points by the time of their bucket. */
final class ByBucket implements Comparator<Point> {
    private final boolean newestFirst;

    ByBucket(boolean newestFirst) {
        this.newestFirst = newestFirst;
    }

    @Override
    public int compare(Point left, Point right) {
        int order = Long.compare(left.timestampS(), right.timestampS());
        return newestFirst ? -order : order;
    }
}
