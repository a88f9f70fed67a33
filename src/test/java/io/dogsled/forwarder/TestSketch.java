package io.dogsled.forwarder;

import io.dogsled.metrics.SketchView;

/** A sketch of equal values: all of them 1, in one bin. */
record TestSketch(long count) implements SketchView {
    private static final int KEY_OF_ONE = 1338;

    @Override
    public double min() {
        return 1;
    }

    @Override
    public double max() {
        return 1;
    }

    @Override
    public double sum() {
        return count;
    }

    @Override
    public double average() {
        return 1;
    }

    @Override
    public int bins() {
        return 1;
    }

    @Override
    public int key(int index) {
        return KEY_OF_ONE;
    }

    @Override
    public int binCount(int index) {
        return (int) count;
    }

    @Override
    public SketchView mergedWith(SketchView other) {
        return new TestSketch(count + other.count());
    }
}
