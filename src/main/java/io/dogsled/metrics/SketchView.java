package io.dogsled.metrics;

/** What an encoder reads of a sketch (protocol.md §3.5, §4.3). Immutable. */
public interface SketchView {
    long count();

    double min();

    double max();

    double sum();

    double average();

    /** The number of bins. */
    int bins();

    /** The key of bin {@code index}; ascending, and equal keys may follow each other. */
    int key(int index);

    /** The count of bin {@code index}, 1 to 65535. */
    int binCount(int index);

    /** The sum of both, neither changed. */
    SketchView mergedWith(SketchView other);
}
