package io.dogsled.aggregator;

import io.dogsled.metrics.SketchView;
import io.dogsled.sketch.Sketch;

/** A finished sketch as the model shows it. Immutable once the sketch is finished. */
final class SketchBins implements SketchView {
    private final Sketch sketch;

    SketchBins(Sketch sketch) {
        this.sketch = sketch;
    }

    @Override
    public long count() {
        return sketch.count();
    }

    @Override
    public double min() {
        return sketch.min();
    }

    @Override
    public double max() {
        return sketch.max();
    }

    @Override
    public double sum() {
        return sketch.sum();
    }

    @Override
    public double average() {
        return sketch.average();
    }

    @Override
    public int bins() {
        return sketch.bins();
    }

    @Override
    public int key(int index) {
        return sketch.key(index);
    }

    @Override
    public int binCount(int index) {
        return sketch.binCount(index);
    }

    @Override
    public SketchView mergedWith(SketchView other) {
        Sketch sum = sketch.copy();
        sum.merge(((SketchBins) other).sketch);
        sum.finish();
        return new SketchBins(sum);
    }
}
