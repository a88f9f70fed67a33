package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.sketch.Sketch;

/**
 * The values of a distribution since the last flush. Its sketch is handed over whole and once: the intake adds sketches up
 * (Agent: pkg/aggregator/time_sampler.go). Where there is no room for more bins, it goes on with few.
 */
final class SketchPart {
    private static final Sketch NONE = new Sketch();

    /** A sketch without its bins and its buffer. */
    private static final int SKETCH = 104;

    private final Room room;
    private Sketch sketch = NONE;
    private int bytes;
    private boolean approximate;

    SketchPart(Room room) {
        this.room = room;
    }

    /** False if the sum would not be finite or the count not countable. */
    boolean add(double value, double sampleRate) {
        if (sketch == NONE) {
            sketch = new Sketch();
        }
        boolean added = sketch.insert(value, sampleRate);
        if (SKETCH + sketch.bytes() != bytes) {
            resize();
        }
        return added;
    }

    boolean isEmpty() {
        return sketch == NONE;
    }

    /** Heap it has taken. */
    int bytes() {
        return bytes;
    }

    /** Hands it over and begins anew; {@code samples}: what of the ledger goes with it. */
    void flushTo(Batch batch, Context context, long startS, long samples) {
        batch.sketch(context, startS, samples, sketch);
        if (approximate) {
            batch.noteApproximated(samples);
        }
        room.give(bytes);
        bytes = 0;
        approximate = false;
        sketch = NONE;
    }

    private void resize() {
        int more = SKETCH + sketch.bytes() - bytes;
        if (more > 0 && !room.take(more)) {
            sketch.shrink();
            approximate = true;
            room.force(SKETCH + sketch.bytes() - bytes);
        } else if (more < 0) {
            room.give(-more);
        }
        bytes = SKETCH + sketch.bytes();
    }
}
